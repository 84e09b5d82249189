"""The lineage tells all of what is declared, once, and nothing else, for every site that ships."""

from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from cockpit.app import screens
from cockpit.evaluate import catalogue, metric_named
from cockpit.freshness import Age, SourceAge
from cockpit.ledger.store import QUARANTINE
from cockpit.lineage import Stage, lineage
from cockpit.site import load_site
from cockpit.supply import Supply
from cockpit.text import LANGUAGES
from etl.catalogue import contracts, derivations, models, tables
from etl.flow import declared
from layouts.office.lineage import NODE_WIDTH, columns_of, drawing, in_words

SITES = ("wenling", "dublin")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=SITES)
def site(request):
    return load_site(request.param)


@pytest.fixture(scope="module")
def flow(site):
    return lineage(site, declared(screens().values()))


def supplied(site, flow, ages):
    return Supply(
        site=site,
        now=0.0,
        tick=1,
        heard_at=0,
        ages=ages,
        batches=(),
        held=(),
        intakes={},
        groups=(),
        row_counts=dict.fromkeys([*tables(), QUARANTINE.name], 1_234_567),
        table_titles={},
        lineage=flow,
        local_time=lambda _: None,
    )


def fresh(site):
    return tuple(SourceAge(source.key, source.title, Age.FRESH, 1.0, 1, "", source.static) for source in site.sources)


def names(nodes, *stages):
    return Counter(node.name for node in nodes if node.stage in stages)


def test_every_source_table_metric_panel_and_screen_is_told_once(site, flow):
    everything = (*flow.nodes, *flow.left_out)
    assert Counter(node.key for node in everything).most_common(1)[0][1] == 1
    assert names(flow.nodes, Stage.SOURCE) == Counter(source.key for source in site.sources)
    assert names(everything, Stage.CONTRACT, Stage.DERIVED) == Counter([*tables(), QUARANTINE.name])
    members = Counter(key for node in everything if node.stage is Stage.METRICS for key in node.members)
    assert members == Counter(list(catalogue()))
    shown = {panel for screen in screens().values() for panel in screen.arranged(site).panels}
    assert sum(names(flow.nodes, Stage.PANEL).values()) == len(shown)
    assert names(flow.nodes, Stage.SCREEN) == Counter(list(screens()))


def test_what_is_left_out_is_what_no_source_fills(site, flow):
    filled = {read.table for source in site.sources for read in source.reads}
    left_out = names(flow.left_out, Stage.CONTRACT)
    assert set(left_out) == set(contracts()) - filled - {model.table.name for model in models()}
    for derived in (*derivations(), *models()):
        reachable = not set(left_out).issuperset(above(derived.table.name))
        assert (derived.table.name in names(flow.nodes, Stage.DERIVED)) == reachable


def above(name):
    sources = next((one.sources for one in (*derivations(), *models()) if one.table.name == name), None)
    return {name} if sources is None else set().union(*(above(source) for source in sources))


def test_lines_are_the_declarations(site, flow):
    edges = set(flow.edges)
    stage = {node.name: node.key for node in flow.nodes if node.stage in (Stage.CONTRACT, Stage.DERIVED)}
    for source in site.sources:
        assert {b for a, b in edges if a == f"source:{source.key}"} == {
            f"contract:{name}" for name in [*(read.table for read in source.reads), QUARANTINE.name]
        }
    for derived in (*derivations(), *models()):
        if derived.table.name in stage:
            found = {a for a, b in edges if b == f"derived:{derived.table.name}"}
            assert found == {stage[name] for name in derived.reads if name in stage}
    for screen in (one for one in screens().values() if one.shows(site)):
        for panel in screen.arranged(site).panels:
            (key,) = [node.key for node in flow.nodes if node.stage is Stage.PANEL and node.name == panel.key]
            wanted = {f"metrics:{metric_named(need.metric).table}" for need in panel.needs}
            wanted |= {stage[latest.table] for latest in panel.latest}
            assert {a for a, b in edges if b == key} == wanted
            assert (key, f"screen:{screen.key}") in edges
    assert all(columns_of(flow)[a] < columns_of(flow)[b] for a, b in edges)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawing_and_its_text_hold_every_node_and_line(site, flow, language):
    supply = supplied(site, flow, fresh(site))
    drawn = ET.fromstring(drawing(supply, language))
    assert Counter(group.get("data-key") for group in drawn.iter(f"{SVG}g")) == Counter(node.key for node in flow.nodes)
    assert Counter((e.get("data-from"), e.get("data-to")) for e in drawn.iter(f"{SVG}path")) == Counter(flow.edges)
    assert {group.get("tabindex") for group in drawn.iter(f"{SVG}g")} == {"0"}
    told = str(in_words(supply, language))
    assert all(node.title(language) in told for node in flow.nodes)


def test_no_box_lies_upon_another(site, flow):
    drawn = ET.fromstring(drawing(supplied(site, flow, fresh(site)), "zh"))
    boxes = [[float(rect.get(name)) for name in ("x", "y", "height")] for rect in drawn.iter(f"{SVG}rect")]
    for x, y, height in boxes:
        assert not any(x == left and y < top < y + height for left, top, _ in boxes)
        assert 0 <= x <= float(drawn.get("viewBox").split()[2]) - NODE_WIDTH


def test_what_rests_on_a_source_that_is_not_fresh_is_not_shown_as_fresh(site, flow):
    ages = fresh(site)
    stale = (replace(ages[-1], age=Age.STALE), *ages[:-1])
    drawn = ET.fromstring(drawing(supplied(site, flow, stale), "zh"))
    looks = {group.get("data-key"): group.get("class") for group in drawn.iter(f"{SVG}g")}
    below = {f"source:{ages[-1].key}"}
    for _ in flow.nodes:
        below |= {b for a, b in flow.edges if a in below}
    assert any(key.startswith("screen:") for key in below)
    for key, look in looks.items():
        assert ("age-fresh" not in look) if key in below else ("age-stale" not in look)


def test_metrics_that_cannot_be_known_are_not_shown_as_fresh():
    dublin = load_site("dublin")
    flow = lineage(dublin, declared(screens().values()))
    drawn = ET.fromstring(drawing(supplied(dublin, flow, fresh(dublin)), "en"))
    (vehicles,) = [group for group in drawn.iter(f"{SVG}g") if group.get("data-key") == "metrics:vehicle_state"]
    assert "age-none" in vehicles.get("class")
    assert "0/5 known" in vehicles.get("aria-label")
