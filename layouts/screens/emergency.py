"""The screen of emergency response, `/screen/emergency`."""

from cockpit.panel import Arrangement, Screen
from cockpit.text import Text
from layouts.panels import city, emergency, emergency_health, emergency_now, emergency_record, emergency_scenes, emergency_towns

WHOLE = Arrangement(
    name="whole",
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
    arrangements=(WHOLE, RECORD),
)
