"""The addresses of pages that a screen leads to; each keeps what is asked: the past moment, the display level, the town."""

from urllib.parse import urlencode

from cockpit.disclosure import Level
from cockpit.metric import Reading
from cockpit.panel import Asked, Values
from cockpit.text import Language


def query(asked: Asked, language: Language, **more: str | None) -> str:
    """Return the query of an address that keeps what is asked, and the language."""
    kept = {"town": asked.town, "at": asked.at, "level": asked.level.value if asked.level is not Level.DUTY else None}
    said = {**kept, **more, "lang": language}
    return urlencode({name: value for name, value in said.items() if value})


def panel_address(asked: Asked, screen_key: str, panel_key: str, language: Language) -> str:
    """Return the address of the table behind a panel's picture."""
    return f"/numbers/{screen_key}/{panel_key}?{query(asked, language)}"


def number_address(values: Values, reading: Reading, language: Language) -> str:
    """Return the address at which a number is opened: its definition, its weeks, its rows."""
    dims = {name: code or "?" for name, code in reading.dims.items()}
    return f"/number/{reading.metric.key}?{query(values.asked, language, window=reading.window.name, **dims)}"
