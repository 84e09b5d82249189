"""How numbers are written: one formatter, decimal and half-up, for every place a number is shown."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from cockpit.metric import Unit
from cockpit.text import Language

Form = Literal["screen", "text"]

NOTHING = "—"
"""What stands where there is no value; zero is written 0."""

DIGITS = {
    Unit.COUNT: 0,
    Unit.MEAN_COUNT: 1,
    Unit.SECONDS: 0,
    Unit.MINUTES: 1,
    Unit.HOURS: 1,
    Unit.DAYS: 1,
    Unit.PERCENT: 1,
    Unit.PERMILLE: 2,
    Unit.YUAN: 0,
    Unit.PERSON_YEARS: 0,
}
WAN, YI = Decimal(10_000), Decimal(100_000_000)


def written(value: float | None, unit: Unit, language: Language, form: Form = "screen") -> str:
    """Return a value without its unit: `4,590`; on a Chinese screen `12.9万` from ten thousand on."""
    if value is None:
        return NOTHING
    exact = Decimal(repr(float(value)))
    if form == "screen" and language == "zh" and abs(exact) >= WAN:
        scale, word = (YI, "亿") if abs(exact) >= YI else (WAN, "万")
        return f"{rounded(exact / scale, 2 if word == '亿' else 1):,f}{word}"
    return f"{rounded(exact, DIGITS[unit]):,f}"


def rounded(value: Decimal, digits: int) -> Decimal:
    """Round half up at display; minus zero is zero."""
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP) + 0


def whole_number(count: int) -> str:
    """Return a count in full, with thousands separated."""
    return f"{count:,d}"
