"""The commands that operate a cockpit: a new site, its health, its backups, and the size of its store."""

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from cockpit.app import open_ledger, version
from cockpit.cli_options import JsonOption, SiteOption, StoreOption, plain_errors
from cockpit.errors import CockpitError
from cockpit.ledger.size import give_back, store_bytes
from cockpit.operation.compaction import Removed, compact, foreseen, planned
from cockpit.site import load_site

operation_app = typer.Typer()

VACUUM_UPTO_BYTES = 256_000_000
"""A file up to this size is written anew in a few seconds, which a running schedule can wait for."""


@operation_app.command("compact")
@plain_errors
def compact_store(
    site: SiteOption,
    store: StoreOption = None,
    keep_days: Annotated[int, typer.Option("--keep-days", min=1, help="Days of which every tick stays.")] = 30,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Make the store smaller: of older days only signed ticks and the last tick of each day stay."""
    loaded = load_site(site)
    ledger = open_ledger(loaded, store)
    plan = planned(ledger, loaded.zone, keep_days)
    removed = foreseen(ledger, plan) if dry_run else compact(ledger, plan)
    for line in told(removed, "would go" if dry_run else "removed"):
        typer.echo(line)
    if not dry_run:
        typer.echo(shrunk(ledger))


def told(removed: Removed, verb: str) -> list[str]:
    """Say what a compaction removed, and what can no longer be shown."""
    plan, counts = removed.plan, {name: count for name, count in removed.versions.items() if count}
    listed = ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items(), key=lambda pair: -pair[1]))
    lines = [f"{len(plan.removed):,} ticks {verb}, {plan.kept_count:,} stay; {sum(counts.values()):,} versions {verb}"]
    lines += [f"versions by table: {listed}"] if listed else []
    lines += [f"of days before {plan.whole_from} only the last tick of each day can be shown"] if plan.whole_from else []
    return lines


def shrunk(ledger: Ledger) -> str:
    """Give the room back to the disk, unless a running schedule would wait too long for it, and say what came of it."""
    before = store_bytes(ledger)
    if is_scheduled(ledger) and before > VACUUM_UPTO_BYTES and file_of(ledger) is not None:
        return "the freed room is used again; to give it back to the disk, stop the cockpit and run this again"
    try:
        give_back(ledger)
    except (OperationalError, sqlite3.OperationalError) as error:
        return f"the freed room is used again; it could not be given back to the disk now: {error}"
    return f"the store takes {store_bytes(ledger) / 1e6:,.1f} MB, it was {before / 1e6:,.1f} MB"
