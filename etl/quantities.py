"""From words to numbers, exactly: what a department writes is read by its grammar, or refused, and never rounded."""

import re
from decimal import Decimal
from math import isfinite
from unicodedata import normalize

NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|-?\.\d+", re.ASCII)
"""A decimal number, with its thousands grouped or not. `1,23` is none: nobody can say what was meant."""

POWER = re.compile(r"-?\d+(?:\.\d+)?[eE][+-]?\d{1,3}", re.ASCII)
"""How machines write a measured number. A whole number or an amount so written has been through a spreadsheet."""

LONGEST_INTEGER = 18
"""Digits that always fit the store's 64 bits."""

LONGEST_DECIMAL = 28
"""Characters of a decimal number that Python's decimals hold, add and multiply without rounding."""

MINUS_SIGN = "\u2212"
PERCENT = "%"
TEN_THOUSANDTH = "10⁻⁴"
"""Unit of a rate that is stored as ten-thousandths: 0.0090 and 0.9% are the same 90."""


def normalised(word: str) -> str:
    """Return a number or a date with full-width characters made plain, the blanks around it gone.

    >>> normalised(" １，２３４．５０ ")
    '1,234.50'
    """
    return (word if word.isascii() else normalize("NFKC", word).replace(MINUS_SIGN, "-")).strip()


def plain_number(word: str) -> str | None:
    """Return a decimal number without what groups its thousands; anything else is none."""
    plain = normalised(word)
    return plain.replace(",", "") if NUMBER.fullmatch(plain) else None


def decimal(word: str) -> Decimal | None:
    """Read a decimal number exactly; anything else, or a longer one than any department has, is none. −0 is 0."""
    number = plain_number(word)
    return None if number is None or len(number) > LONGEST_DECIMAL else Decimal(number) + 0


def integer(word: str, unit: str = "") -> int | None:
    """Read a whole number; `1.0` and `1E5`, which are what a spreadsheet made of one, are none."""
    number = decimal(without_percent(word, unit))
    is_whole = number is not None and "." not in normalised(word)
    return to_integer(number) if number is not None and is_whole else None


def real(word: str, unit: str = "") -> float | None:
    """Read a measured number."""
    plain = normalised(without_percent(word, unit))
    number = plain if POWER.fullmatch(plain) else plain_number(plain)
    value = None if number is None else float(number) + 0.0  # −0 is 0
    return value if value is not None and isfinite(value) else None


def money(word: str) -> int | None:
    """Read an amount in 元, such as ￥1,234.50, as 分; an amount finer than 分 is none.

    >>> money("￥1,234.50")
    123450
    """
    plain = normalised(word).removeprefix("¥").removesuffix("元")
    return scaled_by(decimal(plain), 100)


def scaled(word: str, unit: str = "") -> int | None:
    """Read a number as ten-thousandths; a finer one is none. Of a rate, `0.9%` is the same as 0.0090."""
    plain = normalised(word)
    if unit == TEN_THOUSANDTH and plain.endswith(PERCENT):
        return scaled_by(decimal(plain.removesuffix(PERCENT)), 100)
    return scaled_by(decimal(plain), 10_000)


def without_percent(word: str, unit: str) -> str:
    """Return a number without its percent sign where percent is the column's unit."""
    return normalised(word).removesuffix(PERCENT) if unit == PERCENT else word


def scaled_by(number: Decimal | None, factor: int) -> int | None:
    """Return a number in parts of the factor, if it is a whole number of them."""
    product = None if number is None else number * factor
    return None if product is None or product != product.to_integral_value() else to_integer(product)


def to_integer(number: Decimal) -> int | None:
    """Return a whole number that fits the store."""
    return int(number) if number.adjusted() < LONGEST_INTEGER else None
