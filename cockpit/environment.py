"""`.env` of a site folder: secrets for its sources, kept out of `site.toml` and of every backup.

One `NAME=value` a line; blank lines and those that begin with `#` say nothing, quotes around a value are not part of it.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from cockpit.errors import SiteError

ENVIRONMENT = ".env"
OTHERS = 0o007
"""What everybody on the machine may do; a group may be meant to read it."""

LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def load_environment(folder: Path) -> None:
    """Set the variables that a site's `.env` gives and the environment does not have yet. Raises: SiteError."""
    for name, value in environment(folder / ENVIRONMENT):
        os.environ.setdefault(name, value)


def environment(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the names and values of a file, none when there is no file.

    Raises: SiteError when everybody may read or change it, or a line is no assignment; a value is never told.
    """
    if not path.is_file():
        return
    if path.stat().st_mode & OTHERS:
        raise SiteError(f"{path} holds secrets and can be read by everybody on this machine: run chmod 600 {path}")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = LINE.fullmatch(line.strip())
        if found is None:
            raise SiteError(f"{path}, line {number}: write NAME=value")
        name, value = found[1], found[2].strip()
        yield name, value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
