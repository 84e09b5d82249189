"""`excel`: one sheet of .xlsx workbooks, read in a child process with limits."""

import hashlib
import io
from pathlib import Path

from cockpit.site import Site, SourceConfig
from cockpit.source_places import Sheet
from etl.batch import Extract
from etl.delimited import extract_of, split_numbered
from etl.limited import Limits, limited
from etl.sources.files import Folder

MEMORY_MB, CPU_S, WALL_S = 1_024, 60, 120
"""What the child may take."""


class Source(Folder):
    """The workbooks of one source."""

    def __init__(self, config: SourceConfig, site: Site) -> None:
        """Remember what to read."""
        super().__init__(config, site, read_text)


def read_text(path: Path, config: SourceConfig, name: str = "") -> Extract:
    """Read a sheet as text cells. Raises: BatchHeld, naming file and row, when it is not what was declared."""
    name = name or path.name
    with path.open("rb") as stored:
        content = hashlib.file_digest(stored, "sha256").hexdigest()
    sheet = config.sheet or Sheet()
    written = limited("etl.workbook", path, name, sheet.model_dump(), Limits(MEMORY_MB, CPU_S, WALL_S, config.max_mb))
    text = io.TextIOWrapper(io.BytesIO(written), "utf-8", newline="")
    return extract_of(config, name, content, split_numbered(name, text, config.header))
