"""What the query of a page's address asks of its panels: `?town=331081107&cuts=70-50-30`."""

from urllib.parse import parse_qs

from cockpit.disclosure import Level
from cockpit.errors import UnknownName
from cockpit.panel import Asked, Cuts
from cockpit.scope import Scope
from cockpit.view import View

CUT_COUNT, LEAST_CUT, MOST_CUT = 3, 1, 99
"""Cuts for red, orange and yellow, within the score's 0 to 100."""


def asked_of(query: str, view: View, scope: Scope, *, follows: bool = True) -> Asked:
    """Return what a query asks: a past moment, a display level, and where a page follows a town, which one and what if.

    Raises: UnknownName for a town that the scope may not see.
    """
    told = parse_qs(query.removeprefix("?"))
    at, level = told.get("at", [""])[0] or None, level_of(told.get("level", [""])[0])
    if not follows:
        return Asked(at=at, level=level)
    town = told.get("town", [""])[0] or None
    if town is not None and not may_see(view, scope, town):
        raise UnknownName(f"there is no town {town!r} that may be seen here; leave ?town= out for all of them")
    cuts = cuts_of("-".join(told.get("cuts", [])))
    return Asked(town, cuts, is_refused="cuts" in told and cuts is None, at=at, level=level)


def level_of(said: str) -> Level:
    """Return the display level of a word, which is that of the staff where none is named."""
    return next((level for level in Level if level.value == said.lower()), Level.DUTY)


def may_see(view: View, scope: Scope, town: str) -> bool:
    """Whether a town is in the city's list, and in the scope."""
    return town in view.labels.get("town", {}) and (scope.towns is None or town in scope.towns)


def cuts_of(said: str) -> Cuts | None:
    """Return the cuts that are written from red to yellow, joined or as a form of three fields sends them; else none."""
    parts = said.split("-")
    if len(parts) != CUT_COUNT or not all(
        part.isascii() and part.isdigit() and len(part) <= len(str(MOST_CUT)) for part in parts
    ):
        return None
    red, orange, yellow = (int(part) for part in parts)
    return (yellow, orange, red) if LEAST_CUT <= yellow < orange < red <= MOST_CUT else None
