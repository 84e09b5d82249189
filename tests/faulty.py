"""A department's interface that misbehaves in every way that was ever seen, on this machine only."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

TLS_HELLO = b"\x16"
"""How one begins who expects TLS, which this server does not speak."""


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


Answer = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Faulty:
    """A server that answers each path as it was told to, and remembers what it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    def url(self, path: str, **params: str) -> str:
        """Return the address of a path."""
        query = "&".join(f"{name}={value}" for name, value in params.items())
        return f"http://127.0.0.1:{self.port}{path}" + (f"?{query}" if query else "")

    def __enter__(self) -> "Faulty":
        """Serve, in a thread, until the block ends."""
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self.serve, args=(ready,), daemon=True)
        self.thread.start()
        ready.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop, whatever is still being answered."""
        self.loop.call_soon_threadsafe(self.stop.set)
        self.thread.join(10)

    def serve(self, ready: threading.Event) -> None:
        """Run the server's loop."""
        with contextmanager(closing)(self.loop):
            self.loop.run_until_complete(self.serving(ready))

    async def serving(self, ready: threading.Event) -> None:
        """Listen on a free port until told to stop."""
        self.stop = asyncio.Event()
        server = await asyncio.start_server(self.connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self.stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request of a connection, and close it."""
        try:
            asked = await self.request(reader)
            self.asked.append(asked)
            await self.answers.get(asked.path, status(404))(asked, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.write(sent(b"", 400))
        finally:
            writer.close()

    async def request(self, reader: asyncio.StreamReader) -> Asked:
        """Read one request."""
        first = await reader.readexactly(1)
        if first == TLS_HELLO:
            raise ConnectionError
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        parts = urlsplit(target)
        return Asked(method, parts.path, {name: value[0] for name, value in parse_qs(parts.query).items()}, headers, body)


def closing(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Close a loop, and all that still runs in it."""
    try:
        yield
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def sent(body: bytes, code: int = 200, **headers: str) -> bytes:
    """Return an answer as bytes."""
    told = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close", **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {code} Told\r\n{lines}\r\n".encode() + body


def status(code: int, **headers: str) -> Answer:
    """Answer with a status and nothing else."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(sent(b"{}", code, **headers))

    return answer


def rows(*some: object, **more: object) -> Answer:
    """Answer with rows."""
    return told({"rows": list(some), **more})


def told(value: object) -> Answer:
    """Answer with JSON."""
    return raw(json.dumps(value).encode())


def raw(body: bytes) -> Answer:
    """Answer with a body, whatever it is."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(sent(body))

    return answer


def pages(*some: list[object], **more: object) -> Answer:
    """Answer with the page that is asked for, counted from 1; with an empty one beyond the last."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        number = int(asked.query["page"])
        page = some[number - 1] if number <= len(some) else []
        writer.write(sent(json.dumps({"rows": page, **more}).encode()))

    return answer


def in_turn(*answers: Answer) -> Answer:
    """Answer each request in another way, and all later ones in the last."""
    left = list(answers)

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(asked, writer)

    return answer


async def hang(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Take the request, and say nothing."""
    await asyncio.sleep(3600)


async def drip(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Send a byte now and then, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n[")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_headers(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Send a byte of a header now and then, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.02)


async def pour(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Send as much as is taken, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
    while True:
        writer.write(b"1," * 32_768)
        await writer.drain()


async def truncate(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Promise more than is sent."""
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"rows": [')


async def reset(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Break the connection."""
    writer.transport.abort()


async def gibberish(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """Speak another protocol."""
    writer.write(b"\x16\x03\x01 220 mail.example ready\r\n\r\n")
