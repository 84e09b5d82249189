"""The commands that operate a cockpit: a new site, its health, its backups, and the size of its store."""

import json
import sqlite3
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from cockpit.app import open_ledger, version
from cockpit.cli_options import JsonOption, SiteOption, StoreOption, plain_errors
from cockpit.errors import CockpitError
from cockpit.ledger.size import file_of, give_back, store_bytes
from cockpit.ledger.store import Ledger
from cockpit.ledger.upgrade import create
from cockpit.operation.backup import back_up
from cockpit.operation.compaction import Removed, compact, foreseen, planned
from cockpit.operation.doctor import Finding, Patient, Status, examine
from cockpit.operation.new_site import make_site
from cockpit.operation.restore import opened, proven, put_site, restore
from cockpit.operation.running import is_scheduled
from cockpit.site import load_site
from etl.catalogue import tables

operation_app = typer.Typer()

VACUUM_UPTO_BYTES = 256_000_000
"""A file up to this size is written anew in a few seconds, which a running schedule can wait for."""


FileArgument = Annotated[Path, typer.Argument(help="File of the backup.")]


@operation_app.command()
@plain_errors
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="New folder of the site.")]) -> None:
    """Make a new site folder that runs at once: a commented site.toml, two example files, and .env with fresh secrets."""
    site = make_site(folder, time.time())
    typer.echo(f"{site.folder}: site.toml, towns.csv and calls.csv (made up), .env (secrets, for you only)")
    typer.echo(f"run it: cockpit serve --site {folder}")


@operation_app.command()
@plain_errors
def doctor(site: SiteOption, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Examine the machine, the site and its store, and say what to do; exit code 1 when something fails."""
    try:
        loaded = load_site(site)
        findings = list(examine(Patient(loaded, Ledger(store or loaded.default_store, tables()), time.time())))
    except CockpitError as error:
        findings = [Finding("site", Status.FAIL, str(error))]
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            typer.echo(f"{finding.status:<4} {finding.about}: {finding.says}")
    if any(finding.status is Status.FAIL for finding in findings):
        raise typer.Exit(1)


@operation_app.command()
@plain_errors
def backup(
    site: SiteOption,
    out: Annotated[Path, typer.Option("--out", help="File to write; it must not exist.")],
    store: StoreOption = None,
) -> None:
    """Write the store, the site's configuration and what the metrics were into one file, while writes go on."""
    loaded = load_site(site)
    manifest = back_up(open_ledger(loaded, store), loaded, out, version=version(), now=time.time())
    count = sum(told["rows"] for told in manifest["tables"].values())
    size = f"{out.stat().st_size / 1e6:,.1f} MB"
    typer.echo(f"{out}: {count:,} rows of {len(manifest['tables'])} tables at tick {manifest['tick']}, {size}")


@operation_app.command("restore")
@plain_errors
def restore_backup(
    file: FileArgument,
    store: Annotated[str | None, typer.Option("--store", help="URL of an empty store.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare what was restored; without --store in a temporary one.")
    ] = False,
    site_folder: Annotated[Path | None, typer.Option("--site-folder", help="Also put the site's configuration there.")] = None,
) -> None:
    """Put a backup into an empty store, whole or not at all; or only prove that it could be."""
    if store is None and not verify:
        raise CockpitError("give --store URL of an empty store, or --verify to try the backup in a temporary one")
    archive = opened(file)
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(store or f"sqlite:///{folder}/cockpit.db", tables())
        create(ledger)
        restore(archive, ledger)
        if verify:
            typer.echo(proven(archive, ledger))
        ledger.engine.dispose()
    if store is not None:
        typer.echo(f"restored: {archive.row_count:,} rows, tick {archive.manifest['tick']}, made {archive.manifest['made_at']}")
    if site_folder is not None:
        put_site(archive, site_folder)
        typer.echo(f"{site_folder}: the site's configuration; records and .env are not in a backup")


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
