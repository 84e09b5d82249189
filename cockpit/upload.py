"""What an uploaded file would do, told to the person who brought it and to nobody else: nothing of it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.supply import BatchLine
from cockpit.text import Text


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One column of a source's files: what it fills, and what may stand in it.

    `allowed` is empty where any text of the right form may stand; `written` says the form, with an example.
    """

    column: str
    fills: tuple[Text, ...]
    is_required: bool
    allowed: tuple[str, ...]
    written: Text
    unit: str


@dataclass(frozen=True, kw_only=True)
class RefusedCell:
    """Why a line of the file would be refused."""

    line: int
    columns: tuple[str, ...]
    value: str
    reason: str
    allowed: tuple[str, ...]
    written: Text | None


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The first rows of a table as they would be understood; a cell is None where it is empty."""

    title: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[str | None, ...], ...]
    count: int


MOST_BYTES = 30_000_000
"""Largest file that is taken."""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a file would do. `objection` is why it would be held, `before` the batch that brought the very same content."""

    content: str
    read_count: int
    duplicate_count: int
    refused_count: int
    refused: tuple[RefusedCell, ...]
    samples: Mapping[str, Sample]
    objection: str | None
    before: BatchLine | None

    @property
    def load_count(self) -> int:
        """Rows, of all tables, that would be loaded."""
        return sum(sample.count for sample in self.samples.values())
