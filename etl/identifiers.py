"""What a text must not be, and the check digits that some must have."""

import re
from collections.abc import Callable, Mapping

from cockpit.ledger.tables import Check

DESTROYED = re.compile(r"[\0\ud800-\udfff]|\A[0-9](?:\.[0-9]+)?E\+[0-9]{2,3}\Z")
"""NUL and half characters, which no store takes, and what a spreadsheet makes of a long number, such as 3.31081E+17."""

CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_WEIGHTS = tuple(3**i % 31 for i in range(17))
PROJECT = re.compile(r"P[0-9A-Z]{15}", re.ASCII)
"""个体户 and building projects without a code of their own (domain specification, section 10.2)."""


def is_destroyed(word: str) -> bool:
    """Whether a text cannot be stored, or is a number that was rounded: which one it was, nobody can say."""
    return DESTROYED.search(word) is not None


def is_enterprise_id(word: str) -> bool:
    """Whether a text is a 统一社会信用代码 with a right check digit (GB 32100-2015), or the number of a project.

    >>> is_enterprise_id("91350100M000100Y43")
    True
    """
    if PROJECT.fullmatch(word):
        return True
    if len(word) != 18 or any(sign not in CODE_SIGNS for sign in word):
        return False
    total = sum(CODE_SIGNS.index(sign) * weight for sign, weight in zip(word[:17], CODE_WEIGHTS, strict=True))
    return CODE_SIGNS[-total % 31] == word[17]


CHECKS: Mapping[Check, Callable[[str], bool]] = {Check.ENTERPRISE_ID: is_enterprise_id}
