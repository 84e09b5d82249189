"""Where a source reads from, as `site.toml` says it: a sheet of a workbook, a database, an address."""

import re
from datetime import date
from ipaddress import ip_address
from string import Formatter
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from cockpit.declared import Strict

ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def environment_name(name: str) -> str:
    """Check that a name of a variable stands where a secret would be wrong."""
    if name and not ENVIRONMENT_NAME.fullmatch(name):
        raise ValueError("write the name of an environment variable (letters, digits, _), never the secret itself")
    return name


class Sheet(Strict):
    """Of kind excel: which sheet of a workbook holds the rows; the first one by default."""

    name: str = ""
    header_row: int = Field(default=1, ge=1)  # the row, counted from 1 as Excel does, that holds the header
    fill_merged: bool = False  # a value that stands in a merged block of one column is the value of each of its rows


class Database(Strict):
    """Of kind sql: one table, or one SELECT, of a database that SQLAlchemy can open.

    With a `cursor_column` only what is newer is read, and what came late within the overlap behind it. Without one all
    rows are read each time. With `window_days` the rows of the last days are read again, to be compared.
    """

    url_env: str = Field(min_length=1)  # the variable that holds the URL, password and all
    table: str = ""  # a table, perhaps with its schema: schema.table …
    query: str = ""  # … or a SELECT
    cursor_column: str = ""  # a column that only grows: when a row was written, or a number
    overlap_s: int = Field(default=600, ge=0)  # of a cursor of instants: how late a row may be committed
    overlap: int = Field(default=1000, ge=0)  # of a cursor of numbers: how far behind
    window_column: str = ""  # a column of instants …
    window_days: int | None = Field(default=None, gt=0)  # … of which so many local days are compared …
    compare_every_s: int = Field(default=0, ge=0)  # … so often; at each read by default
    page_rows: int = Field(default=20_000, gt=0)  # rows in one batch of a read by cursor
    max_rows: int = Field(default=2_000_000, gt=0)  # rows in one read that is not by cursor
    deadline_s: int = Field(default=120, gt=0)  # for one read in total

    _check_environment = field_validator("url_env")(environment_name)

    @model_validator(mode="after")
    def one_place(self) -> "Database":
        """Check that exactly one of table and query is given, and that pairs are whole."""
        if bool(self.table) == bool(self.query):
            raise ValueError("give exactly one of table, query")
        if bool(self.window_column) != (self.window_days is not None):
            raise ValueError("window_column and window_days belong together")
        if self.query and not self.query.lstrip().lower().startswith(("select", "with")):
            raise ValueError("query must be a SELECT")
        return self


