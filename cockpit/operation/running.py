"""Whether somebody runs the schedule of a store."""

from cockpit.ledger.lock import lock_of
from cockpit.ledger.store import Ledger


def is_scheduled(ledger: Ledger) -> bool:
    """Whether another process holds the lock of the schedule; asking takes it for a moment when nobody does."""
    lock = lock_of(ledger.engine)
    if not lock.take():
        return True
    lock.release()
    return False
