"""A department's database, opened to be read only: within a deadline, from one snapshot, and without ever telling its URL."""

import datetime as dt
import json
import os
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from cockpit.errors import SourceError
from cockpit.source_places import Database

CONNECT_S = 10
"""How long a connection may take to come about."""

PROGRESS_STEPS = 10_000
"""How many steps of its machine SQLite takes between two looks at the clock."""

PACKAGES = {
    "psycopg2": "psycopg2-binary",
    "MySQLdb": "mysqlclient",
    "pymysql": "pymysql",
    "oracledb": "oracledb",
    "pyodbc": "pyodbc",
}
"""Under which name a driver is installed."""

PASSWORD = re.compile(r"(?i)(password|pwd)\s*=\s*\S+|://[^@\s]+@")
"""Where a driver might tell a secret."""


@contextmanager
def opened(key: str, place: Database, zone: str) -> Iterator[sa.Connection]:
    """Connect to a source's database for one read. Raises: SourceError, one sentence without the URL."""
    url = url_of(key, place)
    is_over = threading.Event()
    timer = threading.Timer(place.deadline_s, is_over.set)
    timer.daemon = True
    try:
        engine = sa.create_engine(url, poolclass=NullPool, connect_args=connect_arguments(url))
        timer.start()
        with engine.connect() as connection:
            prepare(connection, place.deadline_s, zone, is_over)
            yield connection
    except ModuleNotFoundError as error:
        package = PACKAGES.get(str(error.name), error.name)
        raise SourceError(f"source {key}: the driver of {url.drivername} is missing; install the package {package}") from error
    except sa.exc.NoSuchModuleError as error:
        raise SourceError(
            f"source {key}: {url.drivername} is no database that is known; correct the URL in {place.url_env}"
        ) from error
    except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
        late = f" (its deadline is {place.deadline_s} s)" if is_over.is_set() else ""
        raise SourceError(f"source {key}: the database says: {told(error, url)}{late}") from error
    finally:
        timer.cancel()


def url_of(key: str, place: Database) -> sa.URL:
    """Return the URL that the environment holds. Raises: SourceError."""
    stored = os.environ.get(place.url_env, "")
    if not stored:
        raise SourceError(f"source {key}: the environment variable {place.url_env} is not set; it holds the database's URL")
    try:
        url = sa.make_url(stored)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise SourceError(f"source {key}: {place.url_env} holds no URL such as postgresql://user:password@host/name") from error
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    file = url.database if url.get_backend_name() == "sqlite" else None
    if file and file != ":memory:" and not file.startswith("file:") and not Path(file).is_file():
        raise SourceError(f"source {key}: the database file is not there; correct the URL in {place.url_env}, or bring it back")
    return url


def connect_arguments(url: sa.URL) -> dict[str, Any]:
    """Return what makes a driver give up in time where nobody answers."""
    known = {"postgresql+psycopg": "connect_timeout", "mysql+pymysql": "connect_timeout", "sqlite": "timeout"}
    name = known.get(url.drivername)
    return {name: CONNECT_S} if name else {}


def prepare(connection: sa.Connection, deadline_s: int, zone: str, is_over: threading.Event) -> None:
    """Make a connection read only, of one snapshot, in the site's time zone, and mindful of its deadline."""
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.execute("PRAGMA query_only=ON")
        driver.set_progress_handler(lambda: int(is_over.is_set()), PROGRESS_STEPS)
    elif connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        settings = {"statement_timeout": f"{deadline_s}s", "TimeZone": zone}
        for name, value in settings.items():
            connection.execute(sa.select(sa.func.set_config(name, value, sa.false())))


def told(error: Exception, url: sa.URL) -> str:
    """Return what a driver says in its first line, without any secret."""
    origin = getattr(error, "orig", None) or error
    line = (str(origin).strip().splitlines() or [type(origin).__name__])[0]
    if url.password:
        line = line.replace(str(url.password), "***")
    return PASSWORD.sub("***", line)[:300]


def text_of(value: Any) -> str:
    """Return a value of a database as text, without loss; nothing for NULL."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    write = next((write for kind, write in WRITTEN if isinstance(value, kind)), str)
    return write(value)


WRITTEN: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: "true" if value else "false"),
    (int, str),
    (float, repr),
    (Decimal, lambda value: format(value, "f")),
    (dt.date | dt.time, lambda value: value.isoformat()),
    (bytes | bytearray | memoryview, lambda value: bytes(value).hex()),
    (dict | list, lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True)),
)
"""How a value of each type is written: the first that fits; a truth is also a number, and an instant also a date."""
