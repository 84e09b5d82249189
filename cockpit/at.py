"""Naming a past state of knowledge: a tick's number, or an instant on the site's clock."""

from datetime import datetime

from cockpit.errors import UnknownName
from cockpit.ledger.read import Tick, tick_at
from cockpit.ledger.store import Ledger
from cockpit.site import Site
from cockpit.view import View, open_view

LONGEST_NUMBER = 18
"""Digits of a number that always fits the store."""


def tick_named(ledger: Ledger, site: Site, at: str) -> Tick:
    """Return the tick of a number, or the last one at a time such as 2021-03-28T15:00.

    A time without an offset is the site's local time. Raises: UnknownName.
    """
    with ledger.reading() as connection:
        if at.isascii() and at.isdigit() and len(at) < LONGEST_NUMBER:
            return tick_at(connection, ledger, number=int(at))
        try:
            moment = datetime.fromisoformat(at)
        except ValueError as error:
            raise UnknownName(f"{at!r} is neither a tick's number nor a time such as 2021-03-28T15:00") from error
        aware = moment if moment.tzinfo else moment.replace(tzinfo=site.zone)
        return tick_at(connection, ledger, as_of=int(aware.timestamp()))


def view_at(ledger: Ledger, site: Site, now: float, at: str | None) -> View:
    """Open the view of a named tick, or of the newest. Raises: UnknownName."""
    return open_view(ledger, site, now, number=None if at is None else tick_named(ledger, site, at).number)
