"""The screen of emergency response, `/screen/emergency`."""

from cockpit.panel import Arrangement, Screen
from cockpit.text import Text
from layouts.panels import city, emergency, emergency_health, emergency_now, emergency_record, emergency_scenes, emergency_towns

WHOLE = Arrangement(
    name="whole",
    grid="""
        "header header header" 64px "figures figures figures" 172px
        "towns map fleet" 196px "towns map active" minmax(0, 1fr)
        "limits scenes scenes" 226px "health health health" 28px
        / calc(460px + .32 * var(--extra)) minmax(0, 1fr) calc(552px + .36 * var(--extra))
    """,
    asks=("vehicle",),
    panels=(
        city.HEADER,
        emergency.KEY_FIGURES,
        emergency_towns.TOWNS,
        emergency_towns.MAP,
        emergency_now.FLEET,
        emergency_now.ACTIVE,
        emergency_scenes.LIMITS,
        emergency_scenes.SCENES,
        emergency_health.HEALTH,
    ),
)
RECORD = Arrangement(
    name="record",
    grid="""
        "header header header" 72px "figures figures figures" 172px
        "chain stations newest" minmax(0, 1fr) "causes stations newest" minmax(0, 1fr)
        "quality hours sources" 256px
        / calc(468px + .3 * var(--extra)) minmax(0, 1fr) calc(580px + .3 * var(--extra))
    """,
    panels=(
        city.HEADER,
        emergency.KEY_FIGURES,
        emergency.RESPONSE_CHAIN,
        emergency_record.CAUSES,
        emergency.STATIONS,
        emergency_record.NEWEST_INCIDENTS,
        emergency_record.QUALITY,
        emergency_record.HOURS,
        emergency_record.SOURCES,
    ),
)
"""For a city whose record names calls and runs, and no vehicles, hospitals or scenes."""

EMERGENCY = Screen(
    key="emergency",
    title=Text("应急响应", "Emergency response"),
    place=8,
    arrangements=(WHOLE, RECORD),
)
