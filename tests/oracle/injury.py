"""What every metric of work injury and of exchange should read at one instant, of the city and of each of its parts."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from tests.oracle import nowcast
from tests.oracle.exposure import person_years
from tests.oracle.injury_case import injury_cases
from tests.oracle.injury_clock import EPOCH, Calendar, clocks
from tests.oracle.injury_metrics import INJURY_METRICS, Made, Plain
from tests.oracle.oracle import WHOLE, Answer
from tests.oracle.records import UNKNOWN_TOWN, Records, Row
from tests.oracle.windows import DAY_S, IN_WEEKS, Stretch, compared, lies_in, stretches, weeks

NOWCAST = "accidents_nowcast"
Workdays = Mapping[date, tuple[bool, str]]
Parts = dict[str | None, list[Row]]


class InjuryOracle:
    """All that is known at one instant, and what every metric should read then.

    `workdays` are the days of the years whose notice is out: worked or not, and the holiday's name; `days_off` the statutory
    holidays of other years. With a town named, it is all that somebody may see who is given that town only.
    """

    def __init__(self, tables: Mapping[str, Sequence[Row]], zone: ZoneInfo, as_of: int, *, town: str | None = None) -> None:
        self.zone, self.as_of = zone, as_of
        self.windows = stretches(as_of, zone)
        self.city = tables
        self.tables = tables if town is None else {name: of_town(rows, town) for name, rows in tables.items()}
        self.placed: dict[tuple[str, str], tuple[list[float], list[Row]]] = {}
        self.grouped: dict[tuple[str, str | None, Stretch, str | None], Parts] = {}
        self.days: dict[tuple[Stretch, str | None], dict[str | None, set[date]]] = {}
        self.reckoned: dict[tuple[str, Stretch, str | None], dict[str | None, Answer]] = {}
        self.found: dict[tuple[str, str, str | None], dict[str | None, Answer]] = {}

    def answers(self, key: str, window: str, by: str | None = None) -> dict[str | None, Answer]:
        """Return what a metric should read in a window: of all, of each part that has any row in it, or of each week."""
        if (key, window, by) not in self.found:
            told = self.windows[window]
            self.found[key, window, by] = self.by_week(key) if by == "week" else self.read(key, window, told, by)
        return self.found[key, window, by]

    def nothing(self, key: str, window: str) -> Answer:
        """Return what a metric should read of a part without any row."""
        metric, is_live = INJURY_METRICS[key], self.windows[window].is_live
        if isinstance(metric, Plain):
            return trusted(metric.reckon([], self.as_of), is_live=is_live)
        return made(metric, [self.nothing(part, window) for part, _ in metric.parts], is_live=is_live)

    def read(self, key: str, window: str, told: Stretch, by: str | None) -> dict[str | None, Answer]:
        metric = INJURY_METRICS[key]
        if isinstance(metric, Made):
            parts = [self.part(part, when, window, told, by) for part, when in metric.parts]
            names = {name for part in parts for name in part}
            empty = [self.nothing(part, window) for part, _ in metric.parts]
            whole = [[part.get(name, none) for part, none in zip(parts, empty, strict=True)] for name in names]
            return {name: made(metric, some, is_live=told.is_live) for name, some in zip(names, whole, strict=True)}
        if (key, told, by) not in self.reckoned:
            parts = self.groups(metric, told, by).items()
            said = {name: trusted(metric.reckon(rows, self.as_of), is_live=told.is_live) for name, rows in parts}
            self.reckoned[key, told, by] = said
        return self.reckoned[key, told, by]

    def part(self, key: str, when: str, window: str, told: Stretch, by: str | None) -> dict[str | None, Answer]:
        """Return what a part of a metric reads, in its own window; person-years that not all its days have are unknown.

        A town's days are its own. An industry may have nobody insured on a day: its days are those of all that is read.
        """
        name = {"now": "now", "last_year": f"{window}_ly"}.get(when, window)
        own = {"same": told, "compared": compared(window, told)}.get(when, self.windows[name])
        found = self.read(key, name, own, by)
        if key != "person_years":
            return found
        days = self.days_told(key, own, by if by == "town" else None)
        asked = (own.last - own.first).days - (own.without is not None)
        told_on = {name: days[name if by == "town" else WHOLE] for name in found}
        return {name: answer if len(told_on[name]) >= asked else answer._replace(value=None) for name, answer in found.items()}

    def days_told(self, key: str, told: Stretch, by: str | None) -> dict[str | None, set[date]]:
        """Return the days of a window that have a row."""
        metric = INJURY_METRICS[key]
        assert isinstance(metric, Plain)
        if (told, by) not in self.days:
            self.days[told, by] = {name: {row["day"] for row in rows} for name, rows in self.groups(metric, told, by).items()}
        return self.days[told, by]

    def groups(self, metric: Plain, told: Stretch, by: str | None) -> Parts:
        """Return the rows of a metric in a window, whole or by part; metrics of one table and stamp share them."""
        at = metric.table, metric.placed, told, by
        if at not in self.grouped:
            self.grouped[at] = split(self.rows(metric, told), by)
        return self.grouped[at]

    def rows(self, metric: Plain, told: Stretch) -> list[Row]:
        """Return the rows of a metric in a window; where no stamp places them, all."""
        if metric.placed is None:
            return list(self.tables[metric.table])
        stamps, rows = self.in_order(metric.table, metric.placed)
        if metric.placed in {"day", "posted_on"}:
            low, high = (bisect_left(stamps, day.toordinal()) for day in (told.first, told.last))
        else:
            low, high = (bisect_left(stamps, at) for at in (told.start, told.end))
        some = rows[low:high]
        return some if told.without is None else [row for row in some if lies_in(row[metric.placed], told, self.zone)]

    def in_order(self, table: str, placed: str) -> tuple[list[float], list[Row]]:
        """Return the rows of a table that have a stamp, in its order."""
        if (table, placed) not in self.placed:
            some = [row for row in self.tables[table] if row[placed] is not None]
            order = sorted(some, key=lambda row: row[placed])
            self.placed[table, placed] = [ordinal(row[placed]) for row in order], order
        return self.placed[table, placed]

    def by_week(self, key: str) -> dict[str | None, Answer]:
        """Return what a metric should read of each whole week."""
        told = weeks(self.windows[IN_WEEKS], self.zone)
        if key != NOWCAST:
            return {label: self.read(key, IN_WEEKS, week, None)[WHOLE] for label, week in told.items()}
        found = self.nowcast(self.tables)
        law = nowcast.law(self.nowcast(self.city))
        unknown = Answer(None, 0, 0, 0, None, None, {}, "missing")
        first = nowcast.week_of((self.windows[IN_WEEKS].first - EPOCH).days * DAY_S)
        answers: list[Answer] = [unknown] * (found.first - first)
        for week in nowcast.weeks(found, law):
            said = unknown._replace(n=week.observed, n_total=week.observed, hit_count=week.observed)
            known = week.mean is not None
            answers.append(said._replace(value=week.mean, low=week.low, high=week.high, status="ok") if known else said)
        return dict(zip(told, answers, strict=True))

    def nowcast(self, tables: Mapping[str, Sequence[Row]]) -> nowcast.Known:
        """Return the cases by week of accident and delay, of whole weeks of the window."""
        told = self.windows[IN_WEEKS]
        rows = [row for row in tables["injury_case"] if told.start <= row["event_at"] < told.end]
        first, running = (nowcast.week_of((day - EPOCH).days * DAY_S) for day in (told.first, told.last))
        return nowcast.known(rows, first, running, told.end, self.as_of)


def split(rows: list[Row], by: str | None) -> Parts:
    """Return rows whole, or by what they say of a dimension."""
    if by is None:
        return {WHOLE: rows}
    found: Parts = {}
    for row in rows:
        found.setdefault(row[by], []).append(row)
    return found


def of_town(rows: Sequence[Row], town: str) -> Sequence[Row]:
    """Return the rows that somebody may see who is given one town; what has no town, only the whole city may."""
    return [row for row in rows if row.get("town") == town]


def ordinal(stamp: float | date) -> float:
    return stamp.toordinal() if isinstance(stamp, date) else stamp


def trusted(answer: Answer, *, is_live: bool) -> Answer:
    return answer._replace(status="provisional") if is_live and answer.status == "ok" else answer


def made(metric: Made, parts: Sequence[Answer], *, is_live: bool) -> Answer:
    """Return what comes of the parts of a metric; how many rows it stands on, the first of them says."""
    first, estimate = parts[0], metric.make(parts)
    found = Answer(None, first.n, first.n_total, first.hit_count, None, None, {}, "missing")
    if estimate is None:
        return found
    value, low, high = estimate
    return trusted(found._replace(value=value, low=low, high=high, status="ok"), is_live=is_live)


def derived(records: Records, workdays: Workdays, calendar: Calendar) -> dict[str, Sequence[Row]]:
    """Return the rows of every table that these metrics read."""
    told = {name: records.get(name, ()) for name in SOURCES}
    cases = injury_cases(
        cases=told["work_injury_case"],
        events=told["case_event"],
        payments=[{**row, "paid_on": (row["paid_on"] - EPOCH).days} for row in told["benefit_payment"]],
        materials=told["case_material"],
        reemploy=told["reemploy"],
        enterprises=told["enterprise"],
        specialists=told["specialist"],
    )
    return {
        "injury_case": list(cases.values()),
        "injury_clock": clocks(told["work_injury_case"], told["case_event"], told["enterprise"], calendar),
        "exposure": [
            {**stratum._asdict(), "day": day, "person_years": years}
            for (stratum, day), (years, _) in person_years(told["enterprise"], told["enterprise_month"]).items()
        ],
        "hearing": [
            {**row, "town": cases[row["case_id"]]["town"] if row["case_id"] in cases else UNKNOWN_TOWN}
            for row in told["arb_hearing"]
        ],
        "exchange_timing": [timed(row) for row in told["exchange_call"]],
        "appraisal_slot": told["appraisal_slot"],
        "job_post": told["job_post"],
        "specialist": [{**row, "town": row["town_code"]} for row in told["specialist"]],
        "cn_workday": [{"day": day, "is_workday": worked, "name": name} for day, (worked, name) in workdays.items()],
    }


SOURCES = (
    "work_injury_case",
    "case_event",
    "benefit_payment",
    "case_material",
    "reemploy",
    "enterprise",
    "enterprise_month",
    "specialist",
    "arb_hearing",
    "exchange_call",
    "appraisal_slot",
    "job_post",
)


def timed(call: Row) -> Row:
    """Return a call with the seconds until its answer."""
    asked, answered = call["event_at"], call["answered_at"]
    state = "OPEN" if answered is None else "NEG" if answered < asked else "VALID"
    length = answered - asked if state == "VALID" else None
    return {**call, "exchange_latency_state": state, "exchange_latency_s": length}
