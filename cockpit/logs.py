"""The log: one line an event, JSON for programs or text for people, whoever wrote it.

What comes from records cannot forge a line or colour a terminal, secrets are not told, and an event that repeats does not
flood the log: it is held back, and the next line of it says how often.
"""

import logging
import os
import re
import sys
import time
from collections.abc import Callable
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor

LogFormat = Literal["json", "text"]

FIELDS = ("source", "tick", "batch")
"""What a line may say beside its event, where the writer gave it."""

MOST_A_MINUTE = 30
"""Lines of one event in a minute; more of them say nothing new."""

MINUTE_S = 60.0

QUIET = {"apscheduler": logging.ERROR, "alembic": logging.WARNING, "uvicorn": logging.WARNING, "httpx2": logging.WARNING}
"""Libraries that tell every step."""

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line ends of every kind, marks that turn the direction of text, and halves of characters."""

IN_ADDRESS = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+(?=@)")
BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+")
SECRET_NAME = re.compile(r"SECRET|TOKEN|PASSW|_KEY$|_URL$")
SHORTEST_SECRET = 8

MOST_CHARACTERS = 2_000
"""A longer text is cut: a message is a sentence, and no place for records."""


def log_to_stderr(form: LogFormat | None = None) -> None:
    """Send every event, of ours and of all libraries, to standard error; text where a person looks on, JSON elsewhere."""
    logging.basicConfig(level=logging.INFO, handlers=[handler_to(sys.stderr, form)])
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def handler_to(stream: TextIO, form: LogFormat | None = None) -> logging.Handler:
    """Return what writes events to a stream."""
    handler = logging.StreamHandler(stream)
    renderer = RENDERERS[form or ("text" if stream.isatty() else "json")]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=BEFORE, processors=[*AFTER, renderer]))
    handler.addFilter(Restraint(time.monotonic))
    return handler


class Restraint(logging.Filter):
    """Lets so many lines of one event through in a minute; the first one after that says how many were held back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with no event."""
        super().__init__()
        self.clock = clock
        self.begun: dict[tuple[str, int, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line goes through. An event is known by the sentence in the code, whatever stands in its gaps."""
        event = (record.name, record.levelno, str(record.msg))
        began, count = self.begun.get(event, (-MINUTE_S, 0))
        if self.clock() - began >= MINUTE_S:
            record.held_back = max(0, count - MOST_A_MINUTE)
            began, count = self.clock(), 0
            self.forget()
        self.begun[event] = (began, count + 1)
        return count < MOST_A_MINUTE

    def forget(self) -> None:
        """Forget events whose minute is long over."""
        kept = {event: told for event, told in self.begun.items() if self.clock() - told[0] < 10 * MINUTE_S}
        self.begun.clear()
        self.begun.update(kept)


def with_fields(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Take over what the writer gave beside the sentence, and how many like it were held back."""
    record: logging.LogRecord = event["_record"]
    given = {name: getattr(record, name) for name in FIELDS if getattr(record, name, None) is not None}
    held_back = getattr(record, "held_back", 0)
    return {**event, **given, **({"held_back": held_back} if held_back else {})}


def without_secrets(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Take passwords of addresses, tokens and the values of secret variables out of every text."""
    hidden = [value for name, value in os.environ.items() if SECRET_NAME.search(name) and len(value) >= SHORTEST_SECRET]
    return {name: told(value, hidden) if isinstance(value, str) else value for name, value in event.items()}


def told(text: str, hidden: list[str]) -> str:
    """Return a text without secrets, on one line and not too long."""
    for secret in hidden:
        text = text.replace(secret, "***")
    text = BEARER.sub(r"\1 ***", IN_ADDRESS.sub(r"\1:***", text))
    text = UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}… ({len(text)} characters)"


def as_line(_logger: object, _method: str, event: EventDict) -> str:
    """Return an event as text for a person."""
    shown = [event.pop(name) for name in ("ts", "level", "logger", "event")]
    rest = [f"{name}={value}" for name, value in event.items()]
    return " ".join([str(shown[0]), f"{shown[1]:<7}", str(shown[2]), str(shown[3]), *rest])


BEFORE: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
]
AFTER: list[Processor] = [
    with_fields,
    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
    structlog.processors.format_exc_info,
    without_secrets,
]
RENDERERS: dict[LogFormat, Processor] = {
    "json": structlog.processors.JSONRenderer(ensure_ascii=False),
    "text": as_line,
}
