"""Asking another machine: within a deadline in total, tried again with patience, and left alone for a while when it is down."""

import ssl
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from cockpit.errors import SourceError

PHASE_S = 10.0
"""How long another machine may be silent in one phase of a request."""

TRIES = 4
WAIT_S, LONGEST_WAIT_S = 0.5, 20.0
"""How often a request is tried, and within what first and longest pause: full jitter, so that not all come back at once."""

REDIRECTS = 5

BUSY = (408, 425, 429, 500, 502, 503, 504)
"""Answers after which it is worth asking again."""

FAILURES, PAUSE_S = 5, 600.0
"""After so many reads in a row that failed it is left alone for so long."""

Clock = Callable[[], float]


class Again(Exception):
    """Something that may be over in a moment; `after_s` is how long the other side asks to wait."""

    def __init__(self, why: str, after_s: float | None = None) -> None:
        """Remember what happened."""
        super().__init__(why)
        self.after_s = after_s


class Deadline:
    """The time that is left for a read in total, on a clock that nobody sets."""

    def __init__(self, total_s: float, clock: Clock = time.monotonic) -> None:
        """Begin now."""
        self.total_s, self.clock = total_s, clock
        self.end = clock() + total_s

    @property
    def left_s(self) -> float:
        """The seconds that are left."""
        return self.end - self.clock()

    def check(self) -> None:
        """Check that there is time left. Raises: SourceError."""
        if self.left_s <= 0:
            raise SourceError(f"the answer was not there within {self.total_s:g} s")


