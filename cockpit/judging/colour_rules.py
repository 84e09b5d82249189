"""The rules of the four colours, as a city's `config` sets them: `{"colours": {"red": 65, "manual": [...]}}`.

What a version does not name is the default here; what it says wrongly is logged, and the default stands.
"""

import json
import logging
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from cockpit.errors import CockpitError

LOG = logging.getLogger("cockpit.judging")

COLOURS = ("绿", "黄", "橙", "红")
"""Rising."""
LETTER: Mapping[str, str] = MappingProxyType({"绿": "G", "黄": "Y", "橙": "O", "红": "R"})
EPOCH = date(1970, 1, 1)
MANUAL_DAYS = 60
"""The longest that two persons may raise a colour by hand (section 3.4)."""


@dataclass(frozen=True, kw_only=True)
class ManualOverride:
    """A colour that two persons demand at least for a town, from one day to another (days since 1970, both inclusive)."""

    town: str
    colour: str
    from_on: int
    until_on: int
    reason: str
    approved_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ColourRules:
    """One version of the rules (domain specification, section 3.4): cuts, the five parts, gate, hysteresis, deaths, CUSUM.

    Units: cuts, `_max`, `jump` and `back` are points of the score; `_weight` are months; `severity_k` is person-years.
    """

    version: str
    yellow: float = 30
    orange: float = 50
    red: float = 70
    level_max: float = 35
    change_max: float = 20
    severity_max: float = 25
    overdue_max: float = 10
    repeat_max: float = 10
    z_full: float = 3  # of z* and of the year-on-year z: from here on a part is full
    severity_k: float = 2000
    death_weight: float = 60
    grade_weights: tuple[float, ...] = (27, 25, 23, 21, 18, 16, 13, 11, 9, 7)  # statutory months of grades 1 to 10
    ungraded_weight: float = 1
    overdue_full: float = 0.30  # of open orders
    repeat_from: float = 0.20  # of cases: the part begins here …
    repeat_full: float = 0.40  # … and is full when the share lies this much above
    repeat_cases: int = 3
    gate_expected: float = 5
    gate_mid_p: float = 0.001
    jump: float = 10
    back: float = 5
    up_weeks: int = 2
    up_of: int = 3
    down_weeks: int = 4
    least_days: int = 28
    death_days: int = 90
    deaths_orange: int = 1
    deaths_red: int = 2
    accident_deaths_red: int = 3  # 较大事故 [src: SCJB]
    cusum_rho: float = 1.5
    cusum_high: float = 3.5
    cusum_low: float = 2.5
    cusum_from: float = 2  # expected cases a week
    manual: tuple[ManualOverride, ...] = ()

    @property
    def cuts(self) -> tuple[float, float, float]:
        """The scores at which yellow, orange and red begin."""
        return self.yellow, self.orange, self.red

    def with_cuts(self, yellow: float, orange: float, red: float) -> "ColourRules":
        """Return the rules with other cuts. Raises: CockpitError when they do not rise within 0 to 100."""
        if not 0 < yellow < orange < red <= 100:
            raise CockpitError(f"the cuts {yellow:g}, {orange:g}, {red:g} do not rise; give three rising ones, at most 100")
        return replace(self, yellow=yellow, orange=orange, red=red)


SHARE, POINTS, FACTOR, WEEKS, DAYS, COUNT = (0.0, 1.0), (0.0, 100.0), (0.01, 1e9), (1.0, 104.0), (0.0, 1095.0), (1.0, 1000.0)
BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    dict.fromkeys(("yellow", "orange", "red", "jump", "back"), POINTS)
    | dict.fromkeys(("level_max", "change_max", "severity_max", "overdue_max", "repeat_max"), POINTS)
    | dict.fromkeys(("z_full", "severity_k", "overdue_full", "repeat_full"), FACTOR)
    | dict.fromkeys(("death_weight", "ungraded_weight", "gate_expected", "cusum_from"), (0.0, 1e9))
    | dict.fromkeys(("repeat_from", "gate_mid_p"), SHARE)
    | dict.fromkeys(("repeat_cases", "deaths_orange", "deaths_red", "accident_deaths_red"), COUNT)
    | dict.fromkeys(("up_weeks", "up_of", "down_weeks"), WEEKS)
    | dict.fromkeys(("least_days", "death_days"), DAYS)
    | dict.fromkeys(("cusum_high", "cusum_low"), FACTOR)
    | {"cusum_rho": (1.01, 100.0)}
)
"""Between which values a number was meant; others are taken for mistakes."""

