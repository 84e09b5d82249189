"""The command `cockpit`."""

import csv
import json
import os
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Literal

import typer

from cockpit.answer import metrics_answer, quarantined_text
from cockpit.app import check_address, open_ledger, serve_etl, serve_web
from cockpit.at import view_at
from cockpit.cli_etl import check, etl_app
from cockpit.cli_operation import operation_app
from cockpit.cli_options import (
    STORE_VARIABLE,
    AtOption,
    HostOption,
    JsonOption,
    LanguageOption,
    LogOption,
    PortOption,
    ScopeOption,
    SiteOption,
    StoreOption,
    WindowOption,
    plain_errors,
)
from cockpit.evaluate import metric_named
from cockpit.logs import LogFormat, log_to_stderr
from cockpit.operation.notify import keep_manager_informed
from cockpit.site import load_site
from cockpit.supervision import announce, own_command, supervise
from cockpit.text import Language

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="数据驾驶舱: a city's data cockpit."
)
app.add_typer(etl_app, name="etl")
app.add_typer(operation_app)
app.command()(check)


@app.command()
@plain_errors
def demo(
    site: SiteOption = "wenling",
    store: StoreOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8050,
    log: LogOption = None,
) -> None:
    """Make a store, fill it, run etl and web, and print the address."""
    log_to_stderr(log)
    check_address(host, port)
    title = load_site(site).title
    address = f"http://{host}:{port}/"
    typer.echo(f"{title.en} · {title.zh}: filling the store; the address follows when there are numbers to see …")
    announce(address, lambda: typer.echo(f"{title.en} · {title.zh}: {address}  (Ctrl+C stops it)"))
    serve_both(site, store, host, port, log)


@app.command()
@plain_errors
def serve(
    site: SiteOption,
    store: StoreOption = None,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8050,
    only: Annotated[Literal["etl", "web"] | None, typer.Option("--only", help="Run one of the two processes.")] = None,
    log: LogOption = None,
) -> None:
    """Run etl and web, supervised; or one of them."""
    log_to_stderr(log)
    if only is None:
        serve_both(site, store, host, port, log)
    loaded = load_site(site)
    ledger = open_ledger(loaded, store)
    if only == "web":
        serve_web(loaded, ledger, host, port)
    else:
        serve_etl(loaded, ledger)


def serve_both(site: str, store: str | None, host: str, port: int, log: LogFormat | None) -> None:
    """Supervise both processes until told to stop."""
    check_address(host, port)
    if store:
        os.environ[STORE_VARIABLE] = store  # both processes inherit it
    common = ["serve", "--site", site, *(["--log", log] if log else [])]
    web = own_command(*common, "--only", "web", "--host", host, "--port", str(port))
    keep_manager_informed(f"http://{host}:{port}/livez")
    raise typer.Exit(supervise({"etl": own_command(*common, "--only", "etl"), "web": web}))


@app.command()
@plain_errors
def metrics(
    site: SiteOption,
    store: StoreOption = None,
    at: AtOption = None,
    scope: ScopeOption = None,
    metric: Annotated[str | None, typer.Option("--metric", help="One metric only.")] = None,
    window: Annotated[str | None, typer.Option("--window", help="One window only: now, today, h24, d7, d28, d365.")] = None,
    parts: Annotated[bool, typer.Option("--parts", help="Also each town, station and other part.")] = False,
    as_json: JsonOption = False,
    lang: LanguageOption = None,
) -> None:
    """Print the numbers, as the screen has them."""
    loaded = load_site(site)
    language: Language = lang or loaded.language
    view = view_at(open_ledger(loaded, store), loaded, time.time(), at)
    answer = metrics_answer(view, view.scope_of(scope), language, key=metric, name=window, with_parts=parts)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    marked = f" · {answer['notice']}" if answer["notice"] else ""
    typer.echo(f"{answer['site']}{marked} · tick {answer['tick']} · as of {answer['as_of']}")
    for found in answer["metrics"]:
        dims = " ".join(f"{key}={value}" for key, value in found["dims"].items())
        value = "—" if found["value"] is None else f"{found['value']:.10g} {found['unit']}"
        interval = "" if found["low"] is None and found["high"] is None else f" [{found['low']}, {found['high']}]"
        typer.echo(
            f"{found['key']:<22} {found['window']['name']:<6} {dims:<12} {value}{interval}"
            f"  n={found['n']}/{found['n_total']} {found['status']} {found['reason'] or ''}".rstrip()
            + quarantined_text(found["quarantined"])
        )


@app.command()
@plain_errors
def rows(
    metric: Annotated[str, typer.Argument(help="Key of the metric.")],
    site: SiteOption,
    store: StoreOption = None,
    at: AtOption = None,
    window: WindowOption = None,
    scope: ScopeOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="File to write; default: standard output.")] = None,
) -> None:
    """Write the rows behind a number as CSV: is_valid rows are n, is_hit rows the numerator, all rows n total."""
    loaded = load_site(site)
    view = view_at(open_ledger(loaded, store), loaded, time.time(), at)
    asked = metric_named(metric)
    found = view.rows_behind(asked, window or asked.usual_window, view.scope_of(scope), {})
    with out.open("w", encoding="utf-8", newline="") if out else nullcontext(sys.stdout) as stream:
        if found:
            writer = csv.DictWriter(stream, list(dict.fromkeys(name for row in found for name in row)))
            writer.writeheader()
            writer.writerows(found)


@app.command()
@plain_errors
def bench(
    only: Annotated[str | None, typer.Option("--only", help="One figure, or all whose names begin so.")] = None,
    work: Annotated[Path | None, typer.Option("--work", help="Folder to measure in; default: the system's own.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure what the cockpit costs on this machine: about twenty minutes and 8 GB of disk for all.

    The history of 20 million rows is made in a temporary folder that is deleted afterwards. Measure on a machine
    that does nothing else.
    """
    from cockpit.bench.figure import Sizes, listed, table  # noqa: PLC0415 nobody else needs what it imports
    from cockpit.bench.run import measured  # noqa: PLC0415

    figures = measured(only, work, Sizes())
    for line in [listed(figures)] if as_json else table(figures):
        typer.echo(line)


if __name__ == "__main__":
    app()
