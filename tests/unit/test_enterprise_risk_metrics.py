"""How many enterprises moved: up is worse, down is better; who has no grade, or had none, did not move."""

import pandas as pd
import pytest

from cockpit.columns import Rows, TableColumns
from cockpit.evaluate import metric_named
from cockpit.formula import sums
from etl.catalogue import tables

MOVES = (("橙", "黄"), ("红", "绿"), ("黄", "橙"), ("绿", "绿"), (None, "橙"), ("橙", None))


def rows(*some):
    """Return rows of `enterprise_risk`; what they do not say is missing."""
    table = tables()["enterprise_risk"]
    held = TableColumns(table)
    told = [{**dict.fromkeys(table.names), **row, "id": number} for number, row in enumerate(some)]
    held.append(pd.DataFrame(told, dtype=object))
    return Rows(held, held.ids.astype(int))


def value(key, *some):
    return sums(metric_named(key).formula, rows(*some), 0).estimate.value


@pytest.mark.parametrize(("key", "count"), [("firms_up", 2), ("firms_down", 1)])
def test_up_is_worse_and_who_has_or_had_no_grade_did_not_move(key, count):
    moved = [{"grade": now, "grade_before": before, "is_watched": False} for now, before in MOVES]
    assert value(key, *moved) == count
    assert value(key, *({**row, "is_watched": True} for row in moved)) == 0


def test_a_firm_that_is_only_watched_is_of_no_grade_and_counted_apart():
    some = [{"grade": "橙", "is_watched": watched, "is_gated": False} for watched in (True, False, False)]
    assert (value("firms_orange", *some), value("firms_watched", *some), value("firms_gated", *some)) == (2, 1, 0)
