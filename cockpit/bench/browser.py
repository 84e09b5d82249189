"""A real Chromium for measures that end in the eye. It is not needed to run a cockpit, so that it may be missing here."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cockpit.errors import CockpitError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def browser() -> Iterator["Browser"]:
    """Run a Chromium without a window. Raises: CockpitError when there is none, or nothing to drive it with."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 a tool of development
    except ImportError as error:
        raise CockpitError("this measure needs a browser: install the package playwright, and Chromium") from error
    chrome = os.environ.get("COCKPIT_CHROME") or next((path for name in NAMES if (path := shutil.which(name))), None)
    if chrome is None:
        raise CockpitError("this measure needs a Chromium: install one, or name one by the variable COCKPIT_CHROME")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chrome, args=[*QUIET, *root])
        try:
            yield opened
        finally:
            opened.close()
