"""The rules of the colours that hold on a day, of the versions that a city's `config` has."""

import json
from bisect import bisect_right

import sqlalchemy as sa

from cockpit.judging.colour_rules import ColourRules, colour_rules
from cockpit.ledger.store import Ledger
from etl.models.town_facts import known

NO_VERSION = ""
"""How the rules are named where a city has no version of its own: those of the cockpit."""


class RuleVersions:
    """Every version of the rules, in the order in which they take effect; before the first, the cockpit's own hold."""

    def __init__(self, connection: sa.Connection, ledger: Ledger) -> None:
        """Read what is known now."""
        names = ("effective_from_on", "config_version", "json")
        rows = known(connection, ledger, "config", names).sort_values(["effective_from_on", "config_version"])
        self.days: list[int] = rows["effective_from_on"].tolist()
        told = [(version, json.loads(text)) for version, text in zip(rows["config_version"], rows["json"], strict=True)]
        self.rules = [
            colour_rules(NO_VERSION, None),
            *(colour_rules(version, said.get("colours") if isinstance(said, dict) else None) for version, said in told),
        ]

    def on(self, day: int) -> ColourRules:
        """Return the rules of the newest version that has taken effect by a day (since 1970)."""
        return self.rules[bisect_right(self.days, day)]
