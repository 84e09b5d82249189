"""What must be done today, by kind: what ends today, and what is over."""

from typing import Any

from dash import html

from cockpit.metric import Reading
from cockpit.numbers import NOTHING
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts.parts.address import number_address
from layouts.parts.frame import frame
from layouts.parts.glance import doubt, why_none
from layouts.parts.reading import badge, value_text

TITLE = Text("今日要办", "To be done today")
ENDS, OVER = Text("今日到期", "due today"), Text("已超期", "overdue")
NOW = "now"
KINDS = (
    (Text("办理时限", "Time limits"), Need("clocks_due_today", NOW), Need("overdue_clocks", NOW)),
    (Text("整改指令", "Orders"), Need("orders_due_today", NOW), Need("orders_overdue", NOW)),
)


def drawn(values: Values, language: Language) -> list[Any]:
    """Draw a row of two numbers for each kind; of one that the city does not feed, why there is none."""
    every = [values.readings[need][0] for _, *needs in KINDS for need in needs]
    head = html.Tr([html.Th(""), *(html.Th(word(language), scope="col") for word in (ENDS, OVER))])
    body = [kind_row(values, name, tuple(values.readings[need][0] for need in needs), language) for name, *needs in KINDS]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="list due-list")
    return frame(TITLE(language), doubt(language, *every), table)


def kind_row(values: Values, name: Text, readings: tuple[Reading, ...], language: Language) -> html.Tr:
    """Return one kind with its two numbers, each leading to its rows; what is overdue is an exception."""
    missing = next((why_none(reading, language) for reading in readings if reading.value is None), "")
    worst = next((one for reading in readings if reading.value is not None and (one := badge(reading, language))), None)
    cells = [
        number(values, reading, language, is_over=place == 1 and bool(reading.value)) for place, reading in enumerate(readings)
    ]
    title = html.Th([name(language), html.Small([" ", missing or worst or ""])], scope="row")
    return html.Tr([title, *(html.Td(cell) for cell in cells)])


def number(values: Values, reading: Reading, language: Language, *, is_over: bool) -> Any:
    """Return a number that opens, or a dash."""
    if reading.value is None:
        return NOTHING
    told = html.A(value_text(reading, language), href=number_address(values, reading, language), className="open-number")
    return [html.I("◆ ", className="is-over") if is_over else "", html.B(told, className="rolls")]


TODAY = Panel(key="overview_today", title=TITLE, draw=drawn, needs=tuple(need for _, *needs in KINDS for need in needs))
