"""Named places where a test can make the process fail, to prove that failing there loses nothing.

`COCKPIT_FAIL=merged:2:kill` kills the process the second time it passes the place `merged`; without the number it is the
first time, without the action a kill. Without that variable a place does nothing.

    kill     SIGKILL, as the kernel does it when memory is short
    raise    an error that nobody foresaw
    enospc   the error of a full disk
    hang     this thread stands still for ever
    partial  what the place has just written is cut to its half, and the process dies; only where a file is written
"""

import errno
import os
import signal
import threading
from pathlib import Path

PASSED: dict[str, int] = {}

STEPS = (
    "due",  # a source is about to be read
    "read",  # it has brought a batch, or a reason to hold one
    "guarded",  # the guards have looked at it
    "begun",  # the transaction is open
    "quarantined",
    "merged",
    "ticked",
    "derived",
    "booked",
    "moved",  # the cursor too: what follows is the commit
    "committed",
    "settled",  # the pass of one source is written down
    "passed",  # time has made a tick
)
"""The places that every pass of a schedule comes by, in order."""

OTHER_STEPS = (
    "held",  # a batch that waits for a person is in the books, and not committed yet
    "unread",  # the same of a file that could not be taken for rows
    "released",  # a held batch is loaded, and still said to wait
    "tried",  # a refused row is mapped again
    "judged",  # a model has written its rows, not committed yet
    "created",  # the tables are there, and not committed yet
    "forgotten",  # a compaction has taken ticks out
    "compacted",  # it has taken versions out
)
"""The places of what happens now and then."""

ACTIONS = ("kill", "raise", "enospc", "hang", "partial")


def failpoint(step: str, *, written: Path | None = None) -> None:
    """Fail here if the environment says so. `written` is the file that this step has just written, if it writes one.

    Raises: RuntimeError or OSError, as it was asked to; ValueError when this place cannot fail as it was asked to.
    """
    asked = os.environ.get("COCKPIT_FAIL")
    if not asked:
        return
    wanted, nth, action = (*asked.split(":"), "", "")[:3]
    if wanted != step:
        return
    PASSED[step] = PASSED.get(step, 0) + 1
    if PASSED[step] == int(nth or 1):
        fail(step, action or "kill", written)


def fail(step: str, action: str, written: Path | None) -> None:
    """Fail in one of the known ways."""
    if action not in ACTIONS:
        raise ValueError(f"COCKPIT_FAIL: {action!r} is no action; there are {', '.join(ACTIONS)}")
    if action == "partial" and written is None:
        raise ValueError(f"COCKPIT_FAIL: the step {step} writes no file, so nothing of it can be partial")
    if action == "raise":
        raise RuntimeError(f"failed at {step}, as COCKPIT_FAIL asks")
    if action == "enospc":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if action == "hang":
        threading.Event().wait()
    if written is not None and action == "partial":
        os.truncate(written, written.stat().st_size // 2)
    os.kill(os.getpid(), signal.SIGKILL)
