"""The child in which an uploaded file is looked at: what a file does to its reader, it does not do to the screens.

It is told what to do on standard input, for the URL of a store may hold a password, and tells the preview on standard output.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from pydantic import TypeAdapter

from cockpit.errors import BatchHeld, CockpitError
from cockpit.ledger.store import Ledger
from cockpit.site import Site, load_site
from cockpit.source_config import SourceConfig
from cockpit.upload import Preview
from etl.catalogue import tables
from etl.limited import NO_MEMORY, OBJECTED, PASSED_ON, SINGLE
from etl.preview import preview

MEMORY_MB, CPU_S, WALL_S = 2_048, 120, 240
"""What looking at one file may take."""

PREVIEW = TypeAdapter(Preview)


def preview_in_child(site: Site, ledger: Ledger, source: SourceConfig, path: Path, name: str) -> Preview:
    """Return what a file, called `name` by people, would do now. Raises: BatchHeld when it cannot be read."""
    asked = {
        "site": str(site.folder),
        "store": ledger.engine.url.render_as_string(hide_password=False),
        "source": source.key,
        "path": str(path),
        "name": name,
    }
    environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ} | SINGLE
    command = [sys.executable, "-P", "-m", "etl.preview_child"]
    try:
        child = subprocess.run(  # noqa: S603 this program itself
            command, input=json.dumps(asked).encode(), capture_output=True, timeout=WALL_S, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BatchHeld(f"{name}: reading it takes longer than {WALL_S} s; deliver it in pieces") from error
    if child.returncode == OBJECTED:
        raise BatchHeld(child.stdout.decode())
    if child.returncode == NO_MEMORY:
        raise BatchHeld(f"{name}: reading it takes more than {MEMORY_MB} MB of memory; deliver it in pieces")
    if child.returncode != 0:
        raise BatchHeld(f"{name}: its reader died of it; it is damaged, or too large: deliver it again, or in pieces")
    return PREVIEW.validate_json(child.stdout)


def be_child() -> None:
    """Be the child: limit oneself, look at the file that standard input names, tell what it would do, and end."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB << 20, MEMORY_MB << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = json.load(sys.stdin)
    try:
        site = load_site(asked["site"])
        ledger, source = Ledger(asked["store"], tables()), site.source(asked["source"])
        found = preview(site, ledger, source, Path(asked["path"]), name=asked["name"], now=time.time())
        end(0, PREVIEW.dump_json(found))
    except CockpitError as error:
        end(OBJECTED, str(error).encode())
    except MemoryError:
        end(NO_MEMORY, b"")


def end(code: int, said: bytes) -> None:
    """Say the last word and end at once, whatever else still wants to write."""
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()
    os._exit(code)


if __name__ == "__main__":
    be_child()
