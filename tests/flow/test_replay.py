"""A past minute is shown as it was then: its numbers, how old they were, its pictures; and no wall waits for a replay."""

import asyncio
import re
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callbacks.board import Board
from callbacks.edition import Page
from callbacks.moments import moments_of
from callbacks.past import KEPT_VIEWS
from cockpit.answer import metrics_answer
from cockpit.app import screens
from cockpit.at import moment_named
from cockpit.errors import NoSuchMoment, UnknownName
from cockpit.ledger.read import CLOCK, tick_at
from cockpit.panel import Asked
from cockpit.scope import CITY
from cockpit.view import open_view, refreshed
from etl.load import write_tick
from etl.schedule import Schedule
from tests.conftest import Clock, founded

BEGIN = 1_700_000_000 // 86_400 * 86_400 + 86_400 - 300
"""Five minutes before a midnight."""

MINUTES = 12
BROUGHT = {0: 1, 1: 2, 4: 3, 6: 4, 9: 5}
"""In which minutes how many calls are known."""

LOST = (7, 8, 9, 10)
"""The minutes in which the folder of vehicles is empty."""


def local(instant):
    return datetime.fromtimestamp(instant, UTC)


def call(number):
    at = f"{local(BEGIN - 60 * number):%Y-%m-%dT%H:%M:%S}"
    return {"call": f"c{number}", "incident": f"i{number}", "called": at, "answered": at, "town": "A"}


def board_on(store, site):
    board = Board(site, store.ledger, {key: one for key, one in screens().items() if one.shows(site)}, "1")
    board.view = open_view(store.ledger, site, time.time())
    return board


def address(minute):
    return f"{local(BEGIN + 60 * minute):%Y-%m-%dT%H:%M}"


def bare(panels):
    """Return panels as they were drawn, but for the addresses of their links, which name the moment."""
    return {key: re.sub(r"at=[^&\"]*&?", "", drawn.children) for key, drawn in panels.items()}


@pytest.fixture(scope="module")
def lived(new_store, tmp_path_factory):
    """Let a small city live through a midnight; give its board, and what was told and drawn at each minute."""
    with new_store() as store:
        yield live_through(store, founded(tmp_path_factory.mktemp("city")), Clock())


def live_through(store, city, clock):
    site, vehicles = city.site(), city.folder / "vehicle_status.csv"
    schedule, told = Schedule(site, store.ledger, clock), {}
    view = board = None
    for minute in range(MINUTES):
        clock.now = float(BEGIN + 60 * minute)
        if minute in BROUGHT:
            city.write("emergency_call", *map(call, range(BROUGHT[minute])))
        if minute == LOST[0]:
            vehicles.rename(vehicles.with_suffix(".away"))
        if minute == LOST[-1] + 1:
            vehicles.with_suffix(".away").rename(vehicles)
        schedule.run_due()
        view = refreshed(view, store.ledger, clock.now) if view else open_view(store.ledger, site, clock.now)
        board = board or board_on(store, site)
        board.view = view
        told[minute] = (metrics_answer(view, CITY, "zh", with_parts=True), board.drawn(page(board), "then").panels)
    return board, told


def page(board, at=None):
    return Page(next(iter(board.screens)), CITY, "zh", Asked(at=at))


def test_every_minute_is_told_and_drawn_as_it_was_then(lived):
    board, told = lived

    async def replayed():
        for minute in (11, 3, 0, 8, 5, 7, 10, 4, 6, 1, 2, 9):
            answer = await board.evaluated(lambda view: metrics_answer(view, CITY, "zh", with_parts=True), address(minute))
            edition = await board.panels(page(board, address(minute)))
            yield minute, answer, edition

    async def compared():
        async for minute, answer, edition in replayed():
            then, drawn = told[minute]
            assert answer == then, minute
            assert bare(edition.panels) == bare(drawn), minute
            assert (edition.name.split("-")[:2], f"{edition.moment:%H:%M}") == (["at", str(edition.tick)], address(minute)[-5:])

    asyncio.run(compared())


def test_what_was_late_then_is_late_in_the_replay(lived):
    board, _ = lived

    async def ages(minute):
        return await board.evaluated(lambda view: {a.key: (str(a.age), a.message) for a in view.ages()}, address(minute))

    before, during, after = (asyncio.run(ages(minute))["vehicle_status"] for minute in (LOST[0] - 1, LOST[-1], LOST[-1] + 1))
    assert "no file matches" in during[1]
    assert (before[1], after[1]) == ("", "")


