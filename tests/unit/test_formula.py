"""How a number comes from rows: counts of a kind, shares that leave open what is open, ratios of sums."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cockpit.columns import Rows, TableColumns
from cockpit.formula import Count, InState, Quantile, Ratio, Share, sums, sums_by
from cockpit.interval import Interval, State
from cockpit.ledger.tables import Column, Kind, Table
from cockpit.metrics.emergency_intervals import OPEN_EXPIRES_S
from cockpit.text import Text

NOTHING = Text("无", "nothing")
AS_OF = 1_000_000
TABLE = Table(
    name="thing",
    title=NOTHING,
    grain="one row per thing",
    key=("event_at",),
    columns=(
        Column("event_at", Kind.INSTANT, NOTHING),
        Column("word", Kind.TEXT, NOTHING),
        Column("truth", Kind.BOOLEAN, NOTHING),
        Column("number", Kind.REAL, NOTHING),
        Column("of", Kind.REAL, NOTHING),
    ),
)
TIMED = Table(
    name="thing",
    title=NOTHING,
    grain="one row per thing",
    key=("event_at",),
    columns=(
        Column("event_at", Kind.INSTANT, NOTHING),
        Column("word", Kind.TEXT, NOTHING),
        Column("x_s", Kind.INTEGER, NOTHING),
        Column("x_state", Kind.TEXT, NOTHING, allowed=tuple(State)),
    ),
)


def rows(*some):
    columns = TableColumns(TABLE)
    full = [[i, *(row.get(name) for name in TABLE.names)] for i, row in enumerate(some)]
    columns.append(pd.DataFrame(full, columns=["id", *TABLE.names], dtype=object))
    return Rows(columns, np.arange(len(some)))


@pytest.mark.parametrize(
    ("count", "found"),
    [
        (Count(), [True, True, True]),
        (Count(where={"word": ("a", "b")}), [True, True, False]),
        (Count(where={"truth": (True,)}), [True, False, False]),
        (Count(where={"truth": (False,)}), [False, True, False]),
        (Count(where={"truth": (True, False)}), [True, True, False]),
        (Count(present=("number",)), [True, True, False]),
        (Count(at_most={"number": 50}), [True, False, False]),
        (Count(at_least={"number": 50.5}), [False, True, False]),
        (Count(within_s={"event_at": 60}), [True, True, False]),
        (Count(beyond_s={"event_at": 60}), [False, False, True]),
        (Count(beyond_s={"number": AS_OF}), [False, False, True]),
        (Count(where={"word": ("a",), "truth": (False,)}), [False, False, False]),
    ],
)
def test_a_count_is_of_one_kind_and_a_missing_value_is_of_none(count, found):
    three = rows(
        {"event_at": AS_OF, "word": "a", "truth": True, "number": 50},
        {"event_at": AS_OF - 60, "word": "b", "truth": False, "number": 50.5},
        {"event_at": AS_OF - 61},
    )
    assert count.mask(three, AS_OF).tolist() == found


SATISFIED = Share(
    among=Count(),
    hit=Count(where={"truth": (True,)}),
    still_open=Count(where={"word": ("open",)}),
    open_expires_s=OPEN_EXPIRES_S,
)


@pytest.mark.parametrize(("age_s", "total"), [(0, 1), (OPEN_EXPIRES_S, 1), (OPEN_EXPIRES_S + 1, 2)])
def test_what_is_still_open_is_not_asked_until_its_time_is_up(age_s, total):
    two = rows({"event_at": AS_OF, "truth": True}, {"event_at": AS_OF - age_s, "word": "open"})
    marks = SATISFIED.marks(two, AS_OF)
    assert (marks.is_total.sum(), marks.is_valid.sum(), marks.is_hit.sum()) == (total, total, 1)


def test_what_may_stay_open_for_ever_is_never_asked_while_it_is_open():
    patient = replace(SATISFIED, open_expires_s=None)
    two = rows({"event_at": AS_OF, "truth": True}, {"event_at": 0, "word": "open"})
    assert patient.marks(two, AS_OF).is_total.tolist() == [True, False]


@pytest.mark.parametrize(("expires_s", "missing"), [(None, 0), (59, 1), (60, 0)])
def test_an_open_interval_is_missing_once_its_own_time_is_up_and_never_without_one(expires_s, missing):
    interval = Interval(key="x", title=NOTHING, table="thing", start="event_at", end="event_at", open_expires_s=expires_s)
    columns = TableColumns(TIMED)
    columns.append(pd.DataFrame([[0, AS_OF - 60, "a", None, State.OPEN]], columns=["id", *TIMED.names], dtype=object))
    one = Rows(columns, np.arange(1))
    quantile = Quantile(interval=interval, q=0.5)
    assert quantile.marks(one, AS_OF).is_total.sum() == missing
    found = [sums(quantile, one, AS_OF), *(found for _, found in sums_by(quantile, one, "word", AS_OF))]
    assert [(part.states["OPEN"], part.states["MISSING"], part.n_total) for part in found] == [
        (1 - missing, missing, missing)
    ] * 2
    for state, count in ((State.OPEN, 1 - missing), (State.MISSING, missing)):
        assert sums(InState(interval=interval, state=state), one, AS_OF).n == count


def test_what_gives_no_answer_is_asked_and_has_none():
    share = Share(among=Count(), valid=Count(present=("truth",)), hit=Count(where={"truth": (True,)}))
    four = rows(
        {"event_at": 1, "truth": True}, {"event_at": 2, "truth": False}, {"event_at": 3}, {"event_at": 4, "truth": True}
    )
    marks = share.marks(four, AS_OF)
    assert (marks.is_total.sum(), marks.is_valid.sum(), marks.is_hit.sum()) == (4, 3, 2)
    estimate = share.estimate(four, marks)
    assert estimate is not None
    assert estimate.value == pytest.approx(200 / 3)


def test_a_ratio_is_of_sums_and_not_a_mean_of_ratios():
    ratio = Ratio(numerator="number", denominator="of")
    some = rows(
        {"event_at": 1, "number": 60, "of": 60},
        {"event_at": 2, "number": 0, "of": 30},
        {"event_at": 3, "number": 1, "of": None},
    )
    marks = ratio.marks(some, AS_OF)
    assert (marks.is_total.sum(), marks.is_valid.sum()) == (3, 2)
    estimate = ratio.estimate(some, marks)
    assert estimate is not None
    assert estimate.value == pytest.approx(100 * 60 / 90)
    half = 1.959964 * (2 / 1 * ((60 - 2 / 3 * 60) ** 2 + (0 - 2 / 3 * 30) ** 2)) ** 0.5 / 90
    assert (estimate.low, estimate.high) == pytest.approx(
        (max(0, 100 * (2 / 3 - half)), min(100, 100 * (2 / 3 + half))), abs=1e-4
    )


def test_a_ratio_of_nothing_is_not_known():
    ratio = Ratio(numerator="number", denominator="of")
    none = rows({"event_at": 1, "number": 0, "of": 0})
    assert ratio.estimate(none, ratio.marks(none, AS_OF)) is None
