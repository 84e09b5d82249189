"""The book of stretches: how each source stood, and how long; the web process reads it to show a past minute as it was."""

from typing import Any

import sqlalchemy as sa

from cockpit.ledger.store import Ledger

STANDS = ("observed_at", "state", "message")
"""What is the same all through a stretch."""


def note_stretch(connection: sa.Connection, ledger: Ledger, key: str, *, now: float, within_s: float) -> None:
    """Write down how a source stands now (UTC s), after it was noted: as it stood before, or otherwise from now on.

    A source that is read whole again within so many seconds was not late in between, and its stretch goes on.
    """
    stretches, sources = ledger.stretches, ledger.sources.c
    noted = sa.select(sources.loaded_at, *(sources[name] for name in STANDS)).where(sources.key == key)
    stands, last = connection.execute(noted).one(), newest_stretch(connection, ledger, key)
    if last is None or not goes_on(last, stands, within_s):
        take_back(connection, ledger, key, now)
        began = {"source": key, "began_at": now, "first_loaded_at": stands.loaded_at}
        connection.execute(stretches.insert(), {**began, **stands._asdict()})
    elif last.loaded_at != stands.loaded_at:
        connection.execute(stretches.update().where(stretches.c.id == last.id).values(loaded_at=stands.loaded_at))


def newest_stretch(connection: sa.Connection, ledger: Ledger, key: str) -> sa.Row[Any] | None:
    """Return the newest stretch of a source, if there is one."""
    stretches = ledger.stretches
    query = sa.select(stretches).where(stretches.c.source == key).order_by(stretches.c.began_at.desc(), stretches.c.id.desc())
    return connection.execute(query.limit(1)).first()


def goes_on(last: sa.Row[Any], stands: sa.Row[Any], within_s: float) -> bool:
    """Whether a source stands as in its newest stretch, and was not late since."""
    if any(getattr(last, name) != getattr(stands, name) for name in STANDS):
        return False
    if last.loaded_at is None or stands.loaded_at is None:
        return bool(last.loaded_at == stands.loaded_at)
    return bool(0 <= stands.loaded_at - last.loaded_at <= within_s)


def take_back(connection: sa.Connection, ledger: Ledger, key: str, now: float) -> None:
    """Remove what a clock that was wrong wrote of the time after now (UTC s)."""
    stretches = ledger.stretches
    connection.execute(stretches.delete().where(stretches.c.source == key, stretches.c.began_at > now))
