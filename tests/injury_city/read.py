"""Where the cockpit reads anything else of work injury than the oracle works out from what departments sent."""

from collections import Counter
from dataclasses import dataclass, field

from cockpit.ledger.store import Ledger
from cockpit.scope import CITY
from tests.injury_city.filled import Filled, Moment
from tests.oracle import wenling
from tests.oracle.comparison import differences, differing, readings
from tests.oracle.injury import InjuryOracle, derived
from tests.oracle.injury_metrics import INJURY_METRICS
from tests.oracle.windows import IN_WEEKS
from tests.oracle.workdays import announced, calendar, workdays

WORKDAYS = workdays(range(2004, max(announced()) + 1))
SERIES = [key for key, metric in INJURY_METRICS.items() if IN_WEEKS in metric.windows]


@dataclass
class Read:
    """Where cockpit and oracle differed at each instant, and the last of both."""

    ledger: Ledger
    departments: object
    differing: dict = field(default_factory=dict)
    compared: Counter = field(default_factory=Counter)
    ticks: dict = field(default_factory=dict)
    view: object = None
    oracle: object = None

    def compare(self, filled: Filled, moment: Moment) -> None:
        """Note what is known at an instant, and where cockpit and oracle differ."""
        rows = derived(moment.records, WORKDAYS, calendar(WORKDAYS))
        self.view, self.oracle = moment.view, InjuryOracle(rows, wenling.CITY.zone, moment.as_of)
        self.ticks[moment.as_of] = moment.view.tick
        for key in INJURY_METRICS:
            at = moment.as_of, key
            self.differing[at], self.compared[at] = differences(moment.view.columns, filled.site, self.oracle, key)
            if key in SERIES:
                self.differing[at] += weekly(moment.view.columns, filled.site, self.oracle, key)
                self.compared[at] += 156


def weekly(columns, site, oracle, key, scope=CITY):
    """Return where a series differs, week by week."""
    ours, theirs = readings(columns, site, key, IN_WEEKS, "week", scope), oracle.answers(key, IN_WEEKS, "week")
    assert list(ours) == list(theirs)
    return [(week, *field) for week, read in ours.items() for field in differing(read, theirs[week])]
