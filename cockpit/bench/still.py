"""A screen as a page that never changes: the same elements, style sheets and pictures, without anything that keeps them live.

It is what the first paint of a screen is held against: written out as HTML, drawn by the same script in one go.
"""

import html
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import plotly
from plotly.utils import PlotlyJSONEncoder

from cockpit.app import ASSETS, PLOTLY

UNITLESS = {"flex", "flexGrow", "flexShrink", "fontWeight", "gridColumn", "gridRow", "lineHeight", "opacity", "order", "zIndex"}
"""Style properties whose numbers are no pixels; React adds `px` to all others."""

NAMES = {"className": "class", "htmlFor": "for"}
EMPTY = ("input", "br")
KEEP = "max-age=31536000, immutable"
PAGE, DRAWING = "index.html", "plotly.min.js"

Charts = list[dict[str, Any]]


def written(node: Any, charts: Charts) -> str:
    """Return components, as Dash sends them, as HTML; their charts are left out, and listed in the order of their places."""
    if node is None or isinstance(node, bool):
        return ""
    if isinstance(node, list):
        return "".join(written(one, charts) for one in node)
    if not isinstance(node, dict):
        return html.escape(str(node))
    told = dict(node["props"])
    if node["type"] == "Graph":
        charts.append({"figure": told["figure"], "config": told["config"]})
        place = f'<div id="chart-{len(charts) - 1}" style="width:100%;height:100%"></div>'
        return f'<div class="dash-graph {told.get("className", "")}" style="height:100%">{place}</div>'
    name = {"Panel": "div", "Link": "a"}.get(node["type"], node["type"].lower())
    inside = written([told.pop("children", None), told.pop("content", None)], charts)
    start = " ".join([name, *(attribute(key, value) for key, value in told.items() if key != "key")])
    return f"<{start}>" if name in EMPTY else f"<{start}>{inside}</{name}>"


def attribute(name: str, value: Any) -> str:
    """Return one property as an attribute."""
    if name == "style":
        value = ";".join(f"{dashed(key)}:{length(key, one)}" for key, one in value.items())
    return f'{NAMES.get(name, name)}="{html.escape(str(value))}"'


def dashed(name: str) -> str:
    """Return a style property as CSS names it."""
    return name if name.startswith("--") else re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)


def length(name: str, value: Any) -> str:
    """Return the value of a style property as CSS writes it."""
    is_pixels = isinstance(value, int | float) and value and name not in UNITLESS
    return f"{value}px" if is_pixels else str(value)


def still(page: Any) -> tuple[str, int]:
    """Return a screen's component as a whole page, and how many charts it has."""
    charts: Charts = []
    body = written(json.loads(json.dumps(page, cls=PlotlyJSONEncoder)), charts)
    sheets = "".join(f'<link rel="stylesheet" href="{path.name}">' for path in sorted(ASSETS.glob("*.css")))
    told = json.dumps(charts, ensure_ascii=False).replace("</", "<\\/")
    drawing = (
        f'<script src="geo_stub.js"></script><script src="{DRAWING}"></script><script>{told}.forEach(({{ figure, config }}, i)'
        " => Plotly.newPlot(`chart-${i}`, figure.data, { ...figure.layout, autosize: true }, config));</script>"
    )
    head = f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">{sheets}</head>'
    return f"{head}<body>{body}{drawing}</body></html>", len(charts)


def put(folder: Path, page: str) -> None:
    """Put a still page and all that it loads into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PAGE).write_text(page, encoding="utf-8")
    (folder / DRAWING).write_bytes((Path(plotly.__file__).parent / PLOTLY).read_bytes())
    for path in (*ASSETS.glob("*.css"), ASSETS / "geo_stub.js"):
        (folder / path.name).write_bytes(path.read_bytes())


class Files(SimpleHTTPRequestHandler):
    """Serves files as a server does that is meant to be fast: connections stay open, and what never changes is kept."""

    protocol_version = "HTTP/1.1"

    def end_headers(self) -> None:
        """Let the browser keep everything but the page."""
        self.send_header("Cache-Control", "no-store" if self.path.endswith("/") else KEEP)
        super().end_headers()

    def log_message(self, format: str, *_: Any) -> None:  # noqa: A002 the name that it has there
        """Say nothing."""


@contextmanager
def files(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine, and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, name="files")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
