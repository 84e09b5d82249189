"""Models judge what has closed, once; other rules judge again from the day they hold, and what was known stays known."""

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from cockpit.ledger.read import SourceState, newest_tick_number
from cockpit.site import load_site
from cockpit.window import EPOCH, midnight
from etl.contracts.judged import ENTERPRISE_RISK, TOWN_COLOUR_HISTORY
from etl.judging import Now, closes_due, judge, judge_due
from etl.model import Model

MONDAY, SUNDAY = (date(2026, 6, 8) - EPOCH).days, (date(2026, 6, 7) - EPOCH).days
TOWN, DAY_S = "331081001", 86_400
CASES = ("work_injury_case",)


@pytest.fixture(scope="module")
def site():
    return load_site("wenling")


def at(site, day, second=0):
    return midnight(EPOCH + pd.Timedelta(days=day).to_pytimedelta(), site.zone) + second


def heard(site, day, second=0, *, loaded=True):
    now = at(site, day, second)
    (source,) = site.feeding(CASES)
    state = SourceState(source.key, now, float(now) if loaded else None, None, {}, "ok", "")
    return Now({source.key: state}, now, float(now))


def weekly(score=10.0, first=SUNDAY - 14):
    """A model that gives every close the same score."""

    def rows(judging):
        told = [
            {"town_code": TOWN, "week_end_on": close, "score": score, "data_as_of_at": judging.as_of}
            for close in judging.closes
        ]
        return pd.DataFrame(told, columns=list(TOWN_COLOUR_HISTORY.names), dtype=object)

    return Model(
        table=TOWN_COLOUR_HISTORY, reads=CASES, sources=CASES, rhythm="week", keeps="every", stamps=("data_as_of_at",),
        first=lambda *_: first, judge=rows,
    )  # fmt: skip


def newest(firms):
    """A model that says of some firms that they stand at an index."""

    def rows(judging):
        told = [
            {"enterprise_id": firm, "run_week": f"2026-W{judging.closes[-1] % 50:02}", "idx": idx}
            for firm, idx in firms.items()
        ]
        return pd.DataFrame(told, columns=list(ENTERPRISE_RISK.names), dtype=object).assign(town_code="?")

    return Model(
        table=ENTERPRISE_RISK, reads=CASES, sources=CASES, rhythm="week", keeps="newest", stamps=("run_week",),
        first=lambda *_: SUNDAY, judge=rows,
    )  # fmt: skip


def weeks(store, at=None):
    return [row["week_end_on"] for row in store.rows("town_colour_history", at=at)]


def due(store, site, model, now):
    with store.ledger.reading() as connection:
        return closes_due(connection, store.ledger, site, model, now)


def test_the_first_judgement_is_of_every_week_that_the_records_allow(store, site):
    assert judge_due([weekly()], store.ledger, site, heard(site, MONDAY)) == [1]
    assert weeks(store) == [SUNDAY - 14, SUNDAY - 7, SUNDAY]


def test_a_week_is_judged_once(store, site):
    judge_due([weekly()], store.ledger, site, heard(site, MONDAY))
    for day in range(MONDAY, MONDAY + 7):
        assert judge_due([weekly(99.0)], store.ledger, site, heard(site, day, 50_000)) == []
    assert judge_due([weekly(99.0)], store.ledger, site, heard(site, MONDAY + 7)) == [2]
    assert [row["score"] for row in store.rows("town_colour_history")] == [10.0, 10.0, 10.0, 99.0]


def test_weeks_that_nobody_judged_in_time_are_judged_later(store, site):
    judge_due([weekly()], store.ledger, site, heard(site, MONDAY))
    judge_due([weekly()], store.ledger, site, heard(site, MONDAY + 21))
    assert weeks(store) == list(range(SUNDAY - 14, SUNDAY + 22, 7))


def test_a_week_is_not_judged_before_its_sources_were_heard_nor_for_ever_waited_for(store, site):
    before = heard(site, MONDAY, -60)
    early = Now(before.states, at(site, MONDAY, 60), float(at(site, MONDAY, 60)))
    assert judge_due([weekly(first=SUNDAY)], store.ledger, site, early) == []
    failing = {
        key: replace(state, checked_at=float(at(site, MONDAY, 60)), state="lost") for key, state in before.states.items()
    }
    assert judge_due([weekly(first=SUNDAY)], store.ledger, site, replace(early, states=failing)) == []
    late = Now(failing, at(site, MONDAY, 7200), float(at(site, MONDAY, 7200)))
    assert judge_due([weekly(first=SUNDAY)], store.ledger, site, late) == [1]


