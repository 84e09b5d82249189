"""How old what we know is: each source's age against its own interval."""

from dataclasses import dataclass
from enum import StrEnum

from cockpit.ledger.read import SourceState
from cockpit.metric import Status
from cockpit.site import Site, SourceConfig
from cockpit.text import Text

LATE_AFTER, STALE_AFTER = 1.5, 3.0
"""In expected intervals of the source (domain specification, section 10.1)."""


class Age(StrEnum):
    """How a source stands."""

    FRESH = "fresh"
    LATE = "late"
    STALE = "stale"
    HELD = "held"
    ENDED = "ended"
    NEVER = "never"


AGE_TEXT = {
    Age.FRESH: Text("正常", "on time"),
    Age.LATE: Text("数据延迟", "late"),
    Age.STALE: Text("数据中断", "interrupted"),
    Age.HELD: Text("批次待核", "batch held"),
    Age.ENDED: Text("回放结束", "record ended"),
    Age.NEVER: Text("未接入", "never read"),
}
SEVERITY = (Age.FRESH, Age.ENDED, Age.HELD, Age.LATE, Age.STALE, Age.NEVER)


@dataclass(frozen=True)
class SourceAge:
    """One source's age. `age_s` counts from its last whole read; None when it never was read."""

    key: str
    title: Text
    age: Age
    age_s: float | None
    observed_at: int | None
    message: str
    is_static: bool


def source_age(config: SourceConfig, state: SourceState | None, now: float) -> SourceAge:
    """Judge one source. A list that rarely changes grows old without alarm; a record that ended stands."""
    if state is None or state.loaded_at is None:
        held = state is not None and state.state == "held"
        return SourceAge(
            config.key, config.title, Age.HELD if held else Age.NEVER, None, None, state.message if state else "", config.static
        )
    age_s = max(0.0, now - state.loaded_at)
    if state.state == "ended":
        age = Age.ENDED
    elif state.state == "held":
        age = Age.HELD
    elif config.static and state.state != "lost":
        age = Age.FRESH
    elif age_s > STALE_AFTER * config.news_within_s:
        age = Age.STALE
    elif age_s > LATE_AFTER * config.news_within_s:
        age = Age.LATE
    else:
        age = Age.FRESH
    return SourceAge(config.key, config.title, age, age_s, state.observed_at, state.message, config.static)


def source_ages(site: Site, states: dict[str, SourceState], now: float) -> tuple[SourceAge, ...]:
    """Judge every source of a site, in the order of its `site.toml`."""
    return tuple(source_age(config, states.get(config.key), now) for config in site.sources)


def worst(ages: tuple[SourceAge, ...]) -> Age:
    """Return the gravest age among sources."""
    return max((a.age for a in ages), key=SEVERITY.index, default=Age.NEVER)


def aged(status: Status, age: Age) -> Status:
    """Return a reading's status once the age of its sources is known: old news is never shown as fresh."""
    if status is Status.MISSING or status is Status.SHORT:
        return status
    if age in (Age.STALE, Age.NEVER):
        return Status.STALE
    if age in (Age.LATE, Age.HELD):
        return Status.LATE
    return status
