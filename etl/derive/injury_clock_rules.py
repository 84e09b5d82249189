"""The limits of the clocks, as a city's `config` sets them: `{"injury": {"roll_forward": …, "fast_unit": …, "L17": …}}`.

A clock follows the version that was in force on the day it began, and the records of `cockpit/injury_clocks.py` where there was
none; so a new version moves no due date that was given before it.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cockpit.injury_clock import ClockUnit, InjuryClock
from cockpit.injury_clocks import BY_ID, CLOCKS, RECOGNITION

LOG = logging.getLogger("cockpit.etl")

UNITS = tuple(ClockUnit)

LIMITS = range(3661)
"""A limit beyond ten years, in any unit, was never meant."""


@dataclass(frozen=True)
class Rules:
    """One version of the rules: the clocks as it sets them, and whether a last day that is no working day moves on."""

    clocks: Mapping[str, InjuryClock]
    is_rolled: bool = True


def rules_of(version: str, said: Any) -> Rules:
    """Return the rules that a version of the configuration sets; what it says wrongly is logged, and the default stands."""
    told = said.get("injury") if isinstance(said, dict) else None
    told = dict(told) if isinstance(told, dict) else {}
    is_rolled = told.pop("roll_forward", True)
    if "fast_unit" in told:
        fast = told.setdefault(RECOGNITION["fast"], {})
        told[RECOGNITION["fast"]] = {"unit": told.pop("fast_unit"), **(fast if isinstance(fast, dict) else {})}
    clocks = {clock.id: as_set(clock, told.get(clock.id, {}), version) for clock in CLOCKS}
    for unknown in sorted({*told} - {*BY_ID}):
        warn(version, unknown, told[unknown], "there is no such switch")
    if not isinstance(is_rolled, bool):
        warn(version, "roll_forward", is_rolled, "it is true or false")
        is_rolled = True
    return Rules(clocks, is_rolled)


def as_set(clock: InjuryClock, said: Any, version: str) -> InjuryClock:
    """Return a clock with the limit and the unit that a version sets for it."""
    given = said if isinstance(said, dict) else {"limit": None}
    limit, unit = given.get("limit", clock.limit), given.get("unit", clock.unit)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit not in LIMITS or unit not in UNITS:
        warn(version, clock.id, said, f'write {{"limit": {clock.limit}, "unit": "{clock.unit}"}}, the limit a whole number')
        return clock
    return replace(clock, limit=limit, unit=ClockUnit(unit))


def warn(version: str, key: str, said: Any, what: str) -> None:
    """Say that a switch was not understood."""
    LOG.warning("config version %s: injury.%s is %s: %s; its default stands", version, key, json.dumps(said), what)


def versions(config: pd.DataFrame) -> list[tuple[int, Rules]]:
    """Return the rules with the first day (since 1970) that each holds, in their order."""
    rows = config.sort_values(["effective_from_on", "config_version"])
    columns = (rows[name] for name in ("effective_from_on", "config_version", "json"))
    told = [(int(on), rules_of(version, json.loads(text))) for on, version, text in zip(*columns, strict=True)]
    return [(np.iinfo(np.int64).min, rules_of("", {})), *told]


def limits(
    found: list[tuple[int, Rules]], clock: npt.NDArray[np.int64], began_on: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[Any]]:
    """Return limit, unit (its place in UNITS) and whether it is rolled forward, of clocks (places) begun on some days."""
    which = np.searchsorted([on for on, _ in found], began_on, side="right") - 1
    every = [rules.clocks[key] for _, rules in found for key in BY_ID]
    place = which * len(BY_ID) + clock
    return {
        "limit": np.array([one.limit for one in every], np.int64)[place],
        "unit": np.array([UNITS.index(one.unit) for one in every], np.int64)[place],
        "is_rolled": np.array([rules.is_rolled for _, rules in found], np.bool_)[which],
    }
