"""Cohorts: who has ended, who goes on, and who says nothing of how long it took."""

import numpy as np
import pandas as pd
import pytest

from cockpit.columns import Rows, TableColumns
from cockpit.evaluate import catalogue
from cockpit.formula import sums
from etl.catalogue import tables

DAY_S = 86_400
AS_OF = 100 * DAY_S
OPEN_COHORT = catalogue()["open_cohort_p50"]


def of(*some):
    table = tables()[OPEN_COHORT.table]
    columns = TableColumns(table)
    full = [[i, *(row.get(name) for name in table.names)] for i, row in enumerate(some)]
    columns.append(pd.DataFrame(full, columns=["id", *table.names], dtype=object))
    return sums(OPEN_COHORT.formula, Rows(columns, np.arange(len(some))), AS_OF)


def case(state, *, days=None, since=0, **more):
    return {"legal_days_state": state, "legal_days_s": days and days * DAY_S, "age_from_at": since * DAY_S, **more}


DECIDED = (case("VALID", days=10),) * 20


@pytest.mark.parametrize("state", ["NEG", "MISSING"])
def test_a_decision_whose_length_nobody_knows_is_not_open_for_ever(state):
    found = of(*DECIDED, case(state))
    assert (found.n, found.n_total, found.hit_count) == (20, 21, 20)
    assert [step[4] for step in found.detail] == [20]


@pytest.mark.parametrize(
    ("told", "at_risk"),
    [
        (case("OPEN"), 21),
        (case("OPEN", since=95), 20),
        (case("OUTSIDE", withdrawn_at=50 * DAY_S, ended_at=50 * DAY_S), 21),
        (case("OUTSIDE", withdrawn_at=5 * DAY_S, ended_at=5 * DAY_S), 20),
        (case("OUTSIDE", refused_at=5 * DAY_S, ended_at=5 * DAY_S), 20),
    ],
)
def test_what_goes_on_or_left_otherwise_is_at_risk_until_then(told, at_risk):
    found = of(*DECIDED, told)
    assert (found.n, found.hit_count) == (21, 20)
    assert [step[4] for step in found.detail] == [at_risk]
