"""How far a read by cursor has come, and what it remembers of the rows that lie within the overlap behind it."""

import datetime as dt
import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

DATE_LENGTH = len("2021-03-05")


@dataclass(frozen=True)
class Overlap:
    """How far behind the last row another may still be committed: in seconds for instants, in whole numbers for numbers."""

    seconds: int
    count: int

    def before(self, value: Any) -> Any:
        """Return the cursor from which on rows are read again; one that nothing can be taken from is its own overlap."""
        if isinstance(value, dt.date):
            return value - dt.timedelta(seconds=self.seconds)
        if isinstance(value, str):
            return self.before_text(value)
        return value - self.count if isinstance(value, int | float | Decimal) else value

    def before_text(self, value: str) -> str:
        """Return the same for an instant that a database keeps as text, written as it writes them."""
        try:
            instant = dt.datetime.fromisoformat(value) - dt.timedelta(seconds=self.seconds)
        except ValueError:
            return value
        if len(value) <= DATE_LENGTH:
            return instant.date().isoformat()
        precision = "seconds" if "." not in value else "milliseconds" if len(value.partition(".")[2]) <= 3 else "microseconds"
        return instant.isoformat(value[DATE_LENGTH], precision)


@dataclass
class Position:
    """The cursor of the last row, and the rows that lie within the overlap behind it, those without a cursor among them."""

    overlap: Overlap
    after: Any = None
    behind: deque[tuple[Any, str]] = field(default_factory=deque)
    without: list[str] = field(default_factory=list)

    def take(self, value: Any, row: str) -> None:
        """Go on to a row, told as text; rows come in the order of their cursors."""
        if value is None:
            self.without.append(row)
            return
        self.after = value
        self.behind.append((value, row))
        begin = self.overlap.before(value)
        while self.behind[0][0] < begin:
            self.behind.popleft()

    def kept(self) -> dict[str, Any]:
        """Return it as the cursor of a source keeps it: one hash stands for the rows behind."""
        rows = "\n".join(sorted([*(row for _, row in self.behind), *self.without]))
        return {"after": told(self.after), "behind": hashlib.sha256(rows.encode("utf-8", "surrogatepass")).hexdigest()}


def told(value: Any) -> Any:
    """Return a cursor as JSON can keep it."""
    if isinstance(value, dt.datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return {"bytes": value.hex()} if isinstance(value, bytes) else value


def understood(value: Any) -> Any:
    """Return a cursor as the database compares it."""
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return READ[kind](text)


READ: dict[str, Callable[[str], Any]] = {
    "instant": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "decimal": Decimal,
    "bytes": bytes.fromhex,
}
