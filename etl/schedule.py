"""The schedule: what is due is decided from what was recorded; APScheduler is only the timer.

One schedule runs a store at a time, whatever is started: a lock file beside the SQLite file.
"""

import importlib
import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import DBAPIError

from cockpit.errors import AlreadyLoaded, BatchHeld, Fenced
from cockpit.failpoint import failpoint
from cockpit.freshness import LATE_AFTER
from cockpit.ledger.read import CLOCK, SourceState, newest_tick_number, source_states, tick_at
from cockpit.ledger.store import TAKEN_OVER, Ledger
from cockpit.site import Site, SourceConfig
from etl.batch import Batch
from etl.books import held_messages, hold, hold_unread, note_source
from etl.catalogue import check_reads, models
from etl.guards import objection
from etl.judging import Now, heard_today, judge_due
from etl.known import Known, known_to
from etl.load import WRONG_BY_S, load, write_tick
from etl.quarantine import try_again
from etl.reading import LONGEST_S, Over, Reading, patience
from etl.steady import Steadiness
from etl.stretches import note_stretch

LOG = logging.getLogger("cockpit.etl")

TIMER_S = 0.5
"""How often the timer asks what is due."""

CLOCK_TICK_S = 60
"""With no news for this long on the site's clock a tick says that time has passed, so that windows move on."""

CLOCK_STEP_S = 2
"""A wall clock that falls behind the monotonic one by more than this was set back."""

RESUME_CAP_S = 30
"""A replay that was stopped goes on where it stood: no more real time than this and its interval counts as elapsed."""

Clock = Callable[[], float]


