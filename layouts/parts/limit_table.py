"""Steps that are held against a limit: the median of each, the share within the limit, the target, and who set it."""

from typing import Any, NamedTuple

from dash import html

from cockpit.metric import Metric, Reading
from cockpit.numbers import NOTHING, whole_number
from cockpit.text import Language
from layouts import words
from layouts.parts.reading import n_text, with_unit
from layouts.parts.refused import refused_mark

NOTES = "abcd"


class Step(NamedTuple):
    """One limited step: the share within its limit, and the median of what is limited."""

    share: Reading
    median: Reading
    name: str


def limit_table(steps: list[Step], language: Language, *, is_counted: bool = False) -> list[Any]:
    """Return the table, and below it whose limits they are; `is_counted` adds a column of n."""
    bases = list(dict.fromkeys(basis_of(step.share.metric, language) for step in steps))
    refused = refused_mark(language, *(reading for step in steps for reading in (step.share, step.median)))
    titles = [words.MEDIAN(language), words.SHARE(language), words.TARGET(language), *(["n"] if is_counted else [])]
    head = html.Tr([html.Th(word) for word in (refused, *titles)])
    body = []
    for step in steps:
        row = limit_row(step, NOTES[bases.index(basis_of(step.share.metric, language))], language)
        count = [html.Td(whole_number(step.share.n), className="soft")] if is_counted else []
        body.append(html.Tr([*row, *count], title=n_text(step.share)))
    notes = [html.Span([html.Sup(letter), f"{basis} "]) for letter, basis in zip(NOTES, bases, strict=False)]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="list dense")
    return [table, html.Div(notes, className="limit-notes")]


def basis_of(metric: Metric, language: Language) -> str:
    """Return who says what a share is held against."""
    own = words.PLATFORM_DEFAULT if metric.is_platform_default or metric.target is None else metric.target.basis
    return own(language)


def limit_row(step: Step, letter: str, language: Language) -> list[html.Td]:
    """Return the cells of one step; a share clearly below its target is marked, and a limit of our own has no target."""
    share, target = step.share, step.share.metric.target
    is_below = target is not None and share.high is not None and share.high < target.value
    mark = html.I("◆ ", className="is-over") if is_below else ""
    return [
        html.Td(step.name),
        html.Td(with_unit(step.median, language)),
        html.Td([mark, html.B(with_unit(share, language))], className="is-thin" if share.is_thin else ""),
        html.Td([f"{target.value:g}%" if target else NOTHING, html.Sup(letter)]),
    ]