TOGETHER = (
    (("yellow", "orange", "red"), lambda rules: rules.yellow < rules.orange < rules.red, "the cuts must rise"),
    (
        ("level_max", "change_max", "severity_max", "overdue_max", "repeat_max"),
        lambda r: math.isclose(r.level_max + r.change_max + r.severity_max + r.overdue_max + r.repeat_max, 100),
        "the five parts must make 100",
    ),
    (("up_weeks", "up_of"), lambda rules: rules.up_weeks <= rules.up_of, "up_weeks must be at most up_of"),
)
"""What must fit together: names, whether they do, and what is said when they do not."""


def colour_rules(version: str, told: object) -> ColourRules:
    """Return the rules that a version of the configuration sets in its section `colours`; without one, the defaults."""
    default = ColourRules(version=version)
    if not isinstance(told, Mapping):
        if told is not None:
            warn(version, "", told, "it is an object of names and values")
        return default
    rules = replace(default, **dict(understood(version, told)))
    for names, fits, what in TOGETHER:
        if not fits(rules):
            warn(version, "", {name: getattr(rules, name) for name in names}, what)
            rules = replace(rules, **{name: getattr(default, name) for name in names})
    return rules


def understood(version: str, told: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the names and values that make sense, and log the others."""
    whole = {field.name for field in fields(ColourRules) if field.type is int}
    for name, value in told.items():
        if name == "manual":
            yield name, overrides(version, value)
        elif (
            name == "grade_weights"
            and isinstance(value, list)
            and len(value) == 10
            and all(is_number(w, 0, 1e9) for w in value)
        ):
            yield name, tuple(value)
        elif name in BOUNDS and is_number(value, *BOUNDS[name]) and (name not in whole or isinstance(value, int)):
            yield name, value
        else:
            warn(version, str(name), value, wanted(name, whole))


def wanted(name: Any, whole: set[str]) -> str:
    """Return what a name's value would have to be."""
    if name == "grade_weights":
        return "it is a list of ten numbers, of grade 1 to grade 10"
    if name not in BOUNDS:
        return "there is no such rule"
    low, high = BOUNDS[name]
    return f"it is a {'whole number' if name in whole else 'number'} from {low:g} to {high:g}"


def is_number(value: Any, low: float, high: float) -> bool:
    """Return whether a value is a number between two others."""
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def overrides(version: str, told: Any) -> tuple[ManualOverride, ...]:
    """Return the overrides by hand that hold; each of the others is logged with its reason and does not hold."""
    entries = told if isinstance(told, list) else [told]
    found: list[ManualOverride] = []
    for entry in entries:
        try:
            found.append(override(entry))
        except ValueError as problem:
            LOG.warning("config version %s: colours.manual %s: %s; it does not hold", version, shown(entry), problem)
    return tuple(found)


def override(entry: Any) -> ManualOverride:
    """Return one override by hand. Raises: ValueError saying what it lacks."""
    try:
        begin, end = ((date.fromisoformat(entry[key]) - EPOCH).days for key in ("from", "until"))
        town, colour, reason = (entry[key].strip() for key in ("town", "colour", "reason"))
        persons = tuple(dict.fromkeys(person.strip() for person in entry["approved_by"]))
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise ValueError('write {"town", "colour", "from", "until", "reason", "approved_by": ["a", "b"]}') from problem
    if not town or colour not in COLOURS:
        raise ValueError(f"it needs a town and a colour, one of {' '.join(COLOURS)}")
    if not reason or len([person for person in persons if person]) < 2:
        raise ValueError("it needs a reason and the approval of two different persons")
    if not begin <= end <= begin + MANUAL_DAYS:
        raise ValueError(f"it ends after it begins, and within {MANUAL_DAYS} days")
    return ManualOverride(town=town, colour=colour, from_on=begin, until_on=end, reason=reason, approved_by=persons)


def floor(rules: ColourRules, *, deaths: int, accident_deaths: int = 0, manual: ManualOverride | None = None) -> str | None:
    """Return the colour that a town has at least; None where nothing demands one.

    `deaths` are those of the last 90 days, `accident_deaths` those of the worst single accident.
    """
    demanded = [manual.colour] if manual else []
    if deaths >= rules.deaths_red or accident_deaths >= rules.accident_deaths_red:
        demanded.append("红")
    elif deaths >= rules.deaths_orange:
        demanded.append("橙")
    return max(demanded, key=COLOURS.index, default=None)


def manual_override(rules: ColourRules, town: str, on: int) -> ManualOverride | None:
    """Return the highest override by hand that holds for a town on a day (since 1970)."""
    held = [one for one in rules.manual if one.town == town and one.from_on <= on <= one.until_on]
    return max(held, key=lambda one: COLOURS.index(one.colour), default=None)


def warn(version: str, name: str, said: Any, what: str) -> None:
    """Say that an entry was not understood."""
    LOG.warning(
        "config version %s: colours%s is %s: %s; the default stands", version, f".{name}" * bool(name), shown(said), what
    )


def shown(said: Any) -> str:
    """Return an entry as it was written."""
    return json.dumps(said, ensure_ascii=False, default=str)
