"""`cockpit etl`: read the sources, see what ran and what was refused, and let it through."""

import json
import time
from datetime import date
from typing import Annotated, Any

import pandas as pd
import typer

from cockpit.app import open_ledger
from cockpit.cli_options import JsonOption, LogOption, SiteOption, StoreOption, plain_errors
from cockpit.errors import CockpitError
from cockpit.ledger.store import Ledger
from cockpit.logs import log_to_stderr
from cockpit.site import Site, load_site
from etl.backfill import backfill
from etl.check import rehearse
from etl.lease import alone
from etl.quarantine import (
    WAIVABLE,
    Choice,
    discard_batch,
    held_batches,
    refused_groups,
    refused_rows,
    release_batch,
    release_rows,
)
from etl.renewal import derive_changed
from etl.schedule import Schedule, site_clock
from etl.status import source_lines

etl_app = typer.Typer(no_args_is_help=True, help="Read the sources.")
quarantine_app = typer.Typer(no_args_is_help=True, help="Rows that were refused, and batches that are held.")
etl_app.add_typer(quarantine_app, name="quarantine")

OneSource = Annotated[str | None, typer.Option("--source", help="One source only.")]
OriginOption = Annotated[str | None, typer.Option("--origin", help="Of one file or address only.")]
ReasonOption = Annotated[list[str] | None, typer.Option("--reason", help="Of this reason only; may be given again.")]
DigestOption = Annotated[str, typer.Option("--digest", help="The row whose digest begins so.")]


@etl_app.command("run")
@plain_errors
def etl_run(site: SiteOption, store: StoreOption = None, source: OneSource = None, log: LogOption = None) -> None:
    """Read every source once, due or not, and load what is new."""
    log_to_stderr(log)
    loaded, ledger = opened(site, store, source)
    with alone(ledger):
        derive_changed(ledger, now=time.time())
        ticks = Schedule(loaded, ledger, time.time).run_due(everything=True, only=source)
    typer.echo(f"{len(ticks)} ticks: {', '.join(map(str, ticks))}" if ticks else "nothing new")


@etl_app.command("backfill")
@plain_errors
def etl_backfill(
    site: SiteOption,
    source: Annotated[str, typer.Option("--source", help="Which source.")],
    begin: Annotated[str, typer.Option("--from", help="First day, as 2026-01-01.")],
    end: Annotated[str, typer.Option("--to", help="Last day, included.")],
    store: StoreOption = None,
    log: LogOption = None,
) -> None:
    """Read a source's history once more, and load what is missing or is now mapped otherwise; no row is too late for it."""
    log_to_stderr(log)
    loaded, ledger = opened(site, store, source)
    ticks = backfill(ledger, loaded, source, begin=day(begin), end=day(end), now=time.time())
    typer.echo(f"{len(ticks)} ticks: {', '.join(map(str, ticks))}" if ticks else "nothing was missing")


