"""The screen of work injury, the whole chain 工伤处理全链条, `/screen/injury`."""

from cockpit.panel import Arrangement, Screen
from cockpit.text import Text
from layouts.panels import (
    city,
    injury,
    injury_chain,
    injury_clocks,
    injury_cohort,
    injury_health,
    injury_services,
    injury_weeks,
)

COLUMNS = 24


def row(height: str, **spans: int) -> str:
    """Return one row of the grid: areas with how many columns each spans, and the row's height."""
    names = " ".join(name for name, columns in spans.items() for _ in range(columns))
    return f'"{names}" {height}'


WHOLE = Arrangement(
    name="whole",
    grid=" ".join(
        (
            row("60px", header=COLUMNS),
            row("178px", injury_figures=COLUMNS),
            row("178px", injury_chain=16, injury_clocks=8),
            row("minmax(0, 1fr)", open_cohort=5, acceptances=6, accidents=5, injury_clocks=8),
            row("238px", stock_age=4, packages=6, specialists=5, disputes=4, exchange=5),
            row("26px", injury_health=COLUMNS),
            "/" + COLUMNS * " minmax(0, 1fr)",
        )
    ),
    asks=("work_injury_case", "case_event"),
    panels=(
        city.HEADER,
        injury.KEY_FIGURES,
        injury_chain.CHAIN,
        injury_clocks.CLOCKS_PANEL,
        injury_cohort.OPEN_COHORT,
        injury_weeks.ACCEPTANCES,
        injury_weeks.ACCIDENTS,
        injury_chain.STOCK_AGE,
        injury_services.PACKAGE_MIX,
        injury_services.SPECIALISTS,
        injury_services.DISPUTES,
        injury_services.EXCHANGE,
        injury_health.HEALTH,
    ),
)
INJURY = Screen(key="injury", title=Text("工伤处理全链条", "Work injury"), place=2, arrangements=(WHOLE,))
