"""`parquet`: flat Parquet files, read in a child process with limits."""

import hashlib
import io
from pathlib import Path

from cockpit.site import Site, SourceConfig
from etl.batch import Extract
from etl.delimited import extract_of, split_numbered
from etl.limited import Limits, limited
from etl.sources.files import Folder

MEMORY_MB, CPU_S, WALL_S = 2_048, 120, 240
"""What the child may take; its library alone reserves a third of a GB."""


class Source(Folder):
    """The Parquet files of one source."""

    def __init__(self, config: SourceConfig, site: Site) -> None:
        """Remember what to read."""
        super().__init__(config, site, read_text)


def read_text(path: Path, config: SourceConfig, name: str = "") -> Extract:
    """Read a file as text cells. Raises: BatchHeld, naming the file, when it is not what was declared."""
    name = name or path.name
    with path.open("rb") as stored:
        content = hashlib.file_digest(stored, "sha256").hexdigest()
    limits = Limits(MEMORY_MB, CPU_S, WALL_S, config.max_mb)
    written = limited("etl.parquet_table", path, name, {"max_mb": config.max_mb}, limits)
    text = io.TextIOWrapper(io.BytesIO(written), "utf-8", newline="")
    return extract_of(config, name, content, split_numbered(name, text, config.header))
