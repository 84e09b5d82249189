"""`cockpit etl`: read the sources, see what ran and what was refused, and let it through."""

import time
from typing import Annotated

import typer

from cockpit.app import open_ledger
from cockpit.cli_options import SiteOption, StoreOption, log_to_stderr, plain_errors
from cockpit.site import load_site
from etl.schedule import Schedule, alone

etl_app = typer.Typer(no_args_is_help=True, help="Read the sources.")


@etl_app.command("run")
@plain_errors
def etl_run(
    site: SiteOption,
    store: StoreOption = None,
    source: Annotated[str | None, typer.Option("--source", help="One source only.")] = None,
) -> None:
    """Read every source once, due or not, and load what is new."""
    log_to_stderr()
    loaded = load_site(site)
    if source is not None:
        loaded.source(source)
    ledger = open_ledger(loaded, store)
    with alone(ledger.path):
        ticks = Schedule(loaded, ledger, time.time).run_due(everything=True, only=source)
    typer.echo(f"{len(ticks)} ticks: {', '.join(map(str, ticks))}" if ticks else "nothing new")
