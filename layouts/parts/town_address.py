"""Addresses of the screen of towns: another town, other cuts, or none, in the same language."""

from urllib.parse import urlencode

from cockpit.panel import Asked
from cockpit.text import Language

ADDRESS = "/screen/towns"


def address(asked: Asked, language: Language) -> str:
    """Return the address that asks for a town and cuts."""
    return f"{ADDRESS}?{'&'.join(part for part in (asked.query, urlencode({'lang': language})) if part)}"