class Breaker:
    """Leaves a source alone for a while when read after read has failed; the other side has something else to do then."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """Begin in good faith."""
        self.clock = clock
        self.failures, self.until, self.why = 0, 0.0, ""

    def check(self) -> None:
        """Raise SourceError, with what failed last, as long as the source is left alone."""
        if self.failures >= FAILURES and self.clock() < self.until:
            raise SourceError(self.why)

    def failed(self, why: str) -> str:
        """Note a failure, and return how to speak of it."""
        self.failures += 1
        self.until = self.clock() + PAUSE_S
        pause = f"; it is asked only every {PAUSE_S / 60:.0f} minutes now" if self.failures >= FAILURES else ""
        self.why = f"{why}{pause}"
        return self.why

    def worked(self) -> None:
        """Forget what failed."""
        self.failures = 0


class Client:
    """One read's connection to one machine: what it sends is bounded in time and size."""

    def __init__(self, deadline: Deadline, sleep: Callable[[float], None] = time.sleep) -> None:
        """Connect to nobody yet. No proxy and no password file of the machine is looked at."""
        self.deadline, self.sleep = deadline, sleep
        self.max_mb = self.left_bytes = 0
        self.http = httpx2.Client(trust_env=False, follow_redirects=False)

    def allow(self, max_mb: int) -> None:
        """Let the next answers be so large (MB) in total."""
        self.max_mb, self.left_bytes = max_mb, max_mb << 20

    def __enter__(self) -> "Client":
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection."""
        self.http.close()

    def answer(self, make: Callable[[], httpx2.Request], statuses: tuple[int, ...]) -> tuple[int, bytes]:
        """Ask, again if need be, and return status and body. Raises: SourceError."""
        tries = Retrying(retry=retry_if_exception_type(Again), stop=self.is_over, wait=wait_for, sleep=self.sleep, reraise=True)
        try:
            return tries(self.once, make, statuses)
        except Again as error:
            raise SourceError(str(error)) from error

    def is_over(self, state: RetryCallState) -> bool:
        """Whether another try is not worth it: there were enough, or the deadline would pass while waiting."""
        return state.attempt_number >= TRIES or state.upcoming_sleep >= self.deadline.left_s

    def once(self, make: Callable[[], httpx2.Request], statuses: tuple[int, ...]) -> tuple[int, bytes]:
        """Ask once, following redirections of the same machine. Raises: SourceError; Again when it may be over soon."""
        self.deadline.check()
        request = make()
        over = threading.Timer(max(0.0, self.deadline.left_s), self.http.close)
        over.daemon = True
        over.start()
        try:
            for _ in range(REDIRECTS + 1):
                status, body, place = self.received(request, statuses)
                if place is None:
                    return status, body
                request = redirected(request, place)
        except httpx2.HTTPError as error:
            self.deadline.check()
            raise trouble(error) from error
        except (RuntimeError, OSError) as error:  # the connection was closed under it because its time was over
            self.deadline.check()
            raise Again(f"the connection broke ({error})") from error
        finally:
            over.cancel()
        raise SourceError(f"it redirects in a circle, more than {REDIRECTS} times")

    def received(self, request: httpx2.Request, statuses: tuple[int, ...]) -> tuple[int, bytes, str | None]:
        """Return status, body and the place that it redirects to. Raises: SourceError, Again."""
        phase_s = min(PHASE_S, max(0.1, self.deadline.left_s))
        request.extensions = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), phase_s)}
        response = self.http.send(request, stream=True)
        try:
            if response.is_redirect:
                return response.status_code, b"", response.headers.get("location", "")
            if response.status_code in BUSY and response.status_code not in statuses:
                raise Again(f"it answers {response.status_code}", retry_after(response))
            if response.status_code not in statuses:
                hint = "; is the token or key in the environment right?" if response.status_code in (401, 403) else ""
                raise SourceError(f"it answers {response.status_code}{hint}")
            return response.status_code, self.body(response), None
        finally:
            response.close()

    def body(self, response: httpx2.Response) -> bytes:
        """Return the body of an answer. Raises: SourceError when it is too large, or too slow."""
        pieces = []
        for piece in response.iter_bytes():
            self.deadline.check()
            self.left_bytes -= len(piece)
            if self.left_bytes < 0:
                raise SourceError(f"it sent more than {self.max_mb} MB; ask for less at a time, or raise max_mb in site.toml")
            pieces.append(piece)
        self.deadline.check()
        return b"".join(pieces)


def redirected(request: httpx2.Request, place: str) -> httpx2.Request:
    """Return a request to the place it was redirected to. Raises: SourceError when that is another machine."""
    url = same_machine(request.url, place)
    return httpx2.Request(request.method, url, headers=request.headers, content=request.content or None)


def same_machine(url: httpx2.URL, place: str) -> httpx2.URL:
    """Return an address that an answer named, relative to the one that was asked. Raises: SourceError."""
    try:
        target = url.join(place)
    except httpx2.InvalidURL as error:
        raise SourceError(f"it points to {place[:200]!r}, which is no address") from error
    if (target.scheme, target.host, target.port) != (url.scheme, url.host, url.port):
        raise SourceError(f"it points to another machine ({target.host}); name the right address in site.toml")
    return target


def trouble(error: httpx2.HTTPError) -> Exception:
    """Return what went wrong with a request, and whether it may be over soon."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if cause is not None:
        return SourceError(f"its TLS certificate or protocol is not to be trusted ({str(cause)[:200]})")
    if isinstance(error, httpx2.TimeoutException):
        return Again(f"it was silent for {PHASE_S:g} s")
    if isinstance(error, httpx2.UnsupportedProtocol | httpx2.DecodingError):
        return SourceError(f"what it sends cannot be read ({str(error)[:200]})")
    return Again(f"the connection failed ({str(error)[:200] or type(error).__name__})")


def retry_after(response: httpx2.Response) -> float | None:
    """Return how many seconds another machine asks to wait, if it says so in a way that can be understood."""
    said = response.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        sent, until = parsedate_to_datetime(response.headers.get("date", "")), parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    return max(0.0, (until - sent).total_seconds())


JITTER = wait_random_exponential(multiplier=WAIT_S, max=LONGEST_WAIT_S)


def wait_for(state: RetryCallState) -> float:
    """Return how long to wait before the next try (s): what the other side asked for, or a random while."""
    error = state.outcome.exception() if state.outcome is not None else None
    asked_s = error.after_s if isinstance(error, Again) else None
    return JITTER(state) if asked_s is None else asked_s
