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
    Age.STALE: Text("数据中断", "stale"),
    Age.HELD: Text("批次待核", "batch held"),
    Age.ENDED: Text("回放结束", "record ended"),
    Age.NEVER: Text("未接入", "never read"),
}
SEVERITY = (Age.FRESH, Age.ENDED, Age.HELD, Age.LATE, Age.STALE, Age.NEVER)

CLOCK_SLACK_S = 5
"""A read that lies further in the future than this was stamped before the clock was set back: nobody knows its age."""


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
    """Judge one source by its last whole read; a batch that waits for a person does not make it younger."""
    loaded_at = None if state is None else state.loaded_at
    age_s = None if loaded_at is None else now - loaded_at
    return SourceAge(
        key=config.key,
        title=config.title,
        age=judged(config, state, age_s),
        age_s=None if age_s is None else max(0.0, age_s),
        observed_at=None if state is None else state.observed_at,
        message="" if state is None else state.message,
        is_static=config.static,
    )


def judged(config: SourceConfig, state: SourceState | None, age_s: float | None) -> Age:
    """Name an age. A list that rarely changes grows old without alarm; a record that ended stands."""
    if state is None or age_s is None:
        return Age.NEVER
    if state.state == "ended":
        return Age.ENDED
    is_ageless = config.static and state.state != "lost"
    if not is_ageless and (age_s > STALE_AFTER * config.news_within_s or age_s < -CLOCK_SLACK_S):
        return Age.STALE
    if state.state == "held":
        return Age.HELD
    return Age.LATE if not is_ageless and age_s > LATE_AFTER * config.news_within_s else Age.FRESH


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
