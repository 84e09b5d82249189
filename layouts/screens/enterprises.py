"""The screen of enterprise risk 企业风险, `/screen/enterprises`."""

from cockpit.panel import Arrangement, Screen
from cockpit.text import Text
from layouts.panels import (
    city,
    enterprises,
    enterprises_health,
    enterprises_movement,
    enterprises_profile,
    enterprises_ranking,
    enterprises_towns,
    industries,
)

WHOLE = Arrangement(
    name="whole",
    grid="""
        "header header header header" 64px
        "enterprise_figures enterprise_figures enterprise_figures enterprise_figures" 172px
        "enterprise_ranking enterprise_ranking enterprise_towns enterprise_profile" minmax(0, 1fr)
        "enterprise_movement enterprise_watch industries enterprise_about" 276px
        "enterprise_health enterprise_health enterprise_health enterprise_health" 28px
        / calc(570px + .25 * var(--extra)) minmax(0, 1fr) calc(430px + .26 * var(--extra)) calc(366px + .22 * var(--extra))
    """,
    asks=("enterprise", "enterprise_month", "work_injury_case"),
    panels=(
        city.HEADER,
        enterprises.KEY_FIGURES,
        enterprises_ranking.RANKING,
        enterprises_towns.BY_TOWN,
        enterprises_profile.PROFILE,
        enterprises_movement.MOVEMENT,
        enterprises_movement.WATCH,
        industries.INDUSTRIES,
        enterprises_profile.ABOUT,
        enterprises_health.HEALTH,
    ),
)
ENTERPRISES = Screen(key="enterprises", title=Text("企业风险", "Enterprise risk"), place=4, arrangements=(WHOLE,))
