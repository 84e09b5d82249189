"""When models judge: what closed since they last did, and what changed rules say of what they judged before."""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from cockpit.errors import Fenced, StoreError
from cockpit.failpoint import failpoint
from cockpit.ledger.merge import Delta, merge
from cockpit.ledger.read import SourceState, newest_tick_number
from cockpit.ledger.store import Ledger
from cockpit.ledger.upgrade import note, noted
from cockpit.site import Site, SourceConfig
from cockpit.weeks import WEEK_DAYS, sunday_before
from cockpit.window import EPOCH, FREEZE_HOUR, midnight, number
from etl.derived import stored
from etl.load import derive_all, write_tick
from etl.model import Judging, Model

LOG = logging.getLogger("cockpit.etl")

HOUR_S = 3600
JUDGED = "judged "
"""With this begin the keys under which a store says how far its models have judged."""

Rules = Mapping[str, tuple[int, str]]
"""Each version of the configuration: the first day it holds (days since 1970), and a hash of what it says."""


class Judged(NamedTuple):
    """What a store says of a model: the last close that it judged, and the rules as they stood then."""

    close: int
    rules: Rules


@dataclass(frozen=True)
class Now:
    """The state in which it is asked what is due: how the sources stand, the site's clock (UTC s), and the real one."""

    states: Mapping[str, SourceState]
    as_of: int
    clock: float


def judge_due(models: Iterable[Model], ledger: Ledger, site: Site, now: Now) -> list[int]:
    """Let models judge what is due, each in one transaction, and return the ticks that came of it.

    A model that fails is logged, and what it judged before stays; it is asked again with the next news.
    """
    ticks = []
    for model in models:
        if not is_heard(model, site, now):
            continue
        try:
            tick = judge(ledger, site, model, now)
        except (Fenced, StoreError, sa.exc.SQLAlchemyError):
            raise
        except Exception:
            LOG.exception("%s could not be judged; what was judged before stays", model.table.name)
            continue
        ticks += [] if tick is None else [tick]
    return ticks


def last_close(model: Model, site: Site, as_of: int) -> int:
    """Return the last day of the newest period that is over at an instant (UTC s)."""
    today = number(datetime.fromtimestamp(as_of, site.zone).date())
    return today - 1 if model.rhythm == "day" else sunday_before(today)


def heard_today(site: Site, now: Now) -> frozenset[str]:
    """Return the sources that were read, or tried in vain, since the site's last midnight: what models may wait for."""
    today_at = midnight(datetime.fromtimestamp(now.as_of, site.zone).date(), site.zone)
    loaded = (key for key, state in now.states.items() if (state.loaded_at or 0) >= today_at)
    return frozenset([*loaded, *(f"{key}?" for key, state in now.states.items() if state.checked_at >= today_at)])


def is_heard(model: Model, site: Site, now: Now) -> bool:
    """Whether a site feeds a model, and each of its sources was read since the newest period closed, or has failed for hours.

    Where another system delivers the table itself, nothing is judged beside it.
    """
    if site.feeding((model.table.name,)) or not all(site.feeding((table,)) for table in model.sources):
        return False
    closed_at = midnight(EPOCH + timedelta(days=last_close(model, site, now.as_of) + 1), site.zone)
    is_long_ago = now.as_of >= closed_at + FREEZE_HOUR * HOUR_S
    return all(has_told(source, now, closed_at, is_waited_for=not is_long_ago) for source in site.feeding(model.sources))


def has_told(source: SourceConfig, now: Now, closed_at: int, *, is_waited_for: bool) -> bool:
    """Whether a source told all that it had at an instant (UTC s), or was tried since and is not waited for any longer.

    One that was never read has told nothing, however long ago that is; a list is as it is.
    """
    state = now.states.get(source.key)
    if state is None or state.loaded_at is None:
        return False
    return source.static or state.loaded_at >= closed_at or (not is_waited_for and state.checked_at >= closed_at)


def judge(ledger: Ledger, site: Site, model: Model, now: Now) -> int | None:
    """Let a model judge what is due, and return the tick, or None when nothing is due or nothing came of it."""
    with ledger.reading() as connection:
        if not closes_due(connection, ledger, site, model, now):
            return None
    with ledger.writing() as connection:
        closes = closes_due(connection, ledger, site, model, now)
        tick = newest_tick_number(connection, ledger) + 1
        delta = written(connection, model, Judging(connection, ledger, site, closes, now.as_of), tick)
        newest = Judged(closes[-1], rules_known(connection, ledger))
        note(connection, ledger, noted_as(model), json.dumps(newest))
        if delta:
            derive_all(connection, ledger, [delta], tick)
            day = EPOCH + timedelta(days=closes[-1])
            write_tick(connection, ledger, tick, as_of=now.as_of, now=now.clock, cause=f"model {model.table.name}: {day}")
        failpoint("judged")
    LOG.info("%s: judged %d closes up to %s", model.table.name, len(closes), EPOCH + timedelta(days=closes[-1]))
    return tick if delta else None


def written(connection: sa.Connection, model: Model, judging: Judging, tick: int) -> Delta:
    """Write what a model judges; of one that keeps the newest, rows that it names no more are closed."""
    ledger, name = judging.ledger, model.table.name
    rows = stored(model.table, model.judge(judging))
    history = ledger.tables[name]
    all_keys = sa.select(*(history.c[key] for key in model.table.key)).where(history.c.known_to.is_(None))
    within = all_keys if model.keeps == "newest" else None
    return merge(connection, ledger, name, rows, tick=tick, within=within, stamps=model.stamps)


def closes_due(connection: sa.Connection, ledger: Ledger, site: Site, model: Model, now: Now) -> tuple[int, ...]:
    """Return the closes that a model has to judge, oldest first: those since the last one, and those that new rules touch."""
    last = last_close(model, site, now.as_of)
    before, rules = judged_before(connection, ledger, model), rules_known(connection, ledger)
    if before is not None and before.close >= last and before.rules == rules:
        return ()
    first = model.first(connection, ledger, site)
    if first is None or first > last:
        return ()
    begin = first if before is None else max(first, min(before.close + 1, changed_from(before.rules, rules)))
    step = WEEK_DAYS if model.rhythm == "week" else 1
    begin += (last - begin) % step
    return tuple(range(begin, last + 1, step))


def judged_before(connection: sa.Connection, ledger: Ledger, model: Model) -> Judged | None:
    """Return what a store says of a model, if it judged anything."""
    said = noted(connection, ledger, noted_as(model))
    if said is None:
        return None
    close, rules = json.loads(said)
    return Judged(close, {version: (on, digest) for version, (on, digest) in rules.items()})


def noted_as(model: Model) -> str:
    """Return the key under which a store says how far a model has judged."""
    return f"{JUDGED}{model.table.name}"


def rules_known(connection: sa.Connection, ledger: Ledger) -> Rules:
    """Return the versions of the configuration that are known."""
    config = ledger.tables["config"].c
    known = sa.select(config.config_version, config.effective_from_on, config.json).where(config.known_to.is_(None))
    return {
        version: (on, hashlib.sha256(text.encode()).hexdigest()[:16]) for version, on, text in connection.execute(known).all()
    }


def changed_from(before: Rules, after: Rules) -> int:
    """Return the first day from which other rules hold than before; the end of time when none changed."""
    changed = {version for version in {*before, *after} if before.get(version) != after.get(version)}
    days = [rules[version][0] for version in changed for rules in (before, after) if version in rules]
    return min(days, default=10**9)