class Schedule:
    """The sources of one site, run when they are due."""

    def __init__(self, site: Site, ledger: Ledger, clock: Clock, steady: Clock = time.monotonic) -> None:
        """Open each source's module; nothing is read yet. `steady` is a clock in seconds that nobody can set."""
        check_reads(site)
        self.site, self.ledger, self.clock = site, ledger, clock
        self.steadiness = Steadiness(clock, steady)
        self.readers = {
            config.key: importlib.import_module(f"etl.sources.{config.kind}").Source(config, site) for config in site.sources
        }
        self.under_way: dict[str, Reading] = {}
        self.judged_at: tuple[int, frozenset[str]] | None = None

    def run_due(self, *, everything: bool = False, only: str | None = None) -> list[int]:
        """Run what is due (or all) and return the ticks it made."""
        ticks: list[int] = []
        for config in self.site.sources:
            if only is not None and config.key != only:
                continue
            brought = self.run_source(config, everything=everything)
            ticks += brought
            if brought and only is None:  # judged as soon as it can be, and not after sources that it does not rest on
                ticks += self.judge()
        if ticks:
            try_again(self.ledger, self.site, as_of=site_clock(self.site, self.states(), self.clock()), now=self.clock())
        if not everything and only is None:
            ticks += self.pass_time()
        return ticks if only is not None else [*ticks, *self.judge()]

    def run_source(self, config: SourceConfig, *, everything: bool) -> list[int]:
        """Read a source when it is due, or asked for, and load what it brings or what an earlier read of it brought."""
        states = self.states()
        if config.key in self.under_way:
            return self.load_brought(config, self.under_way.pop(config.key), LONGEST_S if everything else 0.0)
        if not everything and not is_due(config, states.get(config.key), self.clock()):
            return []
        reading = self.begin(config, states)
        return self.load_brought(config, reading, patience(config, reading.before, everything=everything))

    def judge(self) -> list[int]:
        """Let the models judge what has closed, once for each tick and each source that was heard on a new day.

        A clock that may be off by more than a day is not taken for a week that has closed.
        """
        with self.ledger.reading() as connection:
            newest, states = newest_tick_number(connection, self.ledger), source_states(connection, self.ledger)
        now = Now(states, site_clock(self.site, states, self.clock()), self.clock())
        asked = (newest, heard_today(self.site, now))
        if asked == self.judged_at or max(self.steadiness.doubt_s()) > WRONG_BY_S:
            return []
        ticks = judge_due(models(), self.ledger, self.site, now)
        self.judged_at = (max([newest, *ticks]), asked[1])
        return ticks

    def states(self) -> dict[str, SourceState]:
        """Return what was recorded of each source."""
        with self.ledger.reading() as connection:
            return source_states(connection, self.ledger)

    def known(self, key: str) -> Known:
        """Return what the rows of a source are held against."""
        return known_to(self.ledger, self.states().get(key))

    def begin(self, config: SourceConfig, states: dict[str, SourceState]) -> Reading:
        """Begin to read a source."""
        before = states.get(config.key)
        as_of = site_clock(self.site, states, self.clock())
        later_s, earlier_s = (0, 0) if self.site.replay else self.steadiness.doubt_s()
        known = replace(known_to(self.ledger, before), later_s=later_s, earlier_s=earlier_s)
        cursor = before.cursor if before else {}
        return Reading(lambda: self.readers[config.key].read(cursor, as_of, known), before, as_of)

    def load_brought(self, config: SourceConfig, reading: Reading, patience_s: float | None) -> list[int]:
        """Load what a read brings; what is not there in time is left for later, and a fault is recorded."""
        ticks: list[int] = []
        try:
            failpoint("due")
            while not isinstance(brought := reading.take(patience_s), Over):
                if brought is None:
                    self.under_way[config.key] = reading
                    reading.check()
                    return ticks
                failpoint("read")
                if isinstance(brought, BatchHeld):
                    hold_unread(self.ledger, config.key, brought, now=self.clock())
                elif (tick := self.load(config, brought, reading.as_of)) is not None:
                    ticks.append(tick)
            self.settle(config.key, reading.before)
            failpoint("settled")
        except Fenced:
            raise
        except Exception as error:  # noqa: BLE001 whatever befalls one source is recorded and shown, and the next one runs
            said = error.orig if isinstance(error, DBAPIError) else error  # without the statement
            self.trouble(config.key, reading.before, "lost", next(iter(str(said).splitlines()), type(error).__name__))
        return ticks

    def load(self, config: SourceConfig, batch: Batch, as_of: int) -> int | None:
        """Load a batch, unless a guard objects; one that is in the store already only moves the cursor."""
        with self.ledger.reading() as connection:
            why = None if batch.extract is None else objection(connection, self.ledger, config, batch)
        failpoint("guarded")
        if why is not None:
            hold(self.ledger, batch, why, now=self.clock())
            return None
        try:
            tick = load(self.ledger, batch, as_of=as_of if batch.as_of is None else batch.as_of, now=self.clock())
        except AlreadyLoaded as known:
            LOG.info("%s", known, extra={"source": batch.source})
            self.note(batch.source, cursor=json.dumps(batch.cursor))
            return None
        if tick is not None:
            fields = {"source": batch.source, "tick": tick}
            LOG.info("tick %d: %s, %d rows refused", tick, batch.origin, len(batch.refused), extra=fields)
        return tick

    def settle(self, key: str, before: SourceState | None) -> None:
        """Record how a pass ended: with a batch that waits for a person, or well."""
        after = self.states().get(key)
        with self.ledger.reading() as connection:
            waiting = held_messages(connection, self.ledger, key)
        if waiting:
            self.trouble(key, before, "held", "; ".join(waiting))
        elif after is not None and after.state in ("lost", "held"):
            LOG.info("source %s is back", key, extra={"source": key})
            self.note(key, state="ended" if after.cursor.get("ended") else "ok", message="")
        else:
            self.note(key)

    def trouble(self, key: str, before: SourceState | None, state: str, message: str) -> None:
        """Record that a source is lost or held, and say so once; what was known stays."""
        if before is None or (before.state, before.message) != (state, message):
            LOG.error("source %s is %s: %s", key, state, message, extra={"source": key})
        self.note(key, state=state, message=message)

    def note(self, key: str, **changes: object) -> None:
        """Record that a source was tried, and how it stands since."""
        now = self.clock()
        within_s = next(LATE_AFTER * source.news_within_s for source in self.site.sources if source.key == key)
        with self.ledger.writing() as connection:
            note_source(connection, self.ledger, key, now=now, **changes)
            note_stretch(connection, self.ledger, key, now=now, within_s=within_s)

    def pass_time(self) -> list[int]:
        """Write a tick when the site's clock has moved on without one."""
        now = self.clock()
        with self.ledger.reading() as connection:
            newest = tick_at(connection, self.ledger)
        as_of = int(now) if self.site.replay is None else told_upto(self.site, self.states())
        is_soon = -WRONG_BY_S <= as_of - newest.as_of < CLOCK_TICK_S
        if newest.number == 0 or (is_soon and not self.is_new_day(newest.as_of, as_of)):
            return []
        with self.ledger.writing() as connection:
            number = newest_tick_number(connection, self.ledger) + 1
            write_tick(connection, self.ledger, number, as_of=as_of, now=now, cause=CLOCK)
        failpoint("passed")
        return [number]

    def is_new_day(self, before: int, as_of: int) -> bool:
        """Whether midnight lies between two instants (UTC s): what is counted today begins anew, and nobody waits a minute."""
        days = [datetime.fromtimestamp(instant, self.site.zone).date() for instant in (before, as_of)]
        return days[0] < days[1]


