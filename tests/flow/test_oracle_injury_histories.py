"""Small histories of work injury with every fault at once, read at the edges of the calendar: what the oracle reads too."""

import json
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from cockpit.case_events import CASE_EVENTS
from cockpit.site import load_site
from cockpit.view import open_view
from etl.contracts.work_injury import ITEMS, PACKAGES
from tests.oracle import wenling
from tests.oracle.comparison import agree, differences, said
from tests.oracle.injury import InjuryOracle, derived
from tests.oracle.injury_clock import EPOCH
from tests.oracle.injury_metrics import INJURY_METRICS
from tests.oracle.records import current
from tests.oracle.workdays import calendar, workdays

SITE = load_site("wenling")
DAY_S = 86_400
CHINA_S = 8 * 3600
ZONE = wenling.CITY.zone
DAYS = (
    "2024-02-29",
    "2024-03-01",
    "2025-02-28",
    "2025-03-01",
    "2025-12-31",
    "2026-01-01",
    "2026-09-21",
    "2028-02-29",
    "2029-02-27",
)
CLOCKS = ("00:00:00", "01:59:59", "02:00:00", "23:59:59")
WORKDAYS = workdays(range(2022, 2027))
CALENDAR = calendar(WORKDAYS)
NOTICES = [{"day_on": (on - EPOCH).days, "is_workday": is_worked, "name": name} for on, (is_worked, name) in WORKDAYS.items()]
MAIN_LINE = ("A1", "B1", "C1", "C3", "C4", "D1", "D4", "F0", "F1", "F2", "F3", "F4", "F5", "G1", "G3", "G1", "G3", "Z1")
LANES = (
    ("B2", "B3"),
    ("D8", "D3"),
    ("D9", "B1"),
    ("H1", "H2"),
    ("H1", "H3", "H4", "H5", "H7"),
    ("F6", "F7"),
    ("R1", "R2", "R4"),
)
EDGES_S = (0, 1, 7_199, 7_200, 36_000, 86_399)
KEYS = {
    "work_injury_case": ("case_id",),
    "case_event": ("event_id",),
    "enterprise": ("enterprise_id",),
    "enterprise_month": ("enterprise_id", "month"),
    "benefit_payment": ("pay_id",),
    "case_material": ("case_id",),
    "reemploy": ("case_id",),
    "specialist": ("specialist_id",),
    "arb_hearing": ("hearing_id",),
    "exchange_call": ("call_id",),
    "appraisal_slot": ("slot_id",),
    "job_post": ("post_id",),
}
FIRMS = [
    {"enterprise_id": f"e{number}", "rev": 0, "reg_town": "A", "prod_town": town, "gb4754": industry, "risk_cat": category}
    for number, (town, industry, category) in enumerate([("A", "3411", 4), ("B", None, None), ("?", "19", 4)])
]
SPECIALISTS = [
    {"specialist_id": f"s{number}", "town_code": town, "role": role, "is_active": is_active}
    for number, (town, role, is_active) in enumerate([("A", "代办陪跑员", True), ("B", "矛盾纠纷调处员", None)])
]


@pytest.fixture(scope="module")
def store_of_all(lenders):
    with lenders("sqlite")() as lent:
        yield lent


