"""The city's own rules of colours and of risk, as pictures need them: those of the version that is in force."""

import json
from dataclasses import replace
from functools import lru_cache

from cockpit.judging.colour_rules import ColourRules, colour_rules
from cockpit.judging.risk_rules import RiskRules, risk_rules
from cockpit.panel import Values
from cockpit.text import Language, Text
from layouts import words

OWN_RULES = Text("本市口径 {}", "the city's rules {}")
VERSIONS_KEPT = 16
"""More versions than are drawn at a time: what is wrong in one is then logged once, and not at each drawing."""


def colours_in_force(values: Values) -> ColourRules:
    """Return the rules of the four colours that are in force."""
    return read_colours(values.configuration.version, told(values, "colours"))


def risk_in_force(values: Values) -> RiskRules:
    """Return the rules of the enterprise risk index that are in force."""
    return read_risk(values.configuration.version, told(values, "risk"))


def told(values: Values, section: str) -> str:
    """Return a section of the configuration as it was told, in a form that can be remembered by."""
    return json.dumps(values.configuration.sections.get(section), ensure_ascii=False, sort_keys=True)


@lru_cache(VERSIONS_KEPT)
def read_colours(version: str, section: str) -> ColourRules:
    """Return the rules of a version's section `colours`."""
    return colour_rules(version, json.loads(section))


@lru_cache(VERSIONS_KEPT)
def read_risk(version: str, section: str) -> RiskRules:
    """Return the rules of a version's section `risk`."""
    return risk_rules(version, json.loads(section))


def whose(rules: ColourRules | RiskRules, language: Language) -> str:
    """Return whose rules these are: the platform's defaults, or the city's own by their version."""
    default = ColourRules(version="") if isinstance(rules, ColourRules) else RiskRules()
    if replace(rules, version="") == default:
        return words.PLATFORM_DEFAULT(language)
    return OWN_RULES(language).format(rules.version)
