"""Parts counted and sorted together are what each part gives alone."""

import numpy as np
import pytest

from cockpit.bench.metrics import AS_OF, columns
from cockpit.columns import TableColumns
from cockpit.formula import Quantile, sums, sums_by
from cockpit.metrics.emergency_intervals import E6
from cockpit.scope import CITY
from cockpit.site import load_site
from cockpit.window import window


@pytest.fixture(scope="module")
def rows():
    held = columns(3000)
    incidents: TableColumns = held.tables["incident"]
    incidents.arrays["town"][::7] = -1
    return held.rows("incident", CITY, window("d365", AS_OF, load_site("dublin").zone))


@pytest.mark.parametrize("q", [0.01, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("by", ["town", "state", "kind"])
def test_a_quantile_of_every_part_is_that_of_the_part_alone(rows, q, by):
    formula = Quantile(interval=E6, q=q)
    alone = [(word, sums(formula, part, AS_OF)) for word, part in rows.groups(by)]
    assert list(sums_by(formula, rows, by, AS_OF)) == alone


def test_lengths_of_days_are_sorted_as_well(rows):
    far = rows.columns.arrays["e6_s"]
    far[np.flatnonzero(far == np.nanmax(far))] = 2.0**40
    rows.gathered.clear()
    rows.found.clear()
    test_a_quantile_of_every_part_is_that_of_the_part_alone(rows, 0.99, "town")


def test_no_rows_have_no_parts(rows):
    none = rows.where(np.zeros(len(rows), np.bool_))
    assert list(sums_by(Quantile(interval=E6, q=0.5), none, "town", AS_OF)) == []
