"""One message is encoded once and sent to every stream, and a stream ends when either side goes."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from callbacks.board import Board
from callbacks.live import Stream
from cockpit.site import load_site


class Browser:
    """One end of a stream: what it was sent, and whether it has gone."""

    def __init__(self):
        self.sent, self.gone = [], asyncio.Event()

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message.get("body"))

    def heard(self):
        return [body for body in self.sent if body]


@pytest.fixture
def board(store):
    made = Board(load_site("dublin"), store.ledger, {}, "1")
    made.encoded = 0
    whole = made.event

    def counted():
        made.encoded += 1
        return whole()

    made.event = counted
    return made


def in_a_thread(scene):
    """Run a scene on a loop of its own: a browser of another test may have one running here."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, scene).result()


async def listening(board, browsers):
    streams = [asyncio.create_task(Stream(board)({}, b.receive, b.send)) for b in browsers]
    await settled()
    return streams


async def settled():
    for _ in range(10):
        await asyncio.sleep(0)


def test_every_stream_sends_the_bytes_of_one_encoding(board):
    async def scene():
        await board.start()
        browsers = [Browser() for _ in range(20)]
        streams = await listening(board, browsers)
        before = board.encoded
        board.ring()
        await settled()
        assert board.encoded == before + 1
        assert len({id(b.heard()[-1]) for b in browsers}) == 1
        assert [len(b.heard()) for b in browsers] == [2] * 20
        await board.close()
        await asyncio.wait_for(asyncio.gather(*streams), 1)
        assert all(b.sent[-1] == b"" for b in browsers), "a stream that the server ends is ended properly"

    in_a_thread(scene())


def test_a_stream_whose_browser_has_gone_ends_at_the_next_ring(board):
    async def scene():
        await board.start()
        gone, here = Browser(), Browser()
        streams = await listening(board, [gone, here])
        gone.gone.set()
        await settled()
        board.ring()
        await settled()
        assert [stream.done() for stream in streams] == [True, False]
        assert len(gone.heard()) == 1
        await board.close()
        await asyncio.gather(*streams)

    in_a_thread(scene())


def test_a_silent_board_still_rings_within_its_heartbeat(board, monkeypatch):
    monkeypatch.setattr("callbacks.board.HEARTBEAT_S", 0.05)

    async def scene():
        await board.start()
        browser = Browser()
        streams = await listening(board, [browser])
        beating = asyncio.create_task(board.beat())
        await asyncio.sleep(0.4)
        assert len(browser.heard()) >= 3
        beating.cancel()
        await board.close()
        await asyncio.gather(*streams)

    in_a_thread(scene())