@etl_app.command("status")
@plain_errors
def etl_status(site: SiteOption, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Say of each source what ran last, how old it is, and what waits for a person."""
    loaded, ledger = opened(site, store)
    tell(source_lines(ledger, loaded, time.time()), as_json=as_json)


@quarantine_app.command("list")
@plain_errors
def quarantine_list(site: SiteOption, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List held batches, and how many rows are refused and why."""
    _, ledger = opened(site, store)
    with ledger.reading() as connection:
        held, refused = held_batches(connection, ledger), refused_groups(connection, ledger)
    if as_json:
        typer.echo(json.dumps({"held": plain(held), "refused": plain(refused)}, ensure_ascii=False))
        return
    for row in plain(held):
        how = f"release with: cockpit etl quarantine release {row['id']}" if row["can_be_released"] else "deliver it again"
        typer.echo(f"held batch {row['id']} of {row['source']}: {row['message']} ({how})")
    for row in plain(refused):
        typer.echo(
            f"{row['rows']:>8} rows of {row['source']} into {row['into'] or '-'}: {row['field'] or 'row'} {row['reason']}"
        )
    if held.empty and refused.empty:
        typer.echo("nothing is held or refused")


@quarantine_app.command("show")
@plain_errors
def quarantine_show(
    site: SiteOption,
    source: Annotated[str, typer.Option("--source", help="Which source.")],
    store: StoreOption = None,
    origin: OriginOption = None,
    reason: ReasonOption = None,
    digest: DigestOption = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most rows to show.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """Show refused rows as they came, with file, line, field and value."""
    _, ledger = opened(site, store, source)
    choice = Choice(source=source, origin=origin, reasons=tuple(reason or ()), digest=digest)
    with ledger.reading() as connection:
        rows = refused_rows(connection, ledger, choice, limit)
    if as_json:
        typer.echo(json.dumps(plain(rows), ensure_ascii=False))
        return
    for row in plain(rows):
        where = f"{row['origin']}, line {row['line']}" if row["line"] else row["origin"]
        what = f"{row['field'] or 'row'} {row['reason']}: {row['detail']!r}"
        typer.echo(f"{row['digest'][:8]}  {where}, into {row['into'] or '-'}, {what}\n          {row['raw']}")


@quarantine_app.command("release")
@plain_errors
def quarantine_release(
    site: SiteOption,
    batch: Annotated[int | None, typer.Argument(help="Number of a held batch; or give --source for refused rows.")] = None,
    store: StoreOption = None,
    source: OneSource = None,
    origin: OriginOption = None,
    reason: ReasonOption = None,
    digest: DigestOption = "",
    discard: Annotated[bool, typer.Option("--discard", help="Give the held batch up instead of loading it.")] = False,
) -> None:
    """Load a held batch past the guards, or map refused rows again and set doubts about their time aside."""
    if (batch is None) == (source is None) or (discard and batch is None):
        raise CockpitError("give the number of a held batch (perhaps with --discard), or --source for its refused rows")
    loaded, ledger = opened(site, store, source)
    now, as_of = time.time(), clock_of(loaded, ledger)
    if batch is not None and discard:
        discard_batch(ledger, batch, now=now)
        typer.echo(f"batch {batch} is given up")
    elif batch is not None:
        tick = release_batch(ledger, loaded, batch, as_of=as_of, now=now)
        typer.echo(f"batch {batch} is loaded" + (f", tick {tick}" if tick else "; it changed nothing"))
    else:
        choice = Choice(source=str(source), origin=origin, reasons=tuple(reason or ()), digest=digest)
        passed = release_rows(ledger, loaded, choice, waived=WAIVABLE, as_of=as_of, now=now)
        typer.echo(f"{passed} rows are loaded; what is still refused stays in quarantine")


@plain_errors
def check(site: SiteOption, as_json: JsonOption = False) -> None:
    """Read a site, open each of its sources, map 100 rows, and say what would be refused. Nothing is stored."""
    findings = list(rehearse(load_site(site), time.time()))
    if as_json:
        told = [{"source": f.source, "trouble": f.trouble, "rows": f.rows, "refused": f.refusals} for f in findings]
        typer.echo(json.dumps(told, ensure_ascii=False))
    for finding in () if as_json else findings:
        into = ", ".join(f"{count} into {name}" for name, count in finding.rows.items()) or "no rows yet"
        typer.echo(f"FAIL {finding.source}: {finding.trouble}" if finding.trouble else f"ok   {finding.source}: {into}")
        for line in finding.refusals:
            typer.echo(f"     would refuse {line}")
    if any(finding.trouble for finding in findings):
        raise typer.Exit(1)


def opened(site: str, store: str | None, source: str | None = None) -> tuple[Site, Ledger]:
    """Return the site and its store. Raises: SiteError when it has no such source."""
    loaded = load_site(site)
    if source is not None:
        loaded.source(source)
    return loaded, open_ledger(loaded, store)


def clock_of(site: Site, ledger: Ledger) -> int:
    """Return what the site's clock shows (UTC s)."""
    return site_clock(site, Schedule(site, ledger, time.time).states(), time.time())


def day(text: str) -> date:
    """Read a day. Raises: CockpitError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CockpitError(f"{text!r} is not a day, such as 2026-01-01") from error


def plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame as plain records."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def tell(lines: list[dict[str, Any]], *, as_json: bool) -> None:
    """Print records for a program, or one line each for a person."""
    if as_json:
        typer.echo(json.dumps(lines, ensure_ascii=False))
        return
    for line in lines:
        typer.echo("  ".join(f"{name}={'—' if value is None else value}" for name, value in line.items()))
