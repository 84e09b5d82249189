"""A city of judged enterprises, told by hand: what the screen of enterprise risk shows, without a model or years of records."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cockpit.ledger.merge import merge
from cockpit.ledger.store import Ledger
from cockpit.ledger.upgrade import create
from cockpit.site import load_site
from etl.catalogue import tables
from etl.load import write_tick

Row = dict[str, Any]
DIVISIONS = {"34": "4", "35": "4", "33": "5", "19": "3", "32": "6", "51": "1", "?": "?"}
"""Division → the risk category of its firms here; the last names none."""

FIRMS_A_TOWN = 9
DAYS, DAY_S = 400, 86_400
SCORES = ("count_score", "rate_score", "trend_score", "severity_score", "cost_score")


def grade_of(index: float) -> str:
    """Return the grade of an index by the default cuts."""
    return next(grade for grade, cut in (("红", 75), ("橙", 55), ("黄", 40), ("绿", 0)) if index >= cut)


def firms(codes: list[str]) -> Iterator[Row]:
    """Yield nine firms a town, of which the first is watched; the index falls from firm to firm and from town to town."""
    divisions = [*DIVISIONS]
    for town, code in enumerate(codes):
        for number in range(FIRMS_A_TOWN):
            division = divisions[(town + number) % len(divisions)]
            index = round(92.4 - 8.1 * number - 0.7 * town, 1)
            before = round(index + (7.5, -12.2, 0.0)[(town + number) % 3], 1)
            yield {
                "enterprise_id": f"E{town:02d}{number}",
                "run_week": "2026-W46",
                "name": f"模拟{code[-3:]}第{number}机械厂",
                "town_code": code,
                "division": None if division == "?" else division,
                "person_years": 3.6 if number == 0 else 12.0 * number**2 + town,
                "observed_count": number,
                "observed_before": 7 - number if number < 7 else 0,
                **dict.fromkeys(SCORES, index),
                "theta": 2.25,
                "trend": 0.675,
                "severity_ratio": 2.38,
                "cost_ratio": 1.36,
                "idx": index,
                "idx_before": before,
                "grade": "绿" if number == 3 else grade_of(index),
                "grade_before": grade_of(before),
                "floor": "橙" if number == 2 else None,
                "is_gated": number == 3,
                "is_watched": number == 0,
                "rate_advice": "150",
                "p_gt_15": round(0.99 - 0.09 * number - 0.001 * town, 3),
                "config_version": "told-1",
            }


def cases(codes: list[str], now: int) -> Iterator[Row]:
    """Yield cases at work of the year: three a town in the first division, seven in the second, and so on."""
    for town, code in enumerate(codes):
        for place, (division, category) in enumerate(DIVISIONS.items()):
            for number in range(3 + 4 * place):
                at = now - (number + 3) * 9 * DAY_S
                kind = {"division": division, "risk_cat": category, "is_production": True, "is_open": False}
                case = {"case_id": f"C{town}-{division}-{number}", "round": 1, "town": code}
                yield {**case, **kind, "event_at": at - DAY_S, "event_local": at - DAY_S, "accepted_at": at}


def exposure(codes: list[str], now: int) -> Iterator[Row]:
    """Yield four person-years a day of each town and division: 1,460 a year."""
    today = now // DAY_S
    for code in codes:
        for division, category in DIVISIONS.items():
            for day in range(today - DAYS, today + 2):
                stratum = {"town": code, "division": division, "risk_cat": category}
                yield {**stratum, "day_on": day, "person_years": 4.0, "is_carried": False}


def framed(ledger: Ledger, name: str, rows: Iterator[Row] | list[Row]) -> pd.DataFrame:
    """Return rows as a frame of a table's columns."""
    names = ledger.declared[name].names
    return pd.DataFrame([[row.get(column) for column in names] for row in rows], columns=[*names], dtype=object)


def tell_city(store: Path, towns: Mapping[str, tuple[str, str]]) -> None:
    """Make a store of the reference city in which only its towns (code → names) and their judged firms are known."""
    now, codes = int(time.time()), [*towns]
    ledger = Ledger(f"sqlite:///{store}", tables())
    create(ledger)
    listed = [
        {"town_code": code, "rev": 0, "name": zh, "name_en": en, "kind": "镇", "is_functional": False}
        for code, (zh, en) in towns.items()
    ]
    told = {
        "town": listed,
        "enterprise_risk": firms(codes),
        "injury_case": cases(codes, now),
        "exposure": exposure(codes, now),
    }
    with ledger.writing() as connection:
        for name, rows in told.items():
            merge(connection, ledger, name, framed(ledger, name, rows), tick=1)
        write_tick(connection, ledger, 1, as_of=now, now=float(now), cause="told by hand")
        heard = {"checked_at": now, "loaded_at": now, "observed_at": now, "cursor": "{}", "state": "ok", "message": ""}
        connection.execute(ledger.sources.insert(), [{"key": s.key, **heard} for s in load_site("wenling").sources])
