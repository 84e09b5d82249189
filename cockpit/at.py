"""Naming a past state of knowledge: a tick's number, or an instant on the site's clock."""

from datetime import datetime

from cockpit.errors import UnknownName
from cockpit.ledger.store import Ledger
from cockpit.site import Site
from cockpit.view import View, open_view


def view_at(ledger: Ledger, site: Site, now: float, at: str | None) -> View:
    """Open the view of a tick number, of the last tick at a time such as 2021-03-28T15:00, or the newest.

    A time without an offset is the site's local time. Raises: UnknownName.
    """
    if at is None:
        return open_view(ledger, site, now)
    if at.isascii() and at.isdigit():
        return open_view(ledger, site, now, number=int(at))
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise UnknownName(f"{at!r} is neither a tick's number nor a time such as 2021-03-28T15:00") from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=site.zone)
    return open_view(ledger, site, now, as_of=int(aware.timestamp()))
