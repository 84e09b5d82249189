"""The quarantine: batches that wait for a person, and rows that were refused, by reason."""

from typing import Any

from dash import html

from cockpit.numbers import NOTHING, whole_number
from cockpit.supply import BatchLine, RefusedGroup, RefusedRow, Supply
from cockpit.text import Language, Text
from layouts.office import words
from layouts.office.sources import verbatim
from layouts.parts.moment import ago, moment
from layouts.parts.tables import grid


def quarantine_section(supply: Supply, language: Language) -> list[Any]:
    """Return held batches first, and then the groups of refused rows."""
    return [
        html.H2(words.QUARANTINE(language)),
        html.P(words.QUARANTINE_NOTE(language), className="office-note"),
        *held(supply, language),
        *groups(supply, language),
    ]


def held(supply: Supply, language: Language) -> list[Any]:
    """Return the batches that wait, each with what is wrong and how to let it through."""
    if not supply.held:
        return [html.P(words.NOTHING_HELD(language))]
    items = [html.Li(held_batch(batch, supply, language)) for batch in supply.held]
    return [html.H3(words.HELD_BATCHES(language)), html.Ul(items, className="held-list")]


def held_batch(batch: BatchLine, supply: Supply, language: Language) -> list[Any]:
    """Return one batch that waits."""
    title = [
        html.B([html.I("◆"), f" {words.BATCH(language).format(batch.number)} · {supply.title(batch.source)(language)}"]),
        html.Span(batch.origin, className="origin"),
        ago(batch.finished_at, supply.now, language),
        words.ROWS(language).format(whole_number(batch.read_count)),
    ]
    command = html.Code(f"cockpit etl quarantine release {batch.number} --site {site_argument(supply)}")
    how = [words.RELEASE(language), " ", command] if batch.can_be_released else words.DELIVER_AGAIN(language)
    return [html.Div(title, className="office-line"), verbatim(batch.message, language), html.Div(how)]


def site_argument(supply: Supply) -> str:
    """Return what names the site on the command line."""
    site = supply.site
    return site.key if site.folder.name == site.key else "DIR"


def groups(supply: Supply, language: Language) -> list[Any]:
    """Return how many rows were refused, by source, table and reason."""
    if not supply.groups:
        return [html.P(words.NOTHING_REFUSED(language))]
    heads = (words.SOURCE, words.TABLE, words.REASON, words.WHAT_TO_DO, words.COUNT, words.SHOW)
    rows = [group_row(group, supply, language) for group in supply.groups]
    return [
        grid([head(language) for head in heads], rows, numbers=(4,)),
        html.P(words.CHOOSE_GROUP(language), className="office-note"),
    ]


def group_row(group: RefusedGroup, supply: Supply, language: Language) -> list[Any]:
    """Return one group, with the button that lists its newest rows."""
    marks = {"data-source": group.source, "data-into": group.into, "data-reason": group.reason}
    return [
        supply.title(group.source)(language),
        table_title(group.into, supply, language),
        reason_text(group.reason, language),
        remedy_text(group.reason, language),
        whole_number(group.count),
        html.Button(words.SHOW(language), className="show-group", **marks),
    ]


def table_title(name: str, supply: Supply, language: Language) -> str:
    """Return a table's title; rows of the wrong length were meant for none in particular."""
    return supply.table_titles.get(name, Text(name, name))(language) or NOTHING


def reason_text(reason: str, language: Language) -> str:
    """Return a rule in human words."""
    return words.REASONS.get(reason, Text(reason, reason))(language)


def remedy_text(reason: str, language: Language) -> str:
    """Return what to do about a row that a rule refused."""
    return words.REMEDIES.get(reason, Text(NOTHING, NOTHING))(language)


def refused_list(group: RefusedGroup, rows: tuple[RefusedRow, ...], supply: Supply, language: Language) -> list[Any]:
    """Return the newest rows of one group, without personal data."""
    heads = (words.FILE, words.LINE, words.FIELD, words.VALUE, words.CELLS)
    title = f"{supply.title(group.source)(language)} · {reason_text(group.reason, language)}"
    return [
        html.H3(title),
        html.P(words.NEWEST_REFUSED(language).format(len(rows)), className="office-note"),
        grid(
            [head(language) for head in heads],
            [refused_row(row, supply, language) for row in rows],
            numbers=(1,),
            name="is-high",
        ),
    ]


def refused_row(row: RefusedRow, supply: Supply, language: Language) -> list[Any]:
    """Return one refused row; when it says that it happened, if that can be read."""
    where = [html.Span(row.origin, className="origin")]
    if row.claimed_at is not None:
        where.append(html.Div(moment(supply.local_time(row.claimed_at)), className="soft"))
    cells = [
        html.Span([html.I(name), f" {value or words.EMPTY(language)}"], className="cell") for name, value in row.cells.items()
    ]
    if row.hidden_count:
        cells.append(html.Span(words.HIDDEN(language).format(row.hidden_count), className="soft"))
    return [
        html.Div(where),
        whole_number(row.line) if row.line else NOTHING,
        NOTHING if row.field is None else row.field(language),
        html.Span(words.NOT_SHOWN(language), className="soft") if row.value is None else row.value or words.EMPTY(language),
        html.Div(cells or NOTHING, className="cells"),
    ]
