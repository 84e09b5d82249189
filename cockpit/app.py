"""The roof: joins ledger, kitchen and screens, serves them, and keeps both processes running."""

import asyncio
import hashlib
import importlib
import logging
import os
import pkgutil
import resource
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.metadata import version as package_version
from pathlib import Path
from types import FrameType
from typing import Any

import plotly
import uvicorn
from dash import Dash
from dash.backends._fastapi import FastAPIDashServer
from dash.fingerprint import build_fingerprint
from fastapi import FastAPI

import layouts.screens
from callbacks import answers, data, health, live, moments, overview, pages, prometheus, upload
from callbacks.board import Board
from callbacks.guard import Guard
from callbacks.supplies import Supplies
from cockpit.errors import CockpitError
from cockpit.ledger.store import Ledger
from cockpit.panel import Screen
from cockpit.scope import CITY, Scope
from cockpit.site import Site
from cockpit.supervision import follow_parent
from etl.catalogue import tables
from etl.flow import declared
from etl.lease import alone
from etl.preview_child import preview_in_child
from etl.renewal import derive_changed
from etl.schedule import Schedule, run_forever
from etl.template import csv_template, xlsx_template

LOG = logging.getLogger("cockpit")
ROOT = Path(__file__).parent.parent
ASSETS = ROOT / "assets"
PLOTLY = "package_data/plotly.min.js"
LOOPBACK = ("127.0.0.1", "localhost")

INDEX = """<!DOCTYPE html>
<html lang="zh-CN"><head>{%metas%}<title>{%title%}</title>{%favicon%}{%css%}</head>
<body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body></html>"""


def open_ledger(site: Site, store: str | None) -> Ledger:
    """Open a site's store and create what is missing. Raises: StoreError."""
    ledger = Ledger(store or site.default_store, tables())
    ledger.create()
    return ledger


def screens() -> dict[str, Screen]:
    """Return every screen by key, in their order, as the files of `layouts/screens` declare them."""
    names = [info.name for info in pkgutil.iter_modules(layouts.screens.__path__)]
    modules = [importlib.import_module(f"layouts.screens.{name}") for name in names]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Screen)]
    return {screen.key: screen for screen in sorted(found, key=lambda screen: screen.place)}


def version() -> str:
    """Return the version with a digest of the code that draws and serves, so that a wall reloads after an upgrade."""
    digest = hashlib.sha256()
    for folder in ("cockpit", "layouts", "callbacks", "assets"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".css", ".js"):
                digest.update(path.read_bytes())
    return f"{package_version('city-cockpit')}+{digest.hexdigest()[:12]}"


def build(site: Site, ledger: Ledger, scope: Scope = CITY, board_of: type[Board] = Board) -> FastAPI:
    """Build the web application of one site, for everybody who may see one scope."""
    board = board_of(site, ledger, {key: screen for key, screen in screens().items() if screen.shows(site)}, version())
    supplies = Supplies(board, declared(board.screens.values()))

    @asynccontextmanager
    async def lifespan(_server: FastAPI) -> AsyncIterator[None]:
        await board.start()
        dash._setup_server()  # until the first request Dash knows no callback, and a restarted page would fail
        watching, feeling = asyncio.create_task(board.watch()), asyncio.create_task(board.meter.feel_lag())
        yield
        await board.close()
        feeling.cancel()
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching

    server = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    live.register(server, board, scope)
    answers.register(server, board, scope)
    moments.register(server, board)
    health.register(server, board)
    prometheus.register(server, board)
    data.register(server, supplies)
    overview.register(server, board, scope)
    upload.register(server, supplies, kitchen(site, ledger))
    dash = dash_on(server, site.title(site.language))
    pages.register(dash, board, scope, supplies)
    server.add_middleware(Guard, script_hashes=dash.csp_hashes)
    server.state.board = board
    return server


def kitchen(site: Site, ledger: Ledger) -> upload.Kitchen:
    """Return what the kitchen does for uploaded files."""
    return upload.Kitchen(
        preview=partial(preview_in_child, site, ledger),
        csv_template=csv_template,
        xlsx_template=xlsx_template,
    )


def dash_on(server: FastAPI, title: str) -> Dash:
    """Put Dash on our server, with its websocket, which would be dialled on every page, switched off."""

    class Backend(FastAPIDashServer):  # type: ignore[misc] # Dash is untyped
        websocket_capability = False

        @staticmethod
        def create_app(_name: str = "", _config: dict[str, Any] | None = None) -> FastAPI:
            return server

    dash = Dash(
        "cockpit",
        backend=Backend,
        assets_folder=str(ASSETS),
        title=title,
        update_title="",
        index_string=INDEX,
        meta_tags=[{"name": "plotly", "content": plotly_address()}],
        suppress_callback_exceptions=True,
        serve_locally=True,
        enable_mcp=False,
    )
    dash.layout = pages.layout
    return dash


def plotly_address() -> str:
    """Return where the script stands that draws pictures; as Dash names it, so that browsers keep it and load it once."""
    file = Path(plotly.__file__).parent / PLOTLY
    return f"/_dash-component-suites/plotly/{build_fingerprint(PLOTLY, plotly.__version__, int(file.stat().st_mtime))}"


class WebServer(uvicorn.Server):
    """A server whose streams end as soon as it is told to stop; it would wait for them otherwise."""

    def __init__(self, config: uvicorn.Config, board: Board) -> None:
        """Remember whose streams they are."""
        super().__init__(config)
        self.board = board

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Let the streams end, and stop."""
        self.board.close_soon()
        super().handle_exit(sig, frame)


def check_address(host: str, port: int) -> None:
    """Raise CockpitError for an address that is not this machine's own, or that is taken."""
    if host not in LOOPBACK:
        raise CockpitError(f"--host {host}: nobody can sign in yet, so the cockpit listens on 127.0.0.1 only")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise CockpitError(f"port {port} of {host} is taken ({error.strerror}); choose another with --port") from error


def serve_web(site: Site, ledger: Ledger, host: str, port: int) -> None:
    """Serve the screens until told to stop. Raises: CockpitError for any address but this machine's own."""
    check_address(host, port)
    follow_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    allow_connections()
    server = build(site, ledger)
    config = uvicorn.Config(server, host=host, port=port, log_level="warning", log_config=None, timeout_graceful_shutdown=3)
    WebServer(config, server.state.board).run()


def allow_connections() -> None:
    """Let this process, and those it starts, hold as many connections as the machine allows; each browser keeps one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def serve_etl(site: Site, ledger: Ledger) -> None:
    """Run the schedule until told to stop, as soon as no other process does. Raises: SchedulerRunning."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    follow_parent(stop.set)
    with alone(ledger, stop=stop) as lost:
        derive_changed(ledger, now=time.time())
        run_forever(Schedule(site, ledger, time.time), stop, lost)
