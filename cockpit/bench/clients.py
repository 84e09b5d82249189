"""Many browsers in one process: plain sockets that listen to `/live` and note when each tick was heard.

Run as `python -m cockpit.bench.clients PORT COUNT`. It prints `listening` when every stream has begun, and
when its input ends one JSON list: of each client, the ticks it heard of and when (UTC s), in order.
"""

import asyncio
import json
import re
import sys
import time

AT_ONCE = 50
"""How many connect at a time: a herd that arrives all at once is another question."""

TICK = re.compile(rb'"tick": (\d+)')


class Client(asyncio.Protocol):
    """One stream: what came, and when. Nothing is read of it until all is over."""

    def __init__(self) -> None:
        """Hear nothing yet."""
        self.heard: list[tuple[float, bytes]] = []
        self.has_begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")

    def data_received(self, data: bytes) -> None:
        """Note what came."""
        self.heard.append((time.time(), data))
        if not self.has_begun.done() and b"data:" in data:
            self.has_begun.set_result(None)

    def ticks(self) -> list[tuple[int, float]]:
        """Return each tick that was heard of, and when."""
        return [(int(number), at) for at, data in self.heard for number in TICK.findall(data)]


async def listen(port: int, count: int) -> None:
    """Open the streams, wait until the input ends, and tell."""
    loop = asyncio.get_running_loop()
    clients: list[Client] = []
    for first in range(0, count, AT_ONCE):
        opened = [loop.create_connection(Client, "127.0.0.1", port) for _ in range(min(AT_ONCE, count - first))]
        more = [client for _, client in await asyncio.gather(*opened)]
        await asyncio.gather(*(client.has_begun for client in more))
        clients += more
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    sys.stdout.write(json.dumps([client.ticks() for client in clients]) + "\n")


if __name__ == "__main__":
    asyncio.run(listen(int(sys.argv[1]), int(sys.argv[2])))
