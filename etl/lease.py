"""One schedule a store, whatever is started: a lock that ends with its process, and a fence for one that stands still.

Whoever begins gets a number, the fence, one higher than the last. Every transaction of a process that has a number
checks it, so that a process that stood still, and was replaced, writes nothing when it wakes. That it is alive it
says in the lease, with every commit and at least every `RENEW_S`.
"""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from cockpit.errors import Fenced, SchedulerRunning
from cockpit.ledger.lock import Lock, lock_of
from cockpit.ledger.store import ONE, Ledger, clock

LOG = logging.getLogger("cockpit.etl")

RENEW_S = 10.0
"""The longest that a schedule that is alive says nothing."""

TTL_S = 45.0
"""A lease that nobody renewed for this long is taken over."""

LOOK_S = 1.0
"""How often one that waits looks."""


@contextmanager
def alone(
    ledger: Ledger,
    *,
    stop: threading.Event | None = None,
    ttl_s: float = TTL_S,
    renew_s: float = RENEW_S,
    look_s: float = LOOK_S,
) -> Iterator[threading.Event]:
    """Be the only schedule of a store inside the block; with `stop`, wait for that until it is set.

    What it gives is set when another process has taken over nevertheless.
    Raises: SchedulerRunning when another process is the one, and this one does not wait or was told to stop.
    """
    lock = lock_of(ledger.engine)
    try:
        if lock.take():
            claim(ledger)
        elif stop is None:
            raise SchedulerRunning(f"another process already runs the schedule of this store ({holder(ledger)})")
        else:
            await_turn(ledger, lock, stop, looks=round(ttl_s / look_s), look_s=look_s)
        with renewing(ledger, lock, renew_s) as lost:
            yield lost
    finally:
        lock.release()


def await_turn(ledger: Ledger, lock: Lock, stop: threading.Event, *, looks: int, look_s: float) -> None:
    """Wait until the other schedule has ended, or its lease was found unchanged in that many looks.

    Looks are counted, and no clock is asked: one that is set, or a machine that slept, makes nobody look dead.
    Raises: SchedulerRunning when told to stop.
    """
    LOG.info("another process runs the schedule of this store (%s); this one waits for its turn", holder(ledger))
    seen, unchanged = None, 0
    while not stop.wait(look_s):
        try:
            if lock.take():
                return claim(ledger)
            found = lease_of(ledger)
            seen, unchanged = found, unchanged + 1 if found == seen else 0
            if unchanged >= looks:
                lock.end_stopped()
                if take_over(ledger, lock, found):
                    return None
        except SQLAlchemyError as error:  # the store is away, or a long batch is under way: its holder may be well
            LOG.debug("the lease cannot be read: %s", error)
    raise SchedulerRunning("told to stop while another process ran the schedule of this store")


def lease_of(ledger: Ledger) -> tuple[int, float]:
    """Return the fence, and when it was last renewed."""
    with ledger.reading() as connection:
        return read_lease(connection, ledger)


def read_lease(connection: sa.Connection, ledger: Ledger) -> tuple[int, float]:
    """Return the fence, and when it was last renewed, inside a transaction."""
    lease = ledger.lease.c
    row = connection.execute(sa.select(lease.fence, lease.renewed_at).where(lease.id == ONE)).one()
    return row.fence, row.renewed_at


def holder(ledger: Ledger) -> str:
    """Say who holds the lease."""
    with ledger.reading() as connection:
        return connection.scalars(sa.select(ledger.lease.c.owner).where(ledger.lease.c.id == ONE)).first() or "not yet named"


def claim(ledger: Ledger) -> None:
    """Become the one whose transactions count."""
    with ledger.writing() as connection:
        fence = raise_fence(connection, ledger)
    ledger.fence = fence


def raise_fence(connection: sa.Connection, ledger: Ledger) -> int:
    """Write the next fence and who holds it now."""
    fence = read_lease(connection, ledger)[0] + 1
    renewed = {"fence": fence, "owner": f"process {os.getpid()} of {socket.gethostname()}"}
    connection.execute(ledger.lease.update().values(renewed_at=clock(connection.dialect.name), **renewed))
    return fence


def take_over(ledger: Ledger, lock: Lock, seen: tuple[int, float]) -> bool:
    """Take the place of a schedule that stands still; whether it still stood still when nobody could write any more.

    The transaction waits for a batch that is under way, which renews the lease when it commits: it is never robbed.
    """
    with ledger.writing() as connection:
        if read_lease(connection, ledger) != seen or not lock.wrest():
            return False
        fence = raise_fence(connection, ledger)
    ledger.fence = fence
    LOG.warning("took the schedule over: the process that ran it (fence %d) had stood still", seen[0])
    return True


@contextmanager
def renewing(ledger: Ledger, lock: Lock, renew_s: float) -> Iterator[threading.Event]:
    """Renew the lease beside whatever the block does, for a schedule may have nothing to write for a while."""
    done, lost = threading.Event(), threading.Event()

    def renew() -> None:
        while not done.wait(renew_s):
            try:
                lock.take()  # a session that was lost took the lock along
                with ledger.writing():
                    pass
            except Fenced:
                lost.set()
                return
            except SQLAlchemyError as error:  # a long batch is under way, or the store is away
                LOG.debug("the lease was not renewed: %s", error)

    thread = threading.Thread(target=renew, daemon=True, name="renew-lease")
    thread.start()
    try:
        yield lost
    finally:
        done.set()
        thread.join()
        ledger.fence = None
