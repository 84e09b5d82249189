"""What the house declares, joined for the lineage: tables, what they follow from, metrics and screens."""

from collections.abc import Iterable

from cockpit.evaluate import catalogue
from cockpit.lineage import Declared
from cockpit.panel import Screen
from etl.catalogue import derivations, models, tables


def declared(screens: Iterable[Screen]) -> Declared:
    """Return everything that is declared."""
    return Declared(
        tables=tables(),
        follows={
            **{derived.table.name: derived.sources for derived in derivations()},
            **{model.table.name: model.sources for model in models()},
        },
        reads={
            **{derived.table.name: derived.reads for derived in derivations()},
            **{model.table.name: model.reads for model in models()},
        },
        metrics=tuple(catalogue().values()),
        screens=tuple(screens),
    )
