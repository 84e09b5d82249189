"""Wait until the demo on a port shows numbers, at most some seconds, and then until its tick moves."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.request import ProxyHandler, build_opener

MOVES_WITHIN_S = 120
"""Time itself makes a tick once a minute."""


def ask(port: str, path: str) -> dict[str, object]:
    """Return an answer of the demo, empty while it gives none."""
    with suppress(OSError), build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return dict(json.load(answer))
    return {}


def main(port: str, seconds: str) -> int:
    """Return 0 when numbers came in time, and moved."""
    began = time.monotonic()
    shown = wait(lambda: median(port), float(seconds))
    if shown is None:
        print(f"no numbers within {seconds} s")
        return 1
    print(f"numbers after {time.monotonic() - began:.0f} s: median response {shown:.1f} min")
    first = ask(port, "/readyz").get("tick")
    moved = wait(lambda: ask(port, "/readyz").get("tick") not in (None, first) or None, MOVES_WITHIN_S)
    print("its tick moves" if moved else f"its tick did not move within {MOVES_WITHIN_S} s")
    return 0 if moved else 1


def median(port: str) -> float | None:
    """Return the median response, when every source has told something."""
    if not ask(port, "/readyz"):
        return None
    found: Any = ask(port, "/api/v1/metrics?metric=e6_p50&window=d28").get("metrics")
    return found[0]["value"] if found else None


def wait(answer: Callable[[], Any], seconds: float) -> Any:
    """Ask once a second until there is an answer, None when there is none in time."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if (found := answer()) is not None:
            return found
        time.sleep(1)
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
