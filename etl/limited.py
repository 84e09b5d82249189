"""Reading in a child process with limits: what a hostile file does to its reader, it does to nobody else.

The child limits itself before it looks at the file, and writes the rows as delimited text to standard output: first the
header, then each row, with two cells before it: the number of the row, and the place of a cell whose value the format
cannot hold exactly, mostly none. What it has to say against the file it says in one sentence, and ends with `OBJECTED`.
"""

import csv
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit.errors import BatchHeld

OBJECTED = 3
"""How the child ends when the file is not what it should be."""

NO_MEMORY = 4
"""How the child ends when its memory does not suffice."""

PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ")
"""What the child may know of the environment: no secret."""

SINGLE = {"MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
"""What keeps libraries from reserving memory for threads that the child does not have."""

PIECE = 1 << 20
"""Bytes that are read at a time."""

Row = tuple[int, int | None, list[str]]
"""The number of a row, the place of a cell that is not exact, and its cells."""


class Objection(Exception):
    """What the child has against a file, in words that follow the name of the file."""


@dataclass(frozen=True)
class Limits:
    """What one file may take: memory of the child (MB), its time (s), time by the clock (s), and what it writes (MB)."""

    memory_mb: int
    cpu_s: int
    wall_s: int
    output_mb: int


def limited(module: str, path: Path, name: str, options: Mapping[str, Any], limits: Limits) -> bytes:
    """Return what a module of this program writes about a file, in a child of its own. Raises: BatchHeld."""
    command = [sys.executable, "-P", "-m", module, str(path), json.dumps([limits.memory_mb, limits.cpu_s, dict(options)])]
    environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ} | SINGLE
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603 this program itself
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=environment
        )
        written, is_too_much, is_late = heard(child, limits)
        said.seek(0)
        sentence = said.read(PIECE).decode("utf-8", "replace").strip()
    if is_late or child.returncode == -signal.SIGXCPU:
        raise BatchHeld(f"{name}: reading it takes longer than {limits.cpu_s} s; deliver it in pieces, or as csv")
    if is_too_much:
        raise BatchHeld(
            f"{name}: it holds more than {limits.output_mb} MB of text; deliver it in pieces, or raise max_mb in site.toml"
        )
    if child.returncode == OBJECTED:
        raise BatchHeld(f"{name}: {sentence}")
    if child.returncode == NO_MEMORY or "memory allocation" in sentence:
        raise BatchHeld(f"{name}: reading it takes more than {limits.memory_mb} MB of memory; deliver it in pieces, or as csv")
    if child.returncode != 0:
        how = signal.Signals(-child.returncode).name if child.returncode < 0 else sentence.rpartition("\n")[2][:200]
        raise BatchHeld(f"{name}: its reader died of it ({how}); it is damaged, or made to harm: deliver it again, or as csv")
    return written


def heard(child: subprocess.Popen[bytes], limits: Limits) -> tuple[bytes, bool, bool]:
    """Return what a child writes, whether it was too much, and whether its time was over; the child is gone then."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(limits.wall_s, stop)
    timer.daemon = True
    timer.start()
    pieces, size = [], 0
    assert child.stdout is not None
    with child.stdout as output:
        while size <= limits.output_mb << 20 and (piece := output.read(PIECE)):
            pieces.append(piece)
            size += len(piece)
    if size > limits.output_mb << 20:
        child.kill()
    child.wait()
    timer.cancel()
    return b"".join(pieces), size > limits.output_mb << 20, late.is_set()


def be_limited(write: Callable[[Path, Mapping[str, Any]], Iterator[list[str] | Row]]) -> None:
    """Be the child: limit oneself, write header and rows of the file that the command names, and end."""
    path, said = Path(sys.argv[1]), sys.argv[2]
    memory_mb, cpu_s, options = json.loads(said)
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    output = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="", write_through=False)
    try:
        write_rows(csv.writer(output, lineterminator="\n"), write(path, options))
        output.flush()
    except Objection as objection:
        end(OBJECTED, str(objection))
    except MemoryError:
        end(NO_MEMORY, "")


def write_rows(writer: Any, rows: Iterable[list[str] | Row]) -> None:
    """Write the header and the rows."""
    for row in rows:
        if isinstance(row, tuple):
            number, doubted, cells = row
            writer.writerow([number, "" if doubted is None else doubted, *cells])
        else:
            writer.writerow(["", "", *row])


def end(code: int, sentence: str) -> None:
    """End at once, whatever else still wants to write."""
    sys.stderr.write(sentence)
    sys.stderr.flush()
    os._exit(code)
