"""Where numbers come from: sources, tables, metrics, panels and screens, and what flows into what.

It is read from the declarations alone (a site's reads, what a table follows from, a metric's table and sources, a
panel's needs, a screen's arrangement), so that it cannot tell anything but what the house does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from cockpit.evaluate import unknowable
from cockpit.ledger.store import QUARANTINE
from cockpit.ledger.tables import Table
from cockpit.metric import Metric
from cockpit.panel import Panel, Screen
from cockpit.site import Site
from cockpit.text import Text


class Stage(StrEnum):
    """How far on its way from a department to a screen something is."""

    SOURCE = "source"
    CONTRACT = "contract"
    DERIVED = "derived"
    METRICS = "metrics"
    PANEL = "panel"
    SCREEN = "screen"


@dataclass(frozen=True)
class Node:
    """One thing on the way; the metrics of one table are one.

    `members` are its metrics, or the panels of a screen; `unknowable` those metrics that this site cannot know.
    """

    stage: Stage
    name: str
    title: Text
    members: tuple[str, ...] = ()
    unknowable: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What it is known by."""
        return f"{self.stage.value}:{self.name}"


@dataclass(frozen=True)
class Lineage:
    """All of one site, each thing once. `edges` run from what tells to what follows from it.

    `left_out` is declared, but nothing of it can come from this site's sources.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]
    left_out: tuple[Node, ...]

    @cached_property
    def before(self) -> Mapping[str, tuple[str, ...]]:
        """What each thing follows from directly."""
        return {node.key: tuple(a for a, b in self.edges if b == node.key) for node in self.nodes}

    @cached_property
    def after(self) -> Mapping[str, tuple[str, ...]]:
        """What follows from each thing directly."""
        return {node.key: tuple(b for a, b in self.edges if a == node.key) for node in self.nodes}

    def sources_of(self, key: str) -> frozenset[str]:
        """Return the names of the sources that a thing rests on."""
        above = {key}
        waiting = [key]
        while waiting:
            new = set(self.before[waiting.pop()]) - above
            above |= new
            waiting += new
        return frozenset(node.name for node in self.nodes if node.stage is Stage.SOURCE and node.key in above)


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What the house declares: every table, what each derived one follows from, every metric and every screen.

    `follows` lists a table after those that it follows from; `reads` adds the lists that it looks names up in.
    """

    tables: Mapping[str, Table]
    follows: Mapping[str, tuple[str, ...]]
    reads: Mapping[str, tuple[str, ...]]
    metrics: Iterable[Metric]
    screens: Iterable[Screen]


def lineage(site: Site, declared: Declared) -> Lineage:
    """Return what flows into what in one site."""
    fed = fed_tables(site, declared)
    named = {**declared.tables, QUARANTINE.name: QUARANTINE}
    order = [*(name for name in named if name not in declared.follows), *declared.follows]
    tables = [table_node(name, named[name], declared) for name in order]
    unknown = frozenset(metric.key for metric in declared.metrics if unknowable(site, metric))
    groups = metric_nodes(declared, unknown)
    panels = panels_by_name(site, declared.screens)
    nodes = [
        *(Node(Stage.SOURCE, source.key, source.title) for source in site.sources),
        *(node for node in tables if node.name in fed),
        *(node for node in groups if node.name in fed),
        *(panel_node(name, panel, unknown) for name, panel in panels.items()),
        *(Node(Stage.SCREEN, screen.key, screen.title, names_on(site, screen, panels)) for screen in declared.screens),
    ]
    known = {node.key for node in nodes}
    found = [*table_edges(site, declared, fed), *group_edges(groups, declared), *panel_edges(panels, declared)]
    found += [
        (f"panel:{name}", f"screen:{screen.key}") for screen in declared.screens for name in names_on(site, screen, panels)
    ]
    edges = tuple(dict.fromkeys(edge for edge in found if known.issuperset(edge)))
    left_out = tuple(node for node in (*tables, *groups) if node.name not in fed)
    return Lineage(tuple(nodes), edges, left_out)


