"""Wait until the demo on a port shows numbers, at most some seconds, and then until its tick moves."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.request import ProxyHandler, build_opener

SHOWN = (
    ("incidence in ‰", "incidence", "r12", 0),
    ("towns with a colour", "towns_told", "now", 60),
    ("median response in minutes", "e6_p50", "d28", 120),
)
"""What must be there on the first screen, and on the others, in so many seconds more."""

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
    for name, key, window, within_s in SHOWN:
        shown = wait(
            lambda key=key, window=window: value(port, key, window), began + float(seconds) + within_s - time.monotonic()
        )
        if shown is None:
            print(f"no {name} within {float(seconds) + within_s:.0f} s")
            return 1
        print(f"{name} after {time.monotonic() - began:.0f} s: {shown:.1f}")
    first = ask(port, "/readyz").get("tick")
    moved = wait(lambda: ask(port, "/readyz").get("tick") not in (None, first) or None, MOVES_WITHIN_S)
    print("its tick moves" if moved else f"its tick did not move within {MOVES_WITHIN_S} s")
    return 0 if moved else 1


def value(port: str, key: str, window: str) -> float | None:
    """Return a metric's value, when there is a screen of which every source has told something."""
    if not ask(port, "/readyz"):
        return None
    found: Any = ask(port, f"/api/v1/metrics?metric={key}&window={window}").get("metrics")
    return found[0]["value"] or None if found else None


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
