"""What the commands share: their options, errors in one plain line, and the log."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Literal, ParamSpec

import typer
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from cockpit.errors import CockpitError
from cockpit.logs import LogFormat

P = ParamSpec("P")

STORE_VARIABLE = "COCKPIT_STORE"
"""Where the URL of the store may stand too: a command line, with the password in it, is everybody's to read."""

SiteOption = Annotated[str, typer.Option("--site", help="Site folder, or the name of a site that ships with the cockpit.")]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        envvar=STORE_VARIABLE,
        show_envvar=True,
        help="URL of the store; default: one SQLite file under the site's var/.",
    ),
]
HostOption = Annotated[str, typer.Option("--host", help="Address to listen on; only this machine's own for now.")]
PortOption = Annotated[int, typer.Option("--port", help="Port to listen on.")]
AtOption = Annotated[str | None, typer.Option("--at", help="As known at a tick's number, or at a time on the site's clock.")]
JsonOption = Annotated[bool, typer.Option("--json", help="For programs.")]
LanguageOption = Annotated[Literal["zh", "en"] | None, typer.Option("--lang", help="Language; default: the site's.")]
LogOption = Annotated[
    LogFormat | None, typer.Option("--log", help="Form of the log on standard error; default: text on a terminal, else JSON.")
]
WindowOption = Annotated[str | None, typer.Option("--window", help="now, today, h24, d7, d28 or d365; default: d28, or now.")]
ScopeOption = Annotated[str | None, typer.Option("--scope", help="Code of one town; default: the whole city.")]


def plain_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Print an error as one plain line and end with code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except CockpitError as error:
            typer.echo(f"cockpit: {error}", err=True)
            raise typer.Exit(1) from None
        except SQLAlchemyError as error:
            typer.echo(f"cockpit: {why_unusable(error)}", err=True)
            raise typer.Exit(1) from None

    return run


def why_unusable(error: SQLAlchemyError) -> str:
    """Say in one line why a store cannot be used; no statement and no row is repeated."""
    said = error.orig if isinstance(error, DBAPIError) else error
    reason = next(iter(str(said).strip().splitlines()), type(error).__name__)
    return f"the store cannot be used: {reason}; if another process is writing, or the server is starting, try again"
