"""Feeling for commits, so that news is on the screens at once."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, Self

import sqlalchemy as sa

from cockpit.ledger.store import NEWS, Ledger


class Feeler(Protocol):
    """How one kind of store is felt, on a connection of its own. Every method may raise what the driver raises."""

    def __init__(self, engine: sa.Engine) -> None:
        """Open the connection; this may wait for a server."""

    def has_news(self) -> bool:
        """Whether anything was committed since this was last asked; it waits for nobody."""

    def close(self) -> None:
        """Close the connection."""


class Pulse:
    """A connection kept to feel whether anything was committed, by whichever process: far cheaper than a look.

    It waits for nobody: a connection is opened beside, for whoever feels has other things to do meanwhile.
    Nothing is ever missed for good by it: a store that cannot be felt is felt anew the next time.
    """

    def __init__(self, ledger: Ledger) -> None:
        """Remember the store; the connection is opened when it is first needed."""
        self.ledger = ledger
        self.feeler: Feeler | None = None
        self.opening: Future[Feeler] | None = None
        self.opener = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pulse")

    def __enter__(self) -> Self:
        """Feel it for as long as the block lasts."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the connection."""
        self.opener.shutdown(wait=True)
        if self.opening is not None and self.opening.exception() is None:
            self.feeler = self.opening.result()
        self.let_go()

    def has_beaten(self) -> bool:
        """Whether anything was committed since this was last asked; the first answer of a connection is yes."""
        try:
            return self.is_opened() if self.feeler is None else self.feeler.has_news()
        except Exception:  # noqa: BLE001 whatever it is, the look that follows twice a second tells of it
            self.let_go()
            return False

    def is_opened(self) -> bool:
        """Whether the connection is there now, which was not before: what was committed until then may be news."""
        if self.opening is None:
            self.opening = self.opener.submit(FEELERS[self.ledger.engine.dialect.name], self.ledger.engine)
        if not self.opening.done():
            return False
        opened, self.opening = self.opening, None
        self.feeler = opened.result()
        return True

    def let_go(self) -> None:
        """Close the connection, if there is one."""
        feeler, self.feeler = self.feeler, None
        if feeler is not None:
            feeler.close()


class SqliteFeeler:
    """An integer that every commit of another connection changes."""

    def __init__(self, engine: sa.Engine) -> None:
        """Open a connection that waits for no lock."""
        self.connection = engine.raw_connection()
        self.connection.detach()
        self.connection.cursor().execute("PRAGMA busy_timeout=0")
        self.felt = self.version()

    def version(self) -> int:
        """Return the integer; another connection counts on its own."""
        return int(self.connection.cursor().execute("PRAGMA data_version").fetchone()[0])

    def has_news(self) -> bool:
        """Whether the integer is another one than before."""
        before, self.felt = self.felt, self.version()
        return before != self.felt

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


class PostgresqlFeeler:
    """A session that listens to what writers say when they commit."""

    def __init__(self, engine: sa.Engine) -> None:
        """Open a session that listens."""
        self.connection = engine.raw_connection()
        driver: Any = self.connection.driver_connection
        self.connection.detach()
        driver.autocommit = True
        driver.execute(f"LISTEN {NEWS}")
        self.socket: Any = driver.pgconn

    def has_news(self) -> bool:
        """Whether a writer has said anything; what came is taken from the socket, and nothing is waited for."""
        self.socket.consume_input()
        heard = 0
        while self.socket.notifies() is not None:
            heard += 1
        return heard > 0

    def close(self) -> None:
        """Close the session."""
        self.connection.close()


FEELERS: dict[str, type[Feeler]] = {"sqlite": SqliteFeeler, "postgresql": PostgresqlFeeler}
