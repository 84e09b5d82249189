"""Invented towns with colours, one of them silent: what the screen of towns stands on, told by hand."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from cockpit.app import open_ledger
from cockpit.judging.colour_rules import ColourRules
from cockpit.judging.hysteresis import JudgedWeek, standings
from cockpit.judging.town_reason import reason
from cockpit.judging.town_score import raw_colour
from cockpit.ledger.store import Ledger
from cockpit.site import Site, load_site
from cockpit.weeks import sunday_before
from cockpit.window import number
from etl.books import note_source
from tests.conftest import Store
from tests.enterprises_told import cases, exposure, firms

CHOSEN, SILENT, ZONE = "331081107", "331081110", "331081400"
"""A town that stands at orange, one that nothing is heard of, and the functional zone."""

WEEKS, SILENT_WEEKS = 60, 4
SCORES = {"331081005": 86.0, CHOSEN: 55.0, "331081004": 43.5}
"""Scores of towns that are not green."""

RULES = ColourRules(version="told")


def week_row(town: str, end: int, *, is_silent: bool) -> dict[str, Any]:
    """Return a town's row of one week."""
    score = SCORES.get(town, 20.0) + end % 3 / 10
    scores = {"sir": 1.337, "z": 4.22, "zstar": 2.67, "theta": 1.239, "severity_ratio": 1.42, "score": round(score, 1)}
    parts = dict.fromkeys(("level_score", "change_score", "severity_score", "overdue_score", "repeat_score"), score / 10)
    judged = {**scores, **parts, "raw_colour": raw_colour(score, RULES)}
    return {
        "town_code": town,
        "week_end_on": end,
        "observed_count": 283,
        "person_years": 16_000.0,
        "expected_count": 211.7,
        "observed_before": 238,
        "person_years_before": 15_600.0,
        "open_order_count": 8,
        "overdue_order_count": 2,
        "repeat_case_count": 107,
        "death_count": 0,
        "is_thin": False,
        "is_frozen": False,
        "is_silent": is_silent,
        "is_alarm": False,
        **(dict.fromkeys(judged) if is_silent else judged),
    }


def history_of(town: str, last: int) -> Iterator[dict[str, Any]]:
    """Yield a town's weeks with the colours that follow from their scores."""
    ends = range(last - 7 * (WEEKS - 1), last + 1, 7)
    rows = [week_row(town, end, is_silent=town == SILENT and end > last - 7 * SILENT_WEEKS) for end in ends]
    judged = [JudgedWeek(row["week_end_on"], row["score"], None, row["is_silent"]) for row in rows]
    for row, standing in zip(rows, standings(judged, RULES), strict=True):
        row |= {"colour": None if row["is_silent"] else standing.colour, "since_on": standing.since_on}
        yield {**row, "reason_text": reason(row, "zh")}


def standing_of(newest: dict[str, Any], today: int) -> dict[str, Any]:
    """Return how a town stands after its newest week."""
    is_silent = newest["is_silent"]
    return {
        "town_code": newest["town_code"],
        "colour": newest["colour"],
        "since_on": None if is_silent else newest["since_on"],
        "week_end_on": newest["week_end_on"],
        "next_on": newest["week_end_on"] + 8,
        "is_frozen": False,
        "is_silent": is_silent,
        "silent_workday_count": 31 if is_silent else 0,
        "is_outage": False,
        "preview_on": today - 1,
        "preview_score": newest["score"],
        "preview_colour": newest["colour"],
        "data_as_of_at": today * 86_400,
    }


def coloured_city(path: Path) -> tuple[Site, Ledger]:
    """Fill a store of the reference city with towns, their standings and their weeks."""
    site, now = load_site("wenling"), int(time.time())
    assert site.outline is not None
    today = datetime.fromtimestamp(now, site.zone).date()
    towns = [*site.outline.places]
    ledger = open_ledger(site, f"sqlite:///{path}")
    histories = {town: list(history_of(town, sunday_before(number(today)))) for town in towns}
    named = [
        {"town_code": town, "name": f"{town[-3:]}镇", "name_en": f"Town {town[-3:]}", "is_functional": False} for town in towns
    ]
    zone = {"town_code": ZONE, "name": "东部新区", "name_en": "East Zone", "is_functional": True}
    Store(ledger).tell(
        as_of=now,
        town=[*named, zone],
        town_colour=[standing_of(rows[-1], number(today)) for rows in histories.values()],
        town_colour_history=[row for rows in histories.values() for row in rows],
        enterprise_risk=[*firms(towns)],
        injury_case=[*cases(towns, now)],
        exposure=[*exposure(towns, now)],
    )
    hear(site, ledger)
    return site, ledger


def hear(site: Site, ledger: Ledger) -> None:
    """Note that every source was heard just now."""
    now = int(time.time())
    with ledger.writing() as connection:
        for source in site.sources:
            note_source(connection, ledger, source.key, now=now, loaded_at=now, observed_at=now)
