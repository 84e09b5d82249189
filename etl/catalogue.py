"""What the kitchen knows: contracts, derived tables and models, found in their files."""

import importlib
import pkgutil
from functools import cache
from graphlib import TopologicalSorter
from types import ModuleType

import etl.contracts
import etl.derive
import etl.models
from cockpit.errors import SiteError
from cockpit.ledger.tables import Kind, Table, by_name
from cockpit.site import Site
from etl.derived import Derived
from etl.model import Model

FILLED = (Kind.TOWN, Kind.LOCAL)
"""Kinds of column that have a value without being mapped: unknown, or what follows from an instant."""


def modules(package: ModuleType) -> list[ModuleType]:
    """Return the modules of a package, in order of name."""
    return [importlib.import_module(f"{package.__name__}.{found.name}") for found in pkgutil.iter_modules(package.__path__)]


@cache
def contracts() -> dict[str, Table]:
    """Return every contract by name."""
    return by_name(value for module in modules(etl.contracts) for value in vars(module).values() if isinstance(value, Table))


def check_reads(site: Site) -> None:
    """Check that a site's sources fill tables and fields that exist, and leave no required one out. Raises: SiteError."""
    for source in site.sources:
        for read in source.reads:
            table = contracts().get(read.table)
            if table is None:
                raise SiteError(
                    f"{site.folder / 'site.toml'}: {source.key} fills {read.table!r}; there are {', '.join(contracts())}"
                )
            unknown = [name for name in read.fields if name not in table.names]
            left_out = [c.name for c in table.columns if c.required and c.kind not in FILLED and c.name not in read.fields]
            if unknown or left_out:
                wrong = [f"{name} is no field of it" for name in unknown] + [f"{name} is required" for name in left_out]
                raise SiteError(f"{site.folder / 'site.toml'}: {source.key}.{read.table}: {'; '.join(wrong)}")


@cache
def derivations() -> tuple[Derived, ...]:
    """Return every derived table, sources before what follows from them."""
    found = [value for module in modules(etl.derive) for value in vars(module).values() if isinstance(value, Derived)]
    named = {derived.table.name: derived for derived in found}
    order = TopologicalSorter({name: derived.reads for name, derived in named.items()})
    return tuple(named[name] for name in order.static_order() if name in named)


@cache
def tables() -> dict[str, Table]:
    """Return every table of the ledger that the kitchen fills, by name."""
    judged = (model.table for model in models())
    return by_name([*contracts().values(), *(derived.table for derived in derivations()), *judged])


@cache
def models() -> tuple[Model, ...]:
    """Return every model, those that judge weeks before those that judge days, which stand on them."""
    found = [value for module in modules(etl.models) for value in vars(module).values() if isinstance(value, Model)]
    return tuple(sorted(found, key=lambda model: (model.rhythm != "week", model.table.name)))
