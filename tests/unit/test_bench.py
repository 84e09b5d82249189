"""The bench: what a figure says, which ones `--only` picks, and that every measure gives the figures that it names."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cockpit.bench.figure import Figure, Measure, Place, Sizes, chosen, listed, measures, over, table
from cockpit.bench.push import latencies_s
from cockpit.bench.run import measured
from cockpit.cli import app
from cockpit.errors import CockpitError, UnknownName

TINY = Sizes(
    block_incidents=60,
    copies=(1, 2, 3),
    changed_rows=10,
    ticks=1,
    warm_ticks=0,
    incidents=500,
    reads=1,
    clients=(1, 2, 3),
    updates=1,
    patience_s=1,
    drawn_incidents=60,
    days=2,
    days_before=2,
    day_step_s=14_400,
    injury_cases=20,
    town_industries=1,
    enterprises=60,
    colour_months=24,
    colour_runs=4,
    city_years=0,
    paints=1,
    watchers=3,
)

RARE = ("%", "a year")
"""Units of what may never have happened; a cost is always above 0."""


def test_a_figure_holds_its_value_against_its_baseline_and_its_goal():
    figure = Figure(name="x_ms", value=30, unit="ms", baseline=20, goal=25)
    told = {"name": "x_ms", "value": 30, "unit": "ms", "baseline": 20, "goal": 25, "at_least": False, "ratio": 1.5, "ok": False}
    assert figure.plain() == told
    assert Figure(name="x_ms", value=30, unit="ms").plain()["ok"] is None


@pytest.mark.parametrize(("value", "ok"), [(79.9, False), (80, True), (100, True)])
def test_a_goal_may_be_the_least(value, ok):
    figure = Figure(name="x", value=value, unit="%", goal=80, at_least=True)
    assert figure.ok is ok
    assert "≥ 80" in list(table([figure]))[1]


def test_a_ratio_is_its_own_value_and_remembers_what_it_was_divided_by():
    figure = over("x", 30, 20, goal=1.5)
    assert (figure.value, figure.ratio, figure.baseline, figure.ok) == (1.5, 1.5, 20, True)


def test_json_is_one_list_with_one_object_a_figure():
    told = json.loads(listed([over("x", 3, 2), Figure(name="y", value=1, unit="s")]))
    assert [set(one) for one in told] == [{"name", "value", "unit", "baseline", "ratio", "goal", "at_least", "ok"}] * 2


def test_a_table_has_a_head_and_a_line_for_each_figure():
    head, line = table([Figure(name="x_ms", value=1234.5, unit="ms", goal=1000)])
    assert head.split() == ["figure", "value", "unit", "baseline", "ratio", "goal", "ok"]
    assert line.split() == ["x_ms", "1,234", "ms", "1,000", "NO"]


def test_no_two_figures_share_a_name():
    names = [name for measure in measures() for name in measure.names]
    assert len(names) == len(set(names)) > 20


@pytest.mark.parametrize("only", ["push_1000_over_1", "metric_", "tick_history_100x"])
def test_only_picks_by_name_or_by_how_names_begin(only):
    [measure] = chosen(only)
    assert any(name.startswith(only) for name in measure.names)


def test_an_unknown_figure_is_one_error_that_lists_the_names():
    with pytest.raises(UnknownName, match="tick_history_100x"):
        chosen("nothing")
    told = CliRunner().invoke(app, ["bench", "--only", "nothing"])
    assert told.exit_code == 1
    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize("measure", measures(), ids=lambda measure: measure.names[0])
def test_every_measure_gives_the_figures_that_it_names(measure: Measure, tmp_path: Path):
    figures = list(measure.run(Place(tmp_path, TINY)))
    assert sorted(figure.name for figure in figures) == sorted(measure.names)
    assert all(figure.value > 0 or (figure.value == 0 and figure.unit in RARE) for figure in figures)


def test_only_the_figures_asked_for_are_given_and_nothing_is_left_behind(tmp_path):
    assert [figure.name for figure in measured("metric_share", tmp_path, TINY)] == ["metric_share_ms"]
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_one_error_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(CockpitError, match="--work"):
        list(measured("tick_", tmp_path, Sizes()))
    assert list(tmp_path.iterdir()) == []


def test_a_tick_told_with_the_next_one_counts_as_heard_then():
    assert list(latencies_s([(1, 10.5), (3, 12.0)], {1: 10.0, 2: 11.0, 3: 11.5})) == [0.5, 1.0, 0.5]
    with pytest.raises(CockpitError, match="tick 4"):
        list(latencies_s([(3, 12.0)], {4: 13.0}))
