"""Which towns a person may see. A scope comes from the server and from nowhere else."""

from dataclasses import dataclass

UNKNOWN_TOWN = "?"
"""The town of a row whose own record names none: counted in the city, never ranked."""


@dataclass(frozen=True)
class Scope:
    """The whole city (`towns` is None) or a set of town codes."""

    towns: frozenset[str] | None

    @property
    def is_city(self) -> bool:
        """Whether nothing is left out."""
        return self.towns is None

    @property
    def code(self) -> str:
        """The scope as it is written in addresses and answers: `city`, or the town codes."""
        return "city" if self.towns is None else ",".join(sorted(self.towns))


CITY = Scope(None)


def town_scope(*codes: str) -> Scope:
    """Return the scope of some towns."""
    return Scope(frozenset(codes))
