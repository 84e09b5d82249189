"""The screen of appraisal, the way back to work and quick arbitration 鉴定与再就业·速裁, `/screen/appraisal`."""

from cockpit.panel import Arrangement, Screen
from cockpit.text import Text
from layouts.panels import (
    appraisal,
    appraisal_arbitration,
    appraisal_grades,
    appraisal_health,
    appraisal_hospitals,
    appraisal_towns,
    appraisal_work,
    city,
)

WHOLE = Arrangement(
    name="whole",
    grid="""
        "header header header header" 64px
        "appraisal_figures appraisal_figures appraisal_figures appraisal_figures" 184px
        "appraisal_chain appraisal_chain appraisal_grades appraisal_towns" 344px
        "appraisal_hospitals appraisal_work appraisal_arbitration appraisal_towns" minmax(0, 1fr)
        "appraisal_health appraisal_health appraisal_health appraisal_health" 28px
        / calc(484px + .2 * var(--extra)) minmax(0, 1fr) calc(520px + .27 * var(--extra)) calc(400px + .22 * var(--extra))
    """,
    panels=(
        city.HEADER,
        appraisal.KEY_FIGURES,
        appraisal.CHAIN,
        appraisal_grades.GRADES,
        appraisal_towns.TOWNS,
        appraisal_hospitals.HOSPITALS,
        appraisal_work.WORK,
        appraisal_arbitration.ARBITRATION,
        appraisal_health.HEALTH,
    ),
)
APPRAISAL = Screen(
    key="appraisal",
    title=Text("鉴定与再就业·速裁", "Appraisal and arbitration"),
    place=5,
    arrangements=(WHOLE,),
)
