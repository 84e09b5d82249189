"""Uploading a department's file: the template, the preview of what the file would do, and what became of it."""

from typing import Any

from dash import html

from cockpit.numbers import NOTHING, whole_number
from cockpit.source_config import SourceConfig
from cockpit.supply import BatchLine, Supply
from cockpit.text import Language
from cockpit.upload import MOST_BYTES, Preview, RefusedCell, Sample
from layouts.office import words
from layouts.office.batches import batch_state
from layouts.office.quarantine import reason_text, remedy_text
from layouts.office.sources import verbatim
from layouts.parts.moment import duration, moment
from layouts.parts.tables import grid
from layouts.words import listed

MEGABYTE = 1_000_000
SHOWN_ALLOWED = 12
"""How many allowed values are named; the template's second sheet has them all."""


def upload_section(supply: Supply, language: Language) -> list[Any]:
    """Return, for each source that takes uploads, its template and the button that chooses a file."""
    takers = [source for source in supply.site.sources if source.upload]
    if not takers:
        return [html.H2(words.UPLOAD(language)), html.P(words.NONE_TO_UPLOAD(language), className="office-note")]
    note = f"{words.UPLOAD_NOTE(language)} · {words.UP_TO(language).format(MOST_BYTES // MEGABYTE)}"
    return [
        html.H2(words.UPLOAD(language)),
        html.P(note, className="office-note"),
        html.Div([taker(source, language) for source in takers], className="takers"),
    ]


def taker(source: SourceConfig, language: Language) -> html.Div:
    """Return the box of one source, onto which a file may also be dropped."""
    address = f"{TEMPLATES}/{source.key}"
    explained = html.A(words.TEMPLATE_EXPLAINED(language), href=f"{address}.xlsx", download=f"{source.key}.xlsx")
    plain = html.A(words.TEMPLATE(language), href=f"{address}.csv", download=f"{source.key}.csv")
    button = html.Button(words.CHOOSE_FILE(language), className="choose-file", **{"data-source": source.key})
    links = [explained] if source.kind == "excel" else [plain, explained]
    title = html.Div([html.B(source.title(language)), html.Span(words.KINDS[source.kind](language), className="soft")])
    return html.Div([title, html.Div(links, className="office-line"), button], className="taker", **{"data-source": source.key})


TEMPLATES = "/data/template"


def previewed(preview: Preview, token: str, name: str, supply: Supply, language: Language) -> list[Any]:
    """Return what a file would do, with the button that submits it when there is something to submit."""
    counts = (
        (words.READ, preview.read_count),
        (words.WOULD_LOAD, preview.load_count),
        (words.DUPLICATES, preview.duplicate_count),
        (words.WOULD_REFUSE, preview.refused_count),
    )
    told = [
        html.Span([title(language), " ", html.B(words.ROWS(language).format(whole_number(count)))]) for title, count in counts
    ]
    return [
        html.H3(f"{words.PREVIEW(language)} · {name}"),
        html.P(told, className="office-line"),
        *verdict(preview, token, supply, language),
        *refused(preview.refused, language),
        *(part for sample in preview.samples.values() for part in sampled(sample, language)),
    ]


def verdict(preview: Preview, token: str, supply: Supply, language: Language) -> list[Any]:
    """Return the button that submits the file, or why there is none."""
    if preview.before is not None:
        when = moment(supply.local_time(preview.before.finished_at))
        return [html.P(words.LOADED_BEFORE(language).format(when), className="warning")]
    if not preview.load_count and not preview.refused_count:
        return [html.P(words.NOTHING_TO_LOAD(language), className="warning")]
    warning = []
    if preview.objection is not None:
        warning = [html.P(words.WOULD_BE_HELD(language), className="warning"), verbatim(preview.objection, language)]
    return [*warning, html.Button(words.CONFIRM(language), className="confirm-upload", **{"data-token": token})]


def refused(cells: tuple[RefusedCell, ...], language: Language) -> list[Any]:
    """Return the lines that would be refused, each with what to do."""
    if not cells:
        return []
    heads = (words.LINE, words.COLUMN, words.VALUE, words.REASON, words.WHAT_TO_DO)
    title = html.H4(words.REFUSED_ROWS(language).format(len(cells)))
    return [
        title,
        grid([head(language) for head in heads], [refusal(c, language) for c in cells], numbers=(0,), name="is-high"),
    ]


def refusal(cell: RefusedCell, language: Language) -> list[Any]:
    """Return one line that would be refused."""
    value = cell.value or words.EMPTY(language)
    help_: list[Any] = [html.Div(remedy_text(cell.reason, language))]
    if cell.allowed:
        named = listed(list(cell.allowed[:SHOWN_ALLOWED]), language) + ("…" if len(cell.allowed) > SHOWN_ALLOWED else "")
        help_.append(html.Div(f"{words.ALLOWED(language)}{named}", className="soft"))
    elif cell.written is not None:
        help_.append(html.Div(f"{words.WRITTEN(language)}{cell.written(language)}", className="soft"))
    line = whole_number(cell.line) if cell.line else NOTHING
    return [line, listed(list(cell.columns), language) or NOTHING, value, reason_text(cell.reason, language), html.Div(help_)]


def sampled(sample: Sample, language: Language) -> list[Any]:
    """Return the first rows of one table as they would be understood."""
    if not sample.rows:
        return []
    title = f"{sample.title(language)} · {words.FIRST_ROWS(language).format(len(sample.rows))}"
    rows = [[NOTHING if value is None else value for value in row] for row in sample.rows]
    return [html.H4(title), grid([column(language) for column in sample.columns], rows, name="is-high")]


def unreadable(sentence: str, language: Language) -> list[Any]:
    """Return why a file cannot be taken, in one sentence."""
    return [html.P(words.NOT_READABLE(language), className="warning"), verbatim(sentence, language)]


def submitted(batch: BatchLine | None, source: SourceConfig, supply: Supply, language: Language) -> list[Any]:
    """Return what became of a submitted file: it waits, or there is its batch."""
    if batch is None:
        return [html.P(words.SUBMITTED(language).format(duration(source.interval_s, language)), className="office-line")]
    title = words.BATCH_HELD if batch.state == "held" else words.BATCH_LOADED
    counts = ((words.READ, batch.read_count), (words.REFUSED, batch.refused_count), (words.OPENED, batch.opened_count))
    told = [html.Span([name(language), " ", words.ROWS(language).format(whole_number(count))]) for name, count in counts]
    line = [
        html.B(f"{title(language)} · {words.BATCH(language).format(batch.number)}"),
        batch_state(batch, language),
        *told,
        html.Span(moment(supply.local_time(batch.finished_at))),
    ]
    return [html.P(line, className="office-line submitted"), *([verbatim(batch.message, language)] if batch.message else [])]
