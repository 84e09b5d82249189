"""`http`: rows of JSON from a department's interface, page by page, perhaps some days at a time.

All pages of a span of days are one batch, or none: whatever goes wrong with one of them, nothing of the span is loaded.
"""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cockpit.errors import BatchHeld, SourceError
from cockpit.site import Site, SourceConfig
from etl.batch import WHOLE_TABLE, Batch, Span
from etl.client import Breaker, Client, Deadline, same_machine
from etl.delimited import Rows, extract_of
from etl.json_rows import cells_of, inside, listed, parsed
from etl.known import Known
from etl.mapping import FUTURE_TOLERANCE_S, Mapper, batch_of
from etl.request import Asked, request_of
from etl.unchanged import nothing_new

Page = list[Mapping[str, Any]]


class Source:
    """The rows of one interface."""

    def __init__(
        self,
        config: SourceConfig,
        site: Site,
        *,
        clock: Callable[[], float] = time.time,
        elapsed: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Remember what to ask. `clock` is for stamps that other machines check, `elapsed` for deadlines."""
        assert config.http is not None
        self.config, self.site, self.place = config, site, config.http
        self.clock, self.elapsed, self.sleep = clock, elapsed, sleep
        self.breaker = Breaker(elapsed)
        self.name = self.place.url.partition("?")[0].partition("{")[0]

    def read(self, cursor: Mapping[str, Any], as_of: int, known: Known) -> Iterator[Batch | BatchHeld]:
        """Yield a batch for each span that brought something else than last time, or an empty one. Raises: SourceError."""
        state, has_news = dict(cursor), False
        mapper = self.mapper(known, as_of)
        self.breaker.check()
        try:
            for batch in self.asked_anew(self.spans(state, as_of), state, mapper):
                has_news = True
                yield batch
        except SourceError as error:
            raise SourceError(self.breaker.failed(f"source {self.config.key}: {self.name}: {error}")) from error
        self.breaker.worked()
        if not has_news:
            yield nothing_new(mapper, self.name, state)

    def history(self, span: tuple[int, int], as_of: int, known: Known) -> Iterator[Batch | BatchHeld]:
        """Yield the rows of some days once more. Raises: SourceError when it cannot be asked for days."""
        if self.place.window_days is None:
            raise SourceError(f"source {self.config.key}: its interface is not asked for days (window_days in site.toml)")
        for piece in self.pieces(*span):
            yield from self.asked_anew([piece], {}, self.mapper(known, as_of))

    def mapper(self, known: Known, as_of: int) -> Mapper:
        """Return what maps the rows."""
        return Mapper(self.site, self.config, known, as_of + FUTURE_TOLERANCE_S, heard_at=as_of)

    def asked_anew(self, spans: list[Span], state: dict[str, Any], mapper: Mapper) -> Iterator[Batch | BatchHeld]:
        """Ask for spans, oldest first, and yield a batch for each whose rows are not what they were; the state goes with it.

        A long past is asked for in several reads; one span that is held keeps the cursor where it stands, and stops no other.
        """
        deadline, is_held = Deadline(self.place.deadline_s, self.elapsed), False
        with Client(deadline, self.sleep) as client:
            for span in spans:
                if span != spans[0] and deadline.left_s < deadline.total_s / 2:
                    return
                client.allow(self.place.max_mb)
                origin, rows = self.origin(span), self.rows(client, span)
                before = state.get("contents", {})
                try:
                    cells = cells_of(rows, self.config.header, origin)
                    content = hashlib.sha256(f"{origin} {json.dumps(sorted(cells))}".encode()).hexdigest()
                    kept = {name: before[name] for name in map(self.origin, spans) if name in before}
                    state |= {"contents": {**kept, origin: content}} | ({} if is_held else {"until": span[1]})
                    if before.get(origin) != content:
                        yield self.batch(mapper, cells, content=content, state=state, span=span)
                except BatchHeld as held:
                    is_held, state["contents"] = True, before
                    yield BatchHeld(str(held), origin=origin)

    def batch(self, mapper: Mapper, cells: list[list[str]], *, content: str, state: Mapping[str, Any], span: Span) -> Batch:
        """Return the rows of a span as a batch; a day that is not over has not said all it has to say. Raises: BatchHeld."""
        extract = extract_of(self.config, self.origin(span), content, Rows([0] * len(cells), cells))
        is_over = span[1] is None or mapper.heard_at is None or span[1] <= mapper.heard_at
        return batch_of(extract, mapper, cursor=dict(state), is_whole=is_over, span=span)

    def spans(self, state: Mapping[str, Any], as_of: int) -> list[Span]:
        """Return the spans (UTC s) to ask for: what was not asked for yet, and the last days once more."""
        if self.place.window_days is None:
            return [WHOLE_TABLE]
        today = dt.datetime.fromtimestamp(as_of, self.site.zone).date()
        first = self.place.begin or self.site.date_floor
        if state.get("until") is not None:
            told = dt.datetime.fromtimestamp(int(state["until"]) - 1, self.site.zone).date()
            first = max(first, min(told, today) - dt.timedelta(days=self.place.compare_days - 1))
        return self.pieces(self.midnight(first), self.midnight(today + dt.timedelta(days=1)))

    def pieces(self, begin: int, end: int) -> list[Span]:
        """Return a span (UTC s) in pieces of so many local days as may be asked for at once."""
        pieces: list[Span] = []
        while begin < end:
            on = dt.datetime.fromtimestamp(begin, self.site.zone).date()
            next_begin = min(end, self.midnight(on + dt.timedelta(days=self.place.window_days or 1)))
            pieces.append((begin, next_begin))
            begin = next_begin
        return pieces

    def midnight(self, on: dt.date) -> int:
        """Return the instant (UTC s) at which a local day begins."""
        return int(dt.datetime.combine(on, dt.time(), self.site.zone).timestamp())

    def origin(self, span: Span) -> str:
        """Return the name of what is asked for: the address, and the first day."""
        return self.name if span[0] is None else f"{self.name} {dt.datetime.fromtimestamp(span[0], self.site.zone):%Y-%m-%d}"

    def rows(self, client: Client, span: Span) -> Page:
        """Return the rows of all pages of a span. Raises: SourceError when they do not make a whole."""
        rows: Page = []
        seen: dict[str, int] = {}
        total: object = 0
        for number, answer in enumerate(self.answers(client, span), start=1):
            page = listed(answer, self.place.rows)
            told = hashlib.sha256(json.dumps(page, sort_keys=True).encode()).hexdigest()
            if page and told in seen:
                raise SourceError(
                    f"page {number} is page {seen[told]} again, so that another one is missing; nothing of it was loaded"
                )
            seen[told] = number
            rows += page
            total = inside(answer, self.place.total_path)
        if self.place.total_path and str(total) != str(len(rows)):
            raise SourceError(f"its pages hold {len(rows)} rows, but it says that there are {total}; nothing of it was loaded")
        return rows

    def answers(self, client: Client, span: Span) -> Iterator[Any]:
        """Yield the answer of each page. Raises: SourceError when they never end."""
        words, count = self.words(span), 0
        url, token = "", ""
        for number in range(self.place.max_pages):
            asked = Asked({**words, "page": str(self.place.first_page + number), "cursor": token}, url)
            answer = self.answer(client, asked)
            if answer is None:
                return
            yield answer
            following = inside(answer, self.place.next_path) if self.place.next_path else None
            if self.place.page == "number":
                page = listed(answer, self.place.rows)
                count += len(page)
                if not page or (self.place.total_path and str(inside(answer, self.place.total_path)) == str(count)):
                    return
            elif not following:
                return
            elif self.place.page == "link":
                current = request_of(self.config.key, self.place, asked, self.clock()).url
                url = str(same_machine(current, str(following)))
            else:
                token = str(following)
        raise SourceError(
            f"its pages do not end after {self.place.max_pages}; ask for fewer days, or raise max_pages in site.toml"
        )

    def answer(self, client: Client, asked: Asked) -> Any:
        """Return one answer, None where it is allowed to be nothing. Raises: SourceError."""
        statuses = (*self.place.statuses, *self.place.empty_statuses)
        status, body = client.answer(lambda: request_of(self.config.key, self.place, asked, self.clock()), statuses)
        if status in self.place.empty_statuses:
            return None
        answer = parsed(body)
        if self.place.success_path:
            said = inside(answer, self.place.success_path)
            if str(said) not in self.place.success_values:
                raise SourceError(f"it answers {self.place.success_path} = {str(said)[:80]!r}, which is no success")
        return answer

    def words(self, span: Span) -> dict[str, str]:
        """Return what a request says of a span."""
        since, until = (
            "" if instant is None else dt.datetime.fromtimestamp(instant, self.site.zone).strftime(self.place.time_format)
            for instant in span
        )
        return {"since": since, "until": until, "page_rows": str(self.place.page_rows)}