def fed_tables(site: Site, declared: Declared) -> frozenset[str]:
    """Return the tables that a site's sources fill, those that follow from them, and the quarantine."""
    fed = {read.table for source in site.sources for read in source.reads} | {QUARANTINE.name}
    for name, sources in declared.follows.items():
        if fed.intersection(sources):
            fed.add(name)
    return frozenset(fed)


def table_node(name: str, table: Table, declared: Declared) -> Node:
    """Return a table's place: what departments tell, or what follows from it."""
    return Node(Stage.DERIVED if name in declared.follows else Stage.CONTRACT, name, table.title)


def metric_nodes(declared: Declared, unknown: frozenset[str]) -> list[Node]:
    """Return one node for the metrics of each table."""
    named = {**declared.tables, QUARANTINE.name: QUARANTINE}
    members: dict[str, list[str]] = {}
    for metric in declared.metrics:
        members.setdefault(metric.table, []).append(metric.key)
    return [
        Node(Stage.METRICS, table, named[table].title, tuple(keys), tuple(key for key in keys if key in unknown))
        for table, keys in members.items()
    ]


def panels_by_name(site: Site, screens: Iterable[Screen]) -> dict[str, Panel]:
    """Return every panel that a site is shown, once; two that share a key are told apart by their screen."""
    found: dict[str, Panel] = {}
    for screen in screens:
        for panel in screen.arranged(site).panels:
            if panel not in found.values():
                found[f"{screen.key}.{panel.key}" if panel.key in found else panel.key] = panel
    return found


def names_on(site: Site, screen: Screen, panels: Mapping[str, Panel]) -> tuple[str, ...]:
    """Return the names of a screen's panels."""
    return tuple(name for name, panel in panels.items() if panel in screen.arranged(site).panels)


def panel_node(name: str, panel: Panel, unknown: frozenset[str]) -> Node:
    """Return a panel with the metrics that it shows, each once."""
    metrics = tuple(dict.fromkeys(need.metric for need in panel.needs))
    return Node(Stage.PANEL, name, panel.title, metrics, tuple(key for key in metrics if key in unknown))


def table_edges(site: Site, declared: Declared, fed: frozenset[str]) -> list[tuple[str, str]]:
    """Return what flows into tables: a source into those it fills and the quarantine, tables into those that follow."""
    edges = []
    for source in site.sources:
        filled = [*dict.fromkeys(read.table for read in source.reads), QUARANTINE.name]
        edges += [(f"source:{source.key}", table_key(name, declared)) for name in filled]
    for name, reads in declared.reads.items():
        edges += [(table_key(one, declared), f"derived:{name}") for one in reads if one in fed]
    return edges


def table_key(name: str, declared: Declared) -> str:
    """Return the key of a table's node."""
    return f"{'derived' if name in declared.follows else 'contract'}:{name}"


def group_edges(groups: list[Node], declared: Declared) -> list[tuple[str, str]]:
    """Return what metrics read, and the contracts whose age is theirs though their table does not follow from them."""
    edges = [(table_key(group.name, declared), group.key) for group in groups]
    for metric in declared.metrics:
        beyond = set(metric.sources) - contracts_above(metric.table, declared)
        edges += [(table_key(name, declared), f"metrics:{metric.table}") for name in sorted(beyond)]
    return edges


def contracts_above(name: str, declared: Declared) -> set[str]:
    """Return the contracts that a table follows from, or is."""
    reads = declared.reads.get(name, ())
    return {name}.union(*(contracts_above(one, declared) for one in reads))


def panel_edges(panels: Mapping[str, Panel], declared: Declared) -> list[tuple[str, str]]:
    """Return what panels show: metrics, and newest rows of tables."""
    table_of = {metric.key: metric.table for metric in declared.metrics}
    edges = []
    for name, panel in panels.items():
        edges += [(f"metrics:{table_of[need.metric]}", f"panel:{name}") for need in panel.needs]
        edges += [(table_key(latest.table, declared), f"panel:{name}") for latest in panel.latest]
    return edges
