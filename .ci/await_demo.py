"""Wait until the demo on a port shows numbers and its tick moves; fail after some seconds."""

import json
import sys
import time
from contextlib import suppress
from urllib.request import ProxyHandler, build_opener


def ask(port: str, path: str) -> dict[str, object]:
    """Return an answer of the demo, empty while it gives none."""
    with suppress(OSError), build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return dict(json.load(answer))
    return {}


def main(port: str, seconds: str) -> int:
    """Return 0 when numbers came and moved in time."""
    began = time.monotonic()
    first: object = None
    while time.monotonic() - began < float(seconds):
        ready = ask(port, "/readyz")
        first = first or ready.get("tick")
        found = ask(port, "/api/v1/metrics?metric=e6_p50&window=d28").get("metrics") if ready else None
        if found and ready.get("tick") != first and isinstance(found, list) and found[0]["value"] is not None:
            median = f"{found[0]['value']:.1f} min, tick {ready['tick']}"
            print(f"numbers after {time.monotonic() - began:.0f} s: median response {median}")
            return 0
        time.sleep(1)
    print(f"no moving numbers within {seconds} s")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
