"""The screen of the four colours of towns 区域四色, `/screen/towns`."""

from cockpit.panel import Arrangement, Screen
from cockpit.text import Text
from layouts.panels import city, towns, towns_funnel, towns_history, towns_map, towns_opened, towns_table
from layouts.panels.firms import FIRMS
from layouts.panels.industries import INDUSTRIES

WHOLE = Arrangement(
    name="whole",
    grid="""
        "header header header header header" 52px
        "towns_figures towns_figures towns_figures towns_figures towns_figures" 116px
        "towns_scores towns_scores towns_map towns_map industries" minmax(0, 1.1fr)
        "towns_scores towns_scores towns_map towns_map firms" minmax(0, 1fr)
        "towns_history towns_funnel towns_funnel towns_opened towns_opened" 382px
        / calc(690px + .26 * var(--extra)) calc(26px + .04 * var(--extra)) minmax(0, 1fr) calc(134px + .1 * var(--extra))
        calc(460px + .3 * var(--extra))
    """,
    asks=("work_injury_case", "case_event", "enterprise_month"),
    panels=(
        city.HEADER,
        towns.FIGURES,
        towns_table.TABLE,
        towns_map.MAP,
        INDUSTRIES,
        FIRMS,
        towns_history.HISTORY_STRIP,
        towns_funnel.FUNNEL,
        towns_opened.TOWN,
    ),
)
TOWNS = Screen(key="towns", title=Text("区域四色", "Four colours of the towns"), place=3, arrangements=(WHOLE,))