class City:
    """A city drawn from a seed, as its departments tell of it at an instant."""

    def __init__(self, seed: int, case_count: int = 160) -> None:
        self.random = Random(seed)
        local = datetime.fromisoformat(f"{self.random.choice(DAYS)} {self.random.choice(CLOCKS)}")
        self.as_of = wenling.utc(local)
        self.told = {name: [] for name in KEYS} | {"enterprise": FIRMS, "specialist": SPECIALISTS}
        for number in range(case_count):
            self.case(f"c{number}")
        self.others()

    def maybe(self, *values):
        return self.random.choice([None, *values])

    def stamped(self, at):
        return {"event_at": at, "event_local": at + CHINA_S}

    def midnight(self, at):
        return (at + CHINA_S) // DAY_S * DAY_S - CHINA_S

    def case(self, case_id):
        draw = self.random
        begun = self.midnight(self.as_of - draw.choice([40, 200, 800]) * draw.random() * DAY_S) + draw.choice(EDGES_S)
        begun = min(begun, self.as_of)
        self.told["work_injury_case"] += self.listed(case_id, begun)
        self.told["case_event"] += self.events(case_id, begun)
        if draw.random() < 0.7:
            count, package = self.maybe(0, 1, 12), self.maybe(*PACKAGES[:3])
            row = {"case_id": case_id, "rev": 0, "package": package, "material_count": count}
            self.told["case_material"].append(row | {"is_card_only": self.maybe(True, False)})
        if draw.random() < 0.2:
            at = begun + draw.randrange(300) * DAY_S
            row = {"case_id": case_id, "rev": 0, "intent_at": at, "trained_at": self.maybe(at), "offered_at": None}
            self.told["reemploy"].append(row | {"placed_at": self.maybe(at + 20 * DAY_S, at + 180 * DAY_S), "post_town": "A"})
        if draw.random() < 0.3:
            row = {"pay_id": f"p{case_id}", "rev": 0, "case_id": case_id, "item": draw.choice(ITEMS)}
            paid_on = (begun + CHINA_S) // DAY_S + draw.randrange(200)
            self.told["benefit_payment"].append(row | {"amount_fen": draw.choice([-5, 100]), "paid_on": paid_on})
        if draw.random() < 0.3:
            row = {"hearing_id": f"h{case_id}", "rev": 0, "case_id": draw.choice([case_id, "of no list"])}
            row |= {"mode": self.maybe("现场", "线上", "一方到场一方在线"), "is_cross_region": self.maybe(True, False)}
            at = min(begun + draw.randrange(300) * DAY_S, self.as_of)
            self.told["arb_hearing"].append(row | self.stamped(at) | {"is_tolerance_accepted": self.maybe(True, False)})

    def listed(self, case_id, begun):
        """Return a case as the list has it, perhaps corrected."""
        draw = self.random
        row = {
            "case_id": case_id,
            "rev": 0,
            **self.stamped(begun),
            "person_key": self.maybe("somebody", case_id),
            "enterprise_id": self.maybe("e0", "e1", "e2", "of no list"),
            "employer_town": draw.choice("AB?"),
            "accident_town": "A",
            "applied_at": self.maybe(begun + 9 * DAY_S),
            "applicant": self.maybe("用人单位", "职工"),
            "basis": self.maybe("14.1", "14.6", "15.1"),
            "accident_type": self.maybe("03", "90"),
            "injury_nature": self.maybe("2.06"),
            "package": self.maybe(*PACKAGES),
            "disability_grade": self.maybe(2, 9),
            "death_at": draw.choice([None, None, None, begun + DAY_S]),
            "lost_days": self.maybe(0, 105),
            "advance_avoided_fen": self.maybe(0, 12_345),
            "specialist_id": self.maybe("s0", "s1", "of no list"),
        }
        flags = ("is_fast", "is_clear", "is_insured_at_accident", "has_third_party", "is_accompanied")
        row |= {name: draw.choice([None, True, False]) for name in flags}
        if draw.random() < 0.1:
            return [row, {**row, "rev": 1, "employer_town": "B", "is_fast": True}]
        return [row]

    def events(self, case_id, begun):
        """Return the log of a case so far: its main line with turns, or anything."""
        draw = self.random
        codes = [code for code in MAIN_LINE if code not in {"C3", "C4", "A1", "F0", "Z1"} or draw.random() < 0.3]
        for lane in draw.sample(LANES, draw.choice([0, 0, 1, 2])):
            place = draw.randrange(len(codes))
            codes[place:place] = lane
        if draw.random() < 0.1:
            codes = draw.choices([*CASE_EVENTS], k=8)
        at, found = begun, []
        for number, code in enumerate(["A0", *codes]):
            if at > self.as_of or draw.random() < 0.04:
                continue
            event = {"event_id": f"{case_id}-{number:02}", "rev": 0, "case_id": case_id, "event_code": code}
            found.append(event | self.stamped(at) | {"payload": self.payload(at)})
            if draw.random() < 0.03:
                found.append({**found[-1], "rev": 1, **self.stamped(max(at - DAY_S, begun - 1))})
            at = self.midnight(at + draw.choice([0, 0, 1, 3, 15, 60]) * DAY_S) + draw.choice(EDGES_S)
        return found

    def payload(self, at):
        day = EPOCH + timedelta(days=at // DAY_S)
        said = {
            "grade": self.maybe(3, 10, "无"),
            "item": self.maybe(*ITEMS[:3]),
            "extension_days": self.maybe(15, 0, "x"),
            "served_on": self.maybe(str(day), "none"),
            "known_on": self.maybe(str(day - timedelta(days=366))),
            "two_certificates": self.maybe(True),
        }
        return json.dumps(said, ensure_ascii=False) if self.random.random() < 0.5 else None

    def others(self):
        """Let firms tell of their months, hospitals of sessions, employers of posts, departments of calls."""
        draw, today = self.random, (self.as_of + CHINA_S) // DAY_S
        for firm in (*FIRMS, {"enterprise_id": "of no list"}):
            for back in range(draw.choice([1, 3]), 40):
                on = EPOCH + timedelta(days=today - 30 * back)
                row = {"enterprise_id": firm["enterprise_id"], "month": f"{on:%Y-%m}", "rev": back % 2}
                if draw.random() < 0.9:
                    self.told["enterprise_month"].append(row | {"headcount": draw.choice([None, 0, *range(20, 90)])})
        self.told["enterprise_month"] = list({(*row.values(),)[:3]: row for row in self.told["enterprise_month"]}.values())
        for number in range(60):
            row = {"slot_id": f"t{number}", "rev": 0, "hospital_id": self.maybe("H1", "H2")}
            row |= {"begin_at": self.as_of + draw.randrange(-500, 14) * DAY_S // 4, "capacity_count": self.maybe(0, 5)}
            self.told["appraisal_slot"].append(row | {"booked_count": self.maybe(0, 4), "no_show_count": self.maybe(0, 1)})
            row = {"post_id": f"j{number}", "rev": 0, "employer_id": self.maybe("e0", "e1"), "posted_on": today - number}
            self.told["job_post"].append(row | {"closed_on": self.maybe(today)})
            at = self.as_of - draw.choice([0, 1, 300, 301, DAY_S, 9 * DAY_S])
            row = {"call_id": f"x{number}", "rev": 0, "from_dept": self.maybe("人社"), "to_dept": self.maybe("医保", "公安")}
            row |= self.stamped(at) | {"answered_at": self.maybe(at, at + 2, at - 1), "is_ok": self.maybe(True, False)}
            self.told["exchange_call"].append(row)

    def records(self):
        """Return the current rows of every contract, days as dates."""
        found = {name: current(rows, *KEYS[name]) for name, rows in self.told.items()}
        for name, days in {"benefit_payment": ("paid_on",), "job_post": ("posted_on", "closed_on")}.items():
            found[name] = [{**row, **{day: as_date(row[day]) for day in days}} for row in found[name]]
        return found

    def oracle(self):
        return InjuryOracle(derived(self.records(), WORKDAYS, CALENDAR), ZONE, self.as_of)


def as_date(day_on):
    return None if day_on is None else EPOCH + timedelta(days=day_on)


def board(store, as_of):
    """Return the columns of what a store knows now."""
    return open_view(store.ledger, SITE, float(as_of)).columns


def by_key(rows, key, as_in):
    """Return what rows say in the columns that others have too, by their key; days as they are stored."""
    names = as_in[0].keys()
    return {tuple(row[name] for name in key): {name: plain(row[name]) for name in names} for row in rows}


def plain(value):
    if isinstance(value, date):
        return (value - EPOCH).days
    return round(value, 9) if isinstance(value, float) else value


@pytest.mark.parametrize("seed", range(5))
def test_any_history_reads_as_the_oracle_reads_it(store_of_all, seed):
    told = City(seed)
    store_of_all.wipe()
    store_of_all.tell(as_of=told.as_of, cn_workday=NOTICES, **told.told)
    columns, oracle = board(store_of_all, told.as_of), told.oracle()
    for table, key in (("injury_case", ("case_id",)), ("injury_clock", ("case_id", "clock", "start_no"))):
        assert by_key(store_of_all.rows(table), key, oracle.city[table]) == by_key(oracle.city[table], key, oracle.city[table])
    found = {key: differences(columns, SITE, oracle, key) for key in INJURY_METRICS}
    assert [difference for differing, _ in found.values() for difference in differing] == []
    assert sum(compared for _, compared in found.values()) > 4_000


def test_splitting_reordering_and_replaying_what_departments_send_changes_no_reading(store_of_all, lenders):
    told, draw = City(99, case_count=60), Random(7)
    store_of_all.wipe()
    store_of_all.tell(as_of=told.as_of, cn_workday=NOTICES, **told.told)
    versions = [(name, row) for name, rows in {**told.told, "cn_workday": NOTICES}.items() for row in rows]
    draw.shuffle(versions)
    cuts = sorted(draw.choices(range(len(versions)), k=2))
    pieces = [versions[low:high] for low, high in pairwise([0, *cuts, len(versions)])]
    with lenders("sqlite")() as other:
        for piece in (*pieces, pieces[0]):
            other.tell(as_of=told.as_of, **{name: [row for table, row in piece if table == name] for name, _ in piece})
        at_once, bit_by_bit = board(store_of_all, told.as_of), board(other, told.as_of)
        one, other_way = (said(columns, SITE, keys=INJURY_METRICS) for columns in (at_once, bit_by_bit))
    assert one.keys() == other_way.keys()
    assert [place for place in one if not all(map(agree, one[place], other_way[place]))] == []