def is_due(config: SourceConfig, state: SourceState | None, now: float) -> bool:
    """Whether a source should be read: never tried, its interval is over, or the clock ran backwards."""
    return state is None or not 0 <= now - state.checked_at < config.interval_s


def site_clock(site: Site, states: dict[str, SourceState], now: float) -> int:
    """Return the instant (UTC s) that the site's clock shows: now, or where its record stands."""
    if site.replay is None:
        return int(now)
    told = replayed(site, states)
    if told is None:
        return site.start_at
    config, state = told
    position = int(state.cursor["position"])
    if state.cursor.get("ended"):
        return position
    elapsed_s = now - (state.loaded_at or now)
    if elapsed_s < 0:  # the clock was set back
        elapsed_s = config.interval_s
    elapsed_s = min(elapsed_s, RESUME_CAP_S + config.interval_s)
    return position + int(elapsed_s * site.replay.speed)


def told_upto(site: Site, states: dict[str, SourceState]) -> int:
    """Return the instant (UTC s) up to which a record was told; what comes after it is not known to be nothing."""
    told = replayed(site, states)
    return site.start_at if told is None else int(told[1].cursor["position"])


def replayed(site: Site, states: dict[str, SourceState]) -> tuple[SourceConfig, SourceState] | None:
    """Return the replayed source that was told furthest, with its state."""
    told = [(c, s) for c in site.sources if c.kind == "replay" and (s := states.get(c.key)) and "position" in s.cursor]
    return max(told, key=lambda pair: int(pair[1].cursor["position"]), default=None)


def run_forever(schedule: Schedule, stop: threading.Event, lost: threading.Event) -> None:
    """Run what is due until told to stop. Raises: Fenced when `lost`: another process has taken the schedule over."""
    timer = BackgroundScheduler(job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})

    def run_due() -> None:
        try:
            schedule.run_due()
        except Fenced:
            lost.set()

    timer.add_job(run_due, "interval", seconds=TIMER_S, id="due")
    try:
        schedule.run_due()
        timer.start()
        ahead_s = time.time() - time.monotonic()
        while not stop.wait(1):
            if lost.is_set():
                raise Fenced(TAKEN_OVER)
            step_s, ahead_s = time.time() - time.monotonic() - ahead_s, time.time() - time.monotonic()
            if step_s < -CLOCK_STEP_S:  # the timer would sleep until the clock has caught up
                LOG.warning("the clock was set back by %.0f s", -step_s)
                timer.modify_job("due", next_run_time=datetime.now(UTC))
    finally:
        if timer.running:
            timer.shutdown(wait=True)
