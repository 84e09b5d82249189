"""A new site folder that runs at once, with a few calls that nobody can take for real ones."""

import csv
import os
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cockpit.environment import ENVIRONMENT
from cockpit.errors import SiteError
from cockpit.site import Site, load_site

TEMPLATE = Path(__file__).with_name("new_site.toml")
SECRET_BYTES = 32
SETTLED_S = 60
"""The example files look as old as this: a file that is still being written would be waited for."""

TOWNS = (("T1", "示例一镇", "Example town 1"), ("T2", "示例二镇", "Example town 2"), ("T3", "示例三镇", "Example town 3"))
CALL_COUNT = 84
EVERY_H = 2


def make_site(folder: Path, now: float) -> Site:
    """Write a new site folder, and read it. Raises: SiteError when something is in the folder."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SiteError(f"{folder} is not an empty folder; give a new one, nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    text = TEMPLATE.read_text(encoding="utf-8").replace("{key}", key_of(folder))
    (folder / "site.toml").write_text(text, encoding="utf-8")
    write_secrets(folder / ENVIRONMENT)
    site = load_site(folder)
    write_list(folder / "towns.csv", site.sources[0].header, list(TOWNS), now)
    write_list(folder / "calls.csv", site.sources[1].header, example_calls(site, now), now)
    return site


def key_of(folder: Path) -> str:
    """Return a site's key: the name of its folder, without what a key cannot have."""
    return re.sub(r"[^a-z0-9]+", "_", folder.resolve().name.lower()).strip("_") or "city"


def write_secrets(path: Path) -> None:
    """Write fresh secrets, which only the owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(
            "# Secrets of this site: for its owner only (chmod 600), in no backup. What the environment says goes first.\n"
            "# COCKPIT_SECRET signs what browsers are given to remember, once people sign in.\n"
            f"COCKPIT_SECRET={secrets.token_urlsafe(SECRET_BYTES)}\n"
        )


def write_list(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]], now: float) -> None:
    """Write a file of rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    os.utime(path, (now - SETTLED_S, now - SETTLED_S))


def example_calls(site: Site, now: float) -> list[tuple[str, ...]]:
    """Return a week of calls, one every two hours, whose times go up by even steps: no city is so."""
    last = datetime.fromtimestamp(now, UTC).astimezone(site.zone).replace(minute=0, second=0, microsecond=0)
    calls = []
    for number in range(CALL_COUNT):
        called = last - timedelta(hours=EVERY_H * (CALL_COUNT - number))
        after_s = (0, 3 + number % 10, 40 + number % 10, 60 + number % 10, 130 + number % 60, 420 + 7 * (number % 60))
        stamps = [(called + timedelta(seconds=after)).strftime("%Y-%m-%d %H:%M:%S") for after in after_s]
        calls.append((f"EXAMPLE-{number + 1:03d}", *stamps, TOWNS[number % len(TOWNS)][0]))
    return calls