def test_after_a_weekend_without_power_a_week_waits_until_its_sources_were_asked(store, site):
    friday = heard(site, MONDAY - 3).states
    late = Now(friday, at(site, MONDAY, 30_000), float(at(site, MONDAY, 30_000)))
    assert judge_due([weekly(first=SUNDAY)], store.ledger, site, late) == []
    assert judge_due([weekly(first=SUNDAY)], store.ledger, site, heard(site, MONDAY, 30_001)) == [1]


def test_nothing_is_judged_before_every_source_was_read_once(store, site):
    assert judge_due([weekly()], store.ledger, site, heard(site, MONDAY + 3, loaded=False)) == []
    assert judge_due([weekly()], store.ledger, site, Now({}, at(site, MONDAY), 0.0)) == []


def test_a_site_without_the_contracts_has_no_such_judgement(store):
    assert judge_due([weekly()], store.ledger, load_site("dublin"), Now({}, 1_600_000_000, 0.0)) == []


def test_records_that_allow_no_judgement_give_none(store, site):
    model = weekly(first=None)
    assert due(store, site, model, heard(site, MONDAY)) == ()


def test_other_rules_judge_again_from_the_day_they_hold_and_leave_what_was_known(store, site):
    now = heard(site, MONDAY)
    judge_due([weekly()], store.ledger, site, now)
    rules = {"config_version": "2026-2", "effective_from_on": SUNDAY - 8, "json": '{"colours": {"red": 65}}'}
    told = store.tell(config=[rules])
    (tick,) = judge_due([weekly(20.0)], store.ledger, site, now)
    assert [row["score"] for row in store.rows("town_colour_history")] == [10.0, 20.0, 20.0]
    assert [row["score"] for row in store.rows("town_colour_history", at=told)] == [10.0, 10.0, 10.0]
    assert tick == told + 1
    assert judge_due([weekly(30.0)], store.ledger, site, now) == []


def test_rules_that_hold_from_a_later_day_judge_nothing_again(store, site):
    now = heard(site, MONDAY)
    judge_due([weekly(), newest({"A": 5.0})], store.ledger, site, now)
    store.tell(config=[{"config_version": "2027-1", "effective_from_on": SUNDAY + 100, "json": "{}"}])
    assert judge_due([weekly(20.0)], store.ledger, site, now) == []
    assert [row["score"] for row in store.rows("town_colour_history")] == [10.0, 10.0, 10.0]


def test_of_a_table_that_keeps_the_newest_only_what_changed_is_a_new_version(store, site):
    judge_due([newest({"A": 5.0, "B": 6.0, "C": 7.0})], store.ledger, site, heard(site, MONDAY))
    judge_due([newest({"A": 5.0, "B": 6.5})], store.ledger, site, heard(site, MONDAY + 7))
    rows = store.rows("enterprise_risk")
    assert [(row["enterprise_id"], row["idx"]) for row in rows] == [("A", 5.0), ("B", 6.5)]
    assert rows[0]["run_week"] != rows[1]["run_week"]  # A's row is still the one of the week before
    assert [row["idx"] for row in store.rows("enterprise_risk", at=1)] == [5.0, 6.0, 7.0]


def test_a_judgement_that_changes_nothing_makes_no_tick(store, site):
    judge_due([newest({"A": 5.0})], store.ledger, site, heard(site, MONDAY))
    assert judge(store.ledger, site, newest({"A": 5.0}), heard(site, MONDAY + 7)) is None
    assert due(store, site, newest({"A": 5.0}), heard(site, MONDAY + 7)) == ()


def test_a_model_that_fails_is_logged_and_leaves_the_others(store, site, caplog):
    def fails(_judging):
        raise ValueError("no such town")

    broken = Model(
        table=ENTERPRISE_RISK, reads=CASES, sources=CASES, rhythm="week", keeps="newest", first=lambda *_: SUNDAY, judge=fails
    )
    with caplog.at_level(logging.ERROR):
        assert judge_due([broken, weekly()], store.ledger, site, heard(site, MONDAY)) == [1]
    assert "enterprise_risk could not be judged" in caplog.text
    with store.ledger.reading() as connection:
        assert newest_tick_number(connection, store.ledger) == 1


def test_the_kitchen_knows_the_models_of_its_files():
    files = {path.stem for path in Path("etl/models").glob("*.py")}
    from etl.catalogue import models, tables

    assert {model.table.name for model in models()} <= files
    assert all(tables()[model.table.name] is model.table for model in models())
