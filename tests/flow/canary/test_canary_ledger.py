"""The ledger, and the columns in memory, give a town the rows that name it, and of tables that name no town nothing."""

import pytest

from cockpit.errors import ScopeError
from cockpit.ledger.read import rows_known, rows_opened, tick_at
from cockpit.scope import town_scope
from cockpit.window import Window
from etl.catalogue import tables
from tests.canary import AS_OF, CANARY, CITY_TABLES, EMPTY, HERE, THERE, is_silent, joined, timed

ALWAYS = Window("all", 0, AS_OF + 1, is_provisional=True)
DOUBTFUL = ("emergency_issue", "enterprise_issue", "work_injury_issue")
"""Told in a store of their own, for the oracle of the other one knows no doubtful case and no jump of a headcount."""
CITY_WIDE = ("medical_issue",)
"""A bill names no town, so its issues are the city's alone."""
NAMELESS = ("insured_month", "exposed_month", "exposure")
"""Derived tables that hold a town's counts and name nobody."""
COMMON = "cn_workday"
"""The calendar: it speaks of no town, and every town may read it."""

placed = sorted(name for name, table in tables().items() if table.town and name not in {*DOUBTFUL, *CITY_WIDE})
unplaced = sorted(name for name, table in tables().items() if not table.town and name != COMMON)

JUMP = {"2026-01": 20, "2026-02": 200}


def doubtful(town, name):
    """Return rows of one town that break a rule in each domain: late, jumped, out of order."""
    case = {"case_id": f"{name}-J", "employer_town": town, "applied_at": AS_OF - 1}
    call = {"call_id": f"{name}-C", "incident_id": f"{name}-I", "town_code": town, "t_answer": AS_OF, "t_accept_end": AS_OF}
    sent = {"event_id": f"{name}-E", "run_id": f"{name}-R", "incident_id": f"{name}-I", "status": "DISPATCHED"}
    months = [{"enterprise_id": f"{name}-F", "month": month, "headcount": count} for month, count in JUMP.items()]
    return {
        "work_injury_case": [timed(AS_OF, case)],
        "enterprise": [{"enterprise_id": f"{name}-F", "prod_town": town, "reg_town": town}],
        "enterprise_month": months,
        "emergency_call": [timed(AS_OF, call)],
        "vehicle_status": [timed(AS_OF - 60, sent)],
    }


@pytest.mark.parametrize("name", placed)
def test_the_ledger_gives_no_row_of_another_town(name, store, after):
    with store.ledger.reading() as connection:
        newest = tick_at(connection, store.ledger).number
        for read in (
            lambda scope: rows_known(connection, store.ledger, name, scope),
            lambda scope: rows_known(connection, store.ledger, name, scope, at=newest),
            lambda scope: rows_opened(connection, store.ledger, name, scope, after=newest - 1, upto=newest),
        ):
            here, there = read(town_scope(HERE)), read(town_scope(THERE))
            assert is_silent(here.to_dict("records"))
            assert {*here[tables()[name].town]} <= {HERE}
            assert is_silent(there.to_dict("records")) == (name in {"town", *NAMELESS})
            assert name not in NAMELESS or len(there) > 0


@pytest.mark.parametrize("name", [*DOUBTFUL, "data_quality_issue"])
def test_the_ledger_gives_no_doubtful_row_of_another_town(name, new_store):
    with new_store() as store:
        store.tell(as_of=AS_OF, **joined(doubtful(HERE, "HERE"), doubtful(THERE, CANARY)))
        with store.ledger.reading() as connection:
            here, there = (rows_known(connection, store.ledger, name, town_scope(town)) for town in (HERE, THERE))
        assert len(here) == len(there) > 0
        assert is_silent(here.to_dict("records"))
        assert not is_silent(there.to_dict("records"))


@pytest.mark.parametrize("name", unplaced)
def test_the_ledger_gives_a_town_no_table_that_names_none(name, store, after):
    with store.ledger.reading() as connection:
        with pytest.raises(ScopeError, match="only the whole city may read it"):
            rows_known(connection, store.ledger, name, town_scope(HERE))
        with pytest.raises(ScopeError, match="only the whole city may read it"):
            rows_opened(connection, store.ledger, name, town_scope(HERE), after=0, upto=1)


def test_the_calendar_and_nothing_else_is_common_to_all_towns(store, after):
    assert [name for name, table in tables().items() if table.is_common] == [COMMON]
    with store.ledger.reading() as connection:
        for scope in (town_scope(HERE), town_scope(EMPTY)):
            assert len(rows_known(connection, store.ledger, COMMON, scope)) == len(after.columns.rows(COMMON, scope, ALWAYS))
            assert len(after.columns.rows(COMMON, scope, ALWAYS)) == 3 * 365 + 1  # 2024 to 2026


def test_columns_give_no_row_of_another_town(after):
    for name, held in after.columns.tables.items():
        if name not in unplaced:
            for scope in (town_scope(HERE), town_scope("?"), town_scope(EMPTY), town_scope(HERE, "?")):
                rows = after.columns.rows(name, scope, ALWAYS)
                texts = {word for column in held.vocabulary for word in rows.texts(column) if word}
                assert is_silent(texts), (name, scope)


@pytest.mark.parametrize("name", CITY_TABLES)
def test_columns_give_a_town_no_table_that_names_none(name, after):
    assert {*after.columns.tables} & {*unplaced} == {*CITY_TABLES}
    with pytest.raises(ScopeError, match=f"{name} names no town, so only the whole city may read it"):
        after.columns.rows(name, town_scope(HERE), ALWAYS)