def test_a_moment_that_is_none_is_refused_in_one_sentence_of_both_languages(lived):
    board, _ = lived
    now = float(BEGIN + 60 * MINUTES)
    for at, zh, en in (
        ("soon", "不是可回放的时刻", "neither a tick's number nor a time"),
        ("0001-01-01T00:00+14:00", "不是可回放的时刻", "neither a tick's number nor a time"),
        ("9999-12-31T23:59-12:00", "不是可回放的时刻", "neither a tick's number nor a time"),
        ("2001-01-01T00:00", "早于最早的数据", "no tick is that old; replay begins at"),
        (address(MINUTES + 1), "尚未到来", "has not come yet"),
        ("99999", "没有编号为 99999", "nothing is known as of 99999"),
    ):
        with pytest.raises(NoSuchMoment) as refused:
            moment_named(board.ledger, board.site, at, now)
        assert zh in refused.value.said.zh
        assert en in str(refused.value)


def test_few_past_ticks_are_held_and_a_kept_page_is_not_drawn_again(lived):
    board, _ = lived

    async def stepped():
        first = await board.panels(page(board, address(2)))
        for minute in range(MINUTES):
            await board.evaluated(lambda view: view.tick, address(minute))
        assert len(board.past.views) == KEPT_VIEWS
        assert await board.panels(page(board, address(2))) is first
        assert len(board.past.views) == KEPT_VIEWS

    asyncio.run(stepped())


def test_the_minutes_with_news_are_told_and_those_of_a_clock_are_not(lived):
    board, _ = lived
    found = moments_of(board, address(0)[:10])
    assert found["first"] == address(0)
    assert found["changed"] == [1435 + minute for minute in (0, 1, 4)]
    assert moments_of(board, address(MINUTES)[:10])["changed"] == [1, 4]
    assert [moments_of(board, day)["changed"] for day in ("0001-01-01", "9999-12-31")] == [[], []]
    with pytest.raises(UnknownName, match="is no day such as"):
        moments_of(board, "today")


def test_midnight_has_a_tick_of_its_own_and_the_date_rolls_with_it(store, city, clock):
    site = city.site()
    clock.now = float(BEGIN)
    schedule = Schedule(site, store.ledger, clock)
    schedule.run_due()
    clock.now = float(BEGIN + 290)
    schedule.run_due()
    clock.now = float(BEGIN + 300)
    assert len(schedule.pass_time()) == 1
    assert schedule.pass_time() == []
    [today] = open_view(store.ledger, site, clock.now).readings("calls", "today", CITY)
    assert today.window.from_at == BEGIN + 300


def test_with_the_schedule_gone_another_day_is_another_picture_that_says_so(lived):
    board, _ = lived
    before = board.edition
    picture = board.drawn(page(board), before).panels
    board.view = replace(board.view, now=float(BEGIN + 2 * 86_400))
    assert board.edition != before
    after = board.drawn(page(board), board.edition).panels
    for said in ("日期已过", "截至11-15 00:06"):
        assert not any(said in drawn.children for drawn in picture.values())
        assert any(said in drawn.children for drawn in after.values())


def test_no_wall_waits_for_a_replay(lived):
    board, _ = lived
    release, began = threading.Event(), threading.Event()

    def slow(view):
        began.set()
        assert release.wait(30)
        return view.tick.number

    async def ticked():
        watching = asyncio.create_task(board.watch())
        replay = asyncio.create_task(board.evaluated(slow, address(1)))
        await asyncio.to_thread(began.wait, 10)
        before, told_at = board.current.tick.number, time.monotonic()
        await asyncio.to_thread(write_clock_tick, board.ledger)
        while board.current.tick.number == before:
            await asyncio.sleep(0.01)
            assert time.monotonic() - told_at < 60
        edition, is_replayed = await board.panels(page(board)), replay.done()
        release.set()
        await replay
        await board.close()
        watching.cancel()
        return edition.tick - before, is_replayed

    assert asyncio.run(ticked()) == (1, False), "the wall's next edition comes while the replay is still at work"


def write_clock_tick(ledger):
    with ledger.writing() as connection:
        newest = tick_at(connection, ledger)
        write_tick(connection, ledger, newest.number + 1, as_of=newest.as_of + 60, now=newest.committed_at + 60, cause=CLOCK)
