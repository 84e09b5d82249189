"""The screen of emergency response, `/screen/emergency`."""

from cockpit.panel import Screen
from cockpit.text import Text
from layouts.panels import city, emergency

EMERGENCY = Screen(
    key="emergency",
    title=Text("应急响应", "Emergency response"),
    panels=(
        city.HEADER,
        emergency.KEY_FIGURES,
        emergency.RESPONSE_CHAIN,
        emergency.CAUSES,
        emergency.STATIONS,
        emergency.NEWEST_INCIDENTS,
        emergency.QUALITY,
        emergency.HOURS,
        emergency.SOURCES,
    ),
)