class Signature(Strict):
    """How a request is signed: an HMAC of some words of it, put into a header."""

    key_env: str = Field(min_length=1)  # the variable that holds the key
    header: str = "X-Signature"
    sign: (
        str  # what is signed: text with {timestamp}, {timestamp_ms}, {nonce}, {method}, {path}, {query}, {body}, {body_sha256}
    )
    digest: Literal["sha256", "sha512", "sha1"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""

    _check_environment = field_validator("key_env")(environment_name)

    @model_validator(mode="after")
    def known_words(self) -> "Signature":
        """Check that it signs only what a request has."""
        check_words(self.sign, SIGNED_WORDS, "sign")
        return self


ASKED_WORDS = ("since", "until", "page", "cursor", "page_rows")
"""What stands in braces in the address, the parameters and the body of a request."""

SIGNED_WORDS = ("timestamp", "timestamp_ms", "nonce", "method", "path", "query", "body", "body_sha256")
"""What stands in braces in a header and in what is signed."""


class Address(Strict):
    """Of kind http: rows of JSON from an address, perhaps in pages, perhaps a span of days at a time.

    Spans: with `window_days` a request asks for so many local days, `{since}` to `{until}`; the first begins at `begin`, or
    the site's date floor. The last `compare_days` are asked for again each time.
    """

    url: str
    method: Literal["GET", "POST"] = "GET"
    params: dict[str, str] = Field(default_factory=dict)
    body: dict[str, Any] | None = None  # of POST: JSON; a text in it may hold words in braces
    rows: str = ""  # where the list of rows stands in the answer: "data.items"
    success_path: str = ""  # where the answer says that it is one: "code" …
    success_values: tuple[str, ...] = ("0", "200")  # … and what it says then
    total_path: str = ""  # where the answer says how many rows there are in all; then fewer are an error
    page: Literal["none", "number", "cursor", "link"] = "none"
    first_page: int = 1
    page_rows: int = Field(default=500, gt=0)
    next_path: str = ""  # of cursor and link: where the answer says what comes next
    window_days: int | None = Field(default=None, gt=0)
    begin: date | None = None
    compare_days: int = Field(default=1, ge=1)
    time_format: str = "%Y-%m-%dT%H:%M:%S"
    headers: dict[str, str] = Field(default_factory=dict)
    headers_env: dict[str, str] = Field(default_factory=dict)  # header → the variable that holds its value
    bearer_env: str = ""  # the variable that holds the token
    hmac: Signature | None = None
    statuses: tuple[int, ...] = (200,)
    empty_statuses: tuple[int, ...] = ()  # what says that there are no rows, such as 404
    deadline_s: int = Field(default=120, gt=0)  # for one read in total, retries and pauses among it
    max_mb: int = Field(default=20, gt=0)  # of one read in total, unpacked
    max_pages: int = Field(default=1000, gt=0)

    _check_environment = field_validator("bearer_env")(environment_name)

    @field_validator("headers_env")
    @classmethod
    def names_of_variables(cls, value: dict[str, str]) -> dict[str, str]:
        """Check that headers come from variables."""
        return {header: environment_name(name) for header, name in value.items()}

    @model_validator(mode="after")
    def sound(self) -> "Address":
        """Check the address, and that what belongs together is there."""
        check_address(self.url)
        if (self.page in ("cursor", "link")) != bool(self.next_path):
            raise ValueError('page = "cursor" and page = "link" need next_path, and nothing else has one')
        if self.body is not None and self.method == "GET":
            raise ValueError('a body needs method = "POST"')
        for text in (self.url, *self.params.values(), *texts_of(self.body)):
            check_words(text, ASKED_WORDS, "the request")
        for text in self.headers.values():
            check_words(text, SIGNED_WORDS, "headers")
        asked = "".join((self.url, *self.params.values(), *texts_of(self.body)))
        if self.window_days is not None and "{since}" not in asked:
            raise ValueError("window_days needs {since} (and mostly {until}) in the url, params or body")
        if self.page in ("number", "cursor") and f"{{{self.page.replace('number', 'page')}}}" not in asked:
            raise ValueError(f'page = "{self.page}" needs {{{self.page.replace("number", "page")}}} in the url, params or body')
        return self


def check_address(url: str) -> None:
    """Check that an address is https, or stays on this machine, and holds no secret."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise ValueError(f"url is not an address: {error}") from error
    if parts.scheme not in ("https", "http") or not host:
        raise ValueError("url must begin with https:// and name a host")
    if parts.username or parts.password:
        raise ValueError("url must not hold a user or password: use bearer_env, headers_env or hmac")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("url must begin with https://; only this machine itself may be asked without")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def texts_of(value: Any) -> tuple[str, ...]:
    """Return every text in a body, however deep."""
    if isinstance(value, str):
        return (value,)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return tuple(text for part in inner for text in texts_of(part))


def check_words(text: str, words: tuple[str, ...], where: str) -> None:
    """Check that only known words stand in braces."""
    try:
        unknown = [word for _, word, _, _ in Formatter().parse(text) if word is not None and word not in words]
    except ValueError as error:
        raise ValueError(f"{where}: {text!r}: {error}; write {{{{ for a brace") from error
    if unknown:
        raise ValueError(f"{where}: {{{unknown[0]}}} is not known; there are {', '.join(f'{{{word}}}' for word in words)}")
