"""The overview of the city 城市总览, `/screen/overview`: five questions at a glance, told in docs/overview.md."""

from cockpit.panel import Arrangement, Panel, Screen
from cockpit.text import Text
from layouts.panels import (
    city,
    overview_attention,
    overview_cards,
    overview_charts,
    overview_duty,
    overview_map,
    overview_response,
    overview_settlement,
    overview_state,
    overview_today,
)

ASKS = ("work_injury_case", "case_event", "enterprise_month")
"""Without these nothing of it can be told; a city that feeds no calls, orders or roster is told so in their places."""


def grid(bottom: str) -> str:
    """Return the grid: six cards, two charts, the map in the middle, what is grave on the right, what is due at the bottom."""
    return f"""
        "header header header" 60px
        "overview_figures overview_figures overview_figures" 154px
        "overview_cases overview_map overview_attention" minmax(0, 1fr)
        "overview_days overview_map overview_response" minmax(0, 1fr)
        {bottom} 178px
        "overview_state overview_state overview_state" 26px
        / minmax(0, 1.14fr) minmax(0, 1.72fr) minmax(0, 1.14fr)
    """


SHARED: tuple[Panel, ...] = (
    city.HEADER,
    overview_cards.FIGURES,
    overview_charts.CASES_CHART,
    overview_charts.DAYS_CHART,
    overview_map.MAP,
    overview_attention.ATTENTION,
    overview_response.RESPONSE,
    overview_today.TODAY,
)
WHOLE = Arrangement(
    name="whole",
    grid=grid('"overview_today overview_duty overview_settlement"'),
    panels=(*SHARED, overview_duty.DUTY, overview_settlement.SETTLEMENT, overview_state.STATE),
    asks=(*ASKS, "duty"),
)
WITHOUT_ROSTER = Arrangement(
    name="without a duty roster",
    grid=grid('"overview_today overview_settlement overview_settlement"'),
    panels=(*SHARED, overview_settlement.SETTLEMENT, overview_state.STATE),
    asks=ASKS,
)
OVERVIEW = Screen(key="overview", title=Text("城市总览", "Overview"), place=1, arrangements=(WHOLE, WITHOUT_ROSTER))
