"""Work-injury cases told by hand: events by code and wall-clock day, and the clocks that follow from them."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import pandas as pd

from etl.catalogue import tables
from etl.derive.injury_clock import INJURY_CLOCK, injury_clock
from etl.sources.calendar import calendar

EPOCH = date(1970, 1, 1)
OFFSET_S = 8 * 3600
DAY_S = 86_400


def day(text: str) -> int:
    """Return an ISO date as days since 1970."""
    return (date.fromisoformat(text) - EPOCH).days


def moment(text: str) -> dict[str, int]:
    """Return a wall-clock time in China (nine in the morning when only the day is given) as instant and wall clock."""
    told = datetime.fromisoformat(text if "T" in text else f"{text}T09:00")
    local = int((told - datetime(1970, 1, 1)).total_seconds())
    return {"event_at": local - OFFSET_S, "event_local": local}


def case(case_id: str, happened: str, **said: Any) -> dict[str, Any]:
    """Return a row of the list of cases."""
    return {"case_id": case_id, "rev": 0, "employer_town": "T", "accident_town": "T", **moment(happened), **said}


def event(case_id: str, code: str, at: str, number: int = 0, **payload: Any) -> dict[str, Any]:
    """Return an event of a case."""
    said = json.dumps(payload, ensure_ascii=False) if payload else None
    names = {"event_id": f"{case_id}-{code}-{number}", "rev": 0, "case_id": case_id, "event_code": code}
    return {**names, **moment(at), "payload": said}


@cache
def announced() -> tuple[dict[str, Any], ...]:
    """Return every row of `cn_workday` that is known."""
    every = calendar({}, 2004).items()
    return tuple({"day_on": (on - EPOCH).days, "is_workday": d.is_workday, "name": d.name} for on, d in every)


def notices(*years: int) -> list[dict[str, Any]]:
    """Return the rows of `cn_workday` of some years, or of all that are known."""
    return [row for row in announced() if not years or date.fromordinal(EPOCH.toordinal() + row["day_on"]).year in years]


def frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as a frame of a table's columns."""
    names = list(tables()[name].names)
    return pd.DataFrame([[row.get(n) for n in names] for row in rows], columns=names, dtype=object)


def clocks(
    cases: Iterable[Mapping[str, Any]],
    events: Iterable[Mapping[str, Any]] = (),
    workdays: Iterable[Mapping[str, Any]] | None = None,
    config: Iterable[Mapping[str, Any]] = (),
    **lists: Iterable[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Return the clocks of cases, with days as dates."""
    told = {
        "work_injury_case": cases,
        "case_event": events,
        "config": config,
        **lists,
    }
    current = {name: frame(name, told.get(name, ())) for name in INJURY_CLOCK.reads}
    rows = injury_clock({**current, "cn_workday": all_notices() if workdays is None else frame("cn_workday", workdays)})
    return [dated({name: None if pd.isna(value) else value for name, value in row.items()}) for row in rows.to_dict("records")]


def dated(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its days as ISO dates."""
    days = {name: row[name] for name in ("due_on", "strict_due_on")}
    return {
        **row,
        **{n: None if v is None else date.fromordinal(EPOCH.toordinal() + int(v)).isoformat() for n, v in days.items()},
    }


@cache
def all_notices() -> pd.DataFrame:
    """Return the calendar of all years that are known."""
    return frame("cn_workday", notices())


def rules(version: str, since: str, **injury: Any) -> dict[str, Any]:
    """Return a version of the configuration that sets the clocks."""
    return {"config_version": version, "effective_from_on": day(since), "json": json.dumps({"injury": injury})}
