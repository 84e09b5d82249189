"""Laws of whole logs: any log, legal or not, means what a plain walk through it says, whatever way it came."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.case_events import CASE_EVENTS
from cockpit.metrics.work_injury_intervals import INJURY_CASE_INTERVALS
from etl.contracts.work_injury import ACCIDENT_TYPES, APPLICANTS, BASES, ITEMS, PACKAGES
from etl.derive.injury_case_columns import STAGES
from tests.injury_logs import DAY_S, MIDNIGHT, OF_ORACLE, OFFSET_S, derived
from tests.oracle.injury_case import injury_cases as oracle

CASES = ("c1", "c2", "c3")
MAIN_LINE = ("A0", "A1", "B1", "C1", "C3", "C4", "D1", "D4", "F1", "F4", "F5", "G1", "G2", "G3", "Z1")
TURNS = ("B1", "C1", "C2", "C3", "C4", "D1", "D3", "D8", "D9", "B2", "B3")
SAID_OF = {
    "case_event": "event_id",
    "work_injury_case": "case_id",
    "case_material": "case_id",
    "reemploy": "case_id",
    "benefit_payment": "pay_id",
}


SEEN = {"VALID", "NEG", "OPEN", "MISSING", "OUTSIDE"}


def maybe(values):
    """Return a strategy of these values, missing among them."""
    return st.one_of(st.none(), values)


def some(*values):
    return maybe(st.sampled_from(values))


yes_or_no = some(True, False)  # what a yes-or-no cell can hold
instants = st.builds(
    lambda day, second: MIDNIGHT + day * DAY_S + second, st.integers(0, 12), st.sampled_from([0, 36_000, 86_399])
)
payloads = st.one_of(
    st.none(),
    st.just([1]),
    st.fixed_dictionaries(
        {}, optional={"grade": some(1, 4, 9, "8", 11, "无"), "two_certificates": yes_or_no, "item": some(*ITEMS, "别的")}
    ),
).map(lambda payload: None if payload is None else json.dumps(payload, ensure_ascii=False))


@st.composite
def events(draw):
    """Events of three listed cases and one unlisted: mostly along the main line, or turning in recognition, or anything."""
    log = []
    for case_id in (*CASES, "of no list"):
        codes = draw(st.lists(st.sampled_from(draw(st.sampled_from([MAIN_LINE, TURNS, tuple(CASE_EVENTS)]))), max_size=14))
        ats = draw(st.lists(instants, min_size=len(codes), max_size=len(codes)))
        ids = draw(st.permutations(range(len(codes))))
        for number, code, at in zip(ids, codes, sorted(ats) if draw(st.booleans()) else ats, strict=True):
            event = {"event_id": f"{case_id}-{number}", "case_id": case_id, "event_code": code, "event_at": at}
            log.append(event | {"event_local": at + OFFSET_S, "payload": draw(payloads), "rev": 0})
    return draw(st.permutations(log))


@st.composite
def listed(draw, case_id):
    """One case as the list of cases has it."""
    at = draw(instants)
    return {
        "case_id": case_id,
        "rev": 0,
        "event_at": at,
        "event_local": at + OFFSET_S,
        "enterprise_id": draw(some("e1", "e2", "e3")),
        "employer_town": draw(st.sampled_from(["A", "?"])),
        "accident_town": "B",
        "specialist_id": draw(some("s1", "s2")),
        "applicant": draw(some(*APPLICANTS)),
        "basis": draw(some(*BASES[:6])),
        "accident_type": draw(some(*ACCIDENT_TYPES[-4:])),
        "injury_nature": draw(some("2.06")),
        "package": draw(some(*PACKAGES)),
        "disability_grade": draw(some(2, 5, 10)),
        "death_at": draw(some(MIDNIGHT)),
        "lost_days": draw(some(0, 104, 105)),
        "advance_avoided_fen": draw(some(0, 5)),
        **{
            name: draw(yes_or_no)
            for name in ("is_fast", "is_clear", "is_insured_at_accident", "has_third_party", "is_accompanied")
        },
    }


@st.composite
def records(draw):
    """All that departments say of three cases."""
    days = st.integers(MIDNIGHT // DAY_S, MIDNIGHT // DAY_S + 12)
    return {
        "work_injury_case": [draw(listed(case_id)) for case_id in CASES],
        "case_event": draw(events()),
        "benefit_payment": [
            {
                "pay_id": f"p{n}",
                "rev": 0,
                "case_id": draw(st.sampled_from(CASES)),
                "item": draw(some(*ITEMS)),
                "paid_on": draw(days),
            }
            | {"amount_fen": draw(st.sampled_from([-100, 0, 100]))}
            for n in range(draw(st.integers(0, 3)))
        ],
        "case_material": draw(
            st.lists(
                st.fixed_dictionaries(
                    {"case_id": st.sampled_from(CASES), "rev": st.just(0), "package": some(*PACKAGES)}
                    | {"material_count": some(0, 3), "is_card_only": yes_or_no}
                ),
                max_size=3,
                unique_by=lambda row: row["case_id"],
            )
        ),
        "reemploy": [
            {
                "case_id": case_id,
                "rev": 0,
                "post_town": "A",
                "intent_at": draw(maybe(instants)),
                "placed_at": draw(maybe(instants)),
            }
            for case_id in CASES[: draw(st.integers(0, 2))]
        ],
        "enterprise": [
            {"enterprise_id": "e1", "rev": 0, "reg_town": "A", "prod_town": "C", "gb4754": "3411", "risk_cat": 4},
            {"enterprise_id": "e2", "rev": 0, "reg_town": "A", "prod_town": "?", "gb4754": None, "risk_cat": None},
        ],
        "specialist": [{"specialist_id": "s1", "town_code": "A", "role": "代办陪跑员"}],
    }


def meant(told):
    """Return what the plain walk makes of records."""
    return oracle(**{OF_ORACLE[name]: rows for name, rows in told.items()})


def drawn_log(dice, case_id):
    """Return a log of a case by dice: steps and turns of every kind, on few days, so that many share an instant."""
    codes = dice.choices(dice.choice([MAIN_LINE, TURNS, tuple(CASE_EVENTS)]), k=dice.randrange(16))
    ats = [MIDNIGHT + dice.randrange(13) * DAY_S + dice.choice([0, 36_000, 86_399]) for _ in codes]
    ats = sorted(ats) if dice.random() < 0.6 else ats
    numbers = dice.sample(range(len(codes)), len(codes))
    said = [{}, {"grade": dice.choice([1, 9, None, "无"])}, {"item": dice.choice(ITEMS)}, {"two_certificates": True}]
    return [
        {"event_id": f"{case_id}-{number}", "case_id": case_id, "event_code": code, "event_at": at}
        | {"event_local": at + OFFSET_S, "payload": json.dumps(dice.choice(said))}
        for number, code, at in zip(numbers, codes, ats, strict=True)
    ]


def test_two_thousand_logs_mean_what_a_walk_through_each_says():
    dice = random.Random(20_261_122)
    names = [f"c{number}" for number in range(2_000)]
    rows = [{"case_id": name, "event_at": MIDNIGHT, "event_local": MIDNIGHT + OFFSET_S, "employer_town": "A"} for name in names]
    told = {"work_injury_case": rows, "case_event": [event for name in names for event in drawn_log(dice, name)]}
    dice.shuffle(told["case_event"])
    found = derived(**told)
    assert found == meant(told)
    assert {row["stage"] for row in found.values()} == {*STAGES}
    assert {row[interval.state] for row in found.values() for interval in INJURY_CASE_INTERVALS} == SEEN


@settings(max_examples=12)
@given(told=records())
def test_any_log_means_what_a_walk_through_it_says(told):
    assert derived(**told) == meant(told)


@settings(max_examples=6)
@given(told=records(), data=st.data())
def test_the_order_in_which_rows_come_means_nothing(told, data):
    shuffled = {name: data.draw(st.permutations(rows)) for name, rows in told.items()}
    assert derived(**shuffled) == derived(**told)


@settings(max_examples=6)
@given(told=records())
def test_what_is_said_of_a_case_does_not_depend_on_the_others(told):
    alone = {}
    for case_id in CASES:
        own = {name: [row for row in told[name] if row["case_id"] == case_id] for name in SAID_OF}
        alone |= derived(**{**told, **own})
    assert alone == derived(**told)


def now(store):
    """Return the derived cases as a store knows them now."""
    return {row["case_id"]: row for row in store.rows("injury_case")}


@pytest.mark.both_stores
@settings(max_examples=3)
@given(told=records(), data=st.data())
def test_splitting_reordering_and_replaying_batches_changes_nothing(new_store, told, data):
    lists = {name: told[name] for name in ("enterprise", "specialist")}
    versions = data.draw(st.permutations([(name, row) for name in SAID_OF for row in told[name]]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(versions)), max_size=2)))
    pieces = [versions[low:high] for low, high in zip([0, *cuts], [*cuts, len(versions)], strict=True)]
    with new_store() as one, new_store() as other:
        one.tell(**told)
        other.tell(**lists)
        for piece in (*pieces, pieces[0]):
            other.tell(**{name: [row for table, row in piece if table == name] for name in SAID_OF})
        assert now(other) == now(one) == meant(told)
