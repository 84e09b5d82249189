"""The name of an industry where room is short: the standard's names run up to twenty characters."""

from cockpit.panel import Values
from cockpit.text import Language

MOST = {"zh": 7, "en": 20}
"""How many characters of a name are written; the rest is told when pointed at."""

ENDS = ("制造业", "业")
"""What every name of a division ends with, and none needs to be told from another."""


def industry_name(values: Values, code: str | None, language: Language) -> str:
    """Return an industry's name, cut where it is long."""
    whole = values.label("division", code)(language)
    name = next((whole.removesuffix(end) for end in ENDS if len(whole) > len(end) + 1 and whole.endswith(end)), whole)
    return name if len(name) <= MOST[language] else f"{name[: MOST[language] - 1].rstrip('、和')}…"
