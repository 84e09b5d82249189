"""Hearing what simulated departments send, as the schedule hears it."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from etl.schedule import Schedule


class Departments(Protocol):
    """Whoever keeps the rows that the streams have sent."""

    def hear(self, stream: str, header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
        """Take in some rows of a stream."""


def listen(schedule: Schedule, departments: Departments) -> None:
    """Let the departments' rows be heard as they are sent."""
    for reader in schedule.readers.values():
        if hasattr(reader, "stream"):
            overhear(reader.stream, departments)


def overhear(stream: Any, departments: Departments) -> None:
    """Let one stream's rows be heard."""
    asked = stream.told

    def listening(*what: Any) -> Any:
        frame = asked(*what)
        departments.hear(stream.name, list(frame.columns), zip(*(frame[c].tolist() for c in frame.columns), strict=True))
        return frame

    stream.told = listening
