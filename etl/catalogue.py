"""What the kitchen knows: contracts and derived tables, found in their files."""

import importlib
import pkgutil
from functools import cache
from graphlib import TopologicalSorter
from types import ModuleType

import etl.contracts
import etl.derive
from cockpit.ledger.tables import Table, by_name
from etl.derived import Derived


def modules(package: ModuleType) -> list[ModuleType]:
    """Return the modules of a package, in order of name."""
    return [importlib.import_module(f"{package.__name__}.{found.name}") for found in pkgutil.iter_modules(package.__path__)]


@cache
def contracts() -> dict[str, Table]:
    """Return every contract by name."""
    return by_name(value for module in modules(etl.contracts) for value in vars(module).values() if isinstance(value, Table))


@cache
def derivations() -> tuple[Derived, ...]:
    """Return every derived table, sources before what follows from them."""
    found = [value for module in modules(etl.derive) for value in vars(module).values() if isinstance(value, Derived)]
    named = {derived.table.name: derived for derived in found}
    order = TopologicalSorter({name: derived.sources for name, derived in named.items()})
    return tuple(named[name] for name in order.static_order() if name in named)


@cache
def tables() -> dict[str, Table]:
    """Return every table of the ledger that the kitchen fills, by name."""
    return by_name([*contracts().values(), *(derived.table for derived in derivations())])
