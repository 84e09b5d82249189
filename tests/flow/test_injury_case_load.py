"""Cases of work injury through the real load: what a tick derives again, and what it leaves alone."""

import pytest

from tests.injury_logs import DAY_S, case, event, log

pytestmark = pytest.mark.both_stores

ONE, OTHER = case(), case(case_id="c2", enterprise_id="e1", specialist_id="s1")
FIRM = {"enterprise_id": "e1", "rev": 0, "reg_town": "A", "prod_town": "C", "gb4754": "3411"}


def ticks(store):
    """Return the tick at which what is known of each case became known."""
    table = store.ledger.tables["injury_case"]
    with store.ledger.reading() as connection:
        return dict(
            connection.execute(
                table.select().where(table.c.known_to.is_(None)).with_only_columns(table.c.case_id, table.c.known_from)
            ).all()
        )


def row_of(store, case_id, at=None):
    [found] = [row for row in store.rows("injury_case", at=at) if row["case_id"] == case_id]
    return found


def begin(store):
    events = [*log("A0 0, B1 1, C1 2"), *log("A0 0, B1 1, C1 2", case_id="c2")]
    return store.tell(
        work_injury_case=[ONE, OTHER], case_event=events, enterprise=[FIRM], town=[{"town_code": "A", "name": "A"}]
    )


def test_one_corrected_event_derives_its_case_again_and_no_other(store):
    first = begin(store)
    accepted = {
        **event("C1", 2),
        "event_at": ONE["event_at"] + 4 * DAY_S,
        "event_local": ONE["event_local"] + 4 * DAY_S,
        "rev": 1,
    }
    second = store.tell(case_event=[accepted])
    assert ticks(store) == {"c1": second, "c2": first}
    assert row_of(store, "c1")["accept_days_s"] == 3 * DAY_S
    assert row_of(store, "c1", at=first)["accept_days_s"] == DAY_S


def test_an_event_that_was_told_before_changes_nothing(store):
    first = begin(store)
    assert store.tell(case_event=log("C1 2")) is None
    assert ticks(store) == {"c1": first, "c2": first}


@pytest.mark.parametrize(
    ("told", "name", "value"),
    [
        ({"case_material": [{"case_id": "c2", "material_count": 3}]}, "material_count", 3),
        ({"reemploy": [{"case_id": "c2", "post_town": "A", "intent_at": ONE["event_at"]}]}, "intent_at", ONE["event_at"]),
        (
            {"benefit_payment": [{"pay_id": "p", "case_id": "c2", "item": "丧葬", "amount_fen": 1, "paid_on": 19_680}]},
            "endtoend_days_s",
            5 * DAY_S,
        ),
        ({"enterprise": [{**FIRM, "rev": 1, "prod_town": "D"}]}, "town", "D"),
        ({"enterprise": [{**FIRM, "rev": 1, "risk_cat": 6}]}, "risk_cat", "6"),
        ({"specialist": [{"specialist_id": "s1", "town_code": "A", "role": "代办陪跑员"}]}, "specialist_role", "代办陪跑员"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_each_list_beside_the_log_touches_the_cases_that_it_says_something_of(store, told, name, value):
    first = begin(store)
    assert row_of(store, "c2")[name] != value
    second = store.tell(**told)
    assert row_of(store, "c2")[name] == value
    assert ticks(store) == {"c1": first, "c2": second}


def test_events_that_come_before_their_case_wait_for_it(store):
    store.tell(case_event=log("A0 0, B1 1, C1 2"))
    assert store.rows("injury_case") == []
    store.tell(work_injury_case=[ONE])
    assert (row_of(store, "c1")["state"], row_of(store, "c1")["is_open"]) == ("C1", True)


def test_a_list_without_any_event_gives_rows(store):
    store.tell(work_injury_case=[ONE, OTHER])
    assert [row["state"] for row in store.rows("injury_case")] == ["A0", "A0"]
