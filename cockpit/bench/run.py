"""Running measures in a folder of their own, which is deleted afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cockpit.bench.figure import Figure, Measure, Place, Sizes, chosen, is_asked
from cockpit.errors import CockpitError

SPARE_BYTES = 2**30
"""What must stay free whatever is measured: others live on this disk too."""


def measured(only: str | None, work: Path | None, sizes: Sizes) -> Iterator[Figure]:
    """Measure, and yield each figure that is asked for. Raises: UnknownName, CockpitError when the disk is too full."""
    asked = chosen(only)
    folder = Path(tempfile.mkdtemp(prefix="cockpit-bench-", dir=work))
    try:
        check_space(folder, asked, sizes)
        for number, measure in enumerate(asked):
            own = folder / str(number)
            own.mkdir()
            yield from (figure for figure in measure.run(Place(own, sizes)) if is_asked(figure.name, only))
            shutil.rmtree(own)
    finally:
        shutil.rmtree(folder)


def check_space(folder: Path, asked: tuple[Measure, ...], sizes: Sizes) -> None:
    """Raise CockpitError when a disk has no room for what is written to it."""
    needed = max(measure.disk_bytes(sizes) for measure in asked) + SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CockpitError(
            f"{folder.parent} has {free / 1e9:.1f} GB free and the bench needs {needed / 1e9:.1f}; "
            "name a folder on another disk with --work, or measure less with --only"
        )
