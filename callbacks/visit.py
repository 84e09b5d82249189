"""A visit: somebody asks for a page, by what stands behind the first part of its path."""

from typing import NamedTuple
from urllib.parse import parse_qs

from callbacks.board import Board
from callbacks.supplies import Supplies
from cockpit.scope import Scope
from cockpit.text import Language


class Visit(NamedTuple):
    """Who may see what, where: `rest` are the further parts of the path, `query` is what stands behind its question mark."""

    board: Board
    supplies: Supplies
    scope: Scope
    language: Language
    rest: tuple[str, ...]
    query: str

    def said(self, name: str) -> str | None:
        """Return what the query says of a name, None where it says nothing."""
        return parse_qs(self.query.removeprefix("?")).get(name, [None])[0]
