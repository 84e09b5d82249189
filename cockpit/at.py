"""Naming a past moment: a tick's number, or an instant on the site's clock."""

from datetime import datetime
from typing import NamedTuple

from cockpit.errors import NoSuchMoment, UnknownName
from cockpit.ledger.read import Tick, first_tick, tick_at
from cockpit.ledger.store import Ledger
from cockpit.site import Site
from cockpit.text import Text
from cockpit.view import View, open_view

LONGEST_NUMBER = 18
"""Digits of a number that always fits the store."""

UNREADABLE = Text(
    "“{}”不是可回放的时刻，请写成 2021-03-28T15:00 的形式",
    "{!r} is neither a tick's number nor a time such as 2021-03-28T15:00",
)
NO_TICK = Text("没有编号为 {} 的数据状态", "nothing is known as of {}: no tick is so numbered, or it was removed")
NOTHING_YET = Text("尚无任何数据，无可回放", "nothing is known yet, so that nothing can be replayed")
TOO_EARLY = Text(
    "{:%Y-%m-%d %H:%M} 早于最早的数据；可回放 {:%Y-%m-%d %H:%M} 之后的时刻",
    "nothing is known as of {:%Y-%m-%d %H:%M}: no tick is that old; replay begins at {:%Y-%m-%d %H:%M}",
)
TOO_LATE = Text(
    "{:%Y-%m-%d %H:%M} 尚未到来；最新数据为 {:%Y-%m-%d %H:%M}",
    "{:%Y-%m-%d %H:%M} has not come yet; the newest data are of {:%Y-%m-%d %H:%M}",
)


class Moment(NamedTuple):
    """A past moment: the tick that was the newest then, and two instants (UTC s).

    `shown_at` is what the site's clock showed, `instant` what the real one did, by which the sources are aged: a record that
    is told again has a clock of its own.
    """

    tick: Tick
    shown_at: int
    instant: float


def moment_named(ledger: Ledger, site: Site, at: str, now: float) -> Moment:
    """Return the moment of a tick's number, or of a time such as 2021-03-28T15:00 that is not after `now` (UTC s).

    A time without an offset is the site's local time. Raises: NoSuchMoment.
    """
    if at.isascii() and at.isdigit() and len(at) < LONGEST_NUMBER:
        return numbered(ledger, int(at))
    try:
        moment = datetime.fromisoformat(at)
        asked = moment if moment.tzinfo else moment.replace(tzinfo=site.zone)
        instant = int(asked.timestamp())
        local(site, instant)
    except (ValueError, OverflowError) as error:  # the latter at the ends of the calendar
        raise NoSuchMoment(written(UNREADABLE, at)) from error
    return known_at(ledger, site, instant, now)


def numbered(ledger: Ledger, number: int) -> Moment:
    """Return the moment at which a tick was committed. Raises: NoSuchMoment."""
    try:
        with ledger.reading() as connection:
            tick = tick_at(connection, ledger, number=number)
    except UnknownName as error:
        raise NoSuchMoment(written(NO_TICK, number)) from error
    return Moment(tick, tick.as_of, tick.committed_at)


def known_at(ledger: Ledger, site: Site, instant: int, now: float) -> Moment:
    """Return the moment of an instant (UTC s) on the site's clock. Raises: NoSuchMoment."""
    with ledger.reading() as connection:
        newest, first = tick_at(connection, ledger), first_tick(connection, ledger)
        if first is None:
            raise NoSuchMoment(NOTHING_YET)
        if instant < first.as_of:
            raise NoSuchMoment(written(TOO_EARLY, local(site, instant), local(site, first.as_of)))
        if instant > (newest.as_of if site.replay else now):
            raise NoSuchMoment(written(TOO_LATE, local(site, instant), local(site, newest.as_of)))
        tick = tick_at(connection, ledger, as_of=instant)
    return Moment(tick, instant, tick.committed_at if site.replay else float(instant))


def written(sentence: Text, *told: object) -> Text:
    """Return a sentence with what it speaks of."""
    return Text(sentence.zh.format(*told), sentence.en.format(*told))


def local(site: Site, instant: int) -> datetime:
    """Return an instant (UTC s) on the site's wall clock."""
    return datetime.fromtimestamp(instant, site.zone)


def view_at(ledger: Ledger, site: Site, now: float, at: str | None) -> View:
    """Open the view of a named moment, or of the newest tick. Raises: NoSuchMoment."""
    if at is None:
        return open_view(ledger, site, now)
    moment = moment_named(ledger, site, at, now)
    return open_view(ledger, site, moment.instant, number=moment.tick.number)
