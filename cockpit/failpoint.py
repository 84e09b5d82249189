"""Named places where a test can make the process die, to prove that dying there loses nothing.

`COCKPIT_FAIL=merged:2` kills the process with SIGKILL the second time it passes the place `merged`.
Without that variable a place does nothing.
"""

import os
import signal

PASSED: dict[str, int] = {}
STEPS = ("read", "begun", "quarantined", "merged", "derived", "booked", "committed")


def failpoint(step: str) -> None:
    """Die here if the environment says so."""
    wanted, _, nth = os.environ.get("COCKPIT_FAIL", "").partition(":")
    if wanted != step:
        return
    PASSED[step] = PASSED.get(step, 0) + 1
    if PASSED[step] == int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
