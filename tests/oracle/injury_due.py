"""Due days told by walking day after day through plain dates, apart from the code that it is held against.

Of announced years the library `chinese_calendar` is asked day by day; of 2027 the statutory holidays are written down here,
from the regulation on holidays of 2024 全国年节及纪念日放假办法 and the lunar calendar.
"""

from datetime import date, timedelta

from chinese_calendar import is_workday

FIXED_2027 = {
    date(2027, month, day)
    for month, day in [
        (1, 1),
        (2, 5),
        (2, 6),
        (2, 7),
        (2, 8),
        (4, 5),
        (5, 1),
        (5, 2),
        (6, 9),
        (9, 15),
        (10, 1),
        (10, 2),
        (10, 3),
    ]
}
ONE = timedelta(days=1)


def is_announced(on: date) -> bool:
    """Whether the notice of a day's year is out."""
    return on.year <= 2026


def is_worked(on: date) -> bool:
    """Whether a day is worked, as far as is known."""
    if is_announced(on):
        return bool(is_workday(on))
    return on.isoweekday() < 6 and on not in FIXED_2027


def after_days(start: date, count: int) -> tuple[date, date, bool]:
    """Return strict and rolled due day of a limit in calendar days, and whether a notice may still change it."""
    strict = start
    for _ in range(count):
        strict += ONE
    due, is_provisional = strict, not is_announced(strict)
    while not is_worked(due):
        due += ONE
        is_provisional |= not is_announced(due)
    return strict, due, is_provisional


def after_working_days(start: date, count: int) -> tuple[date, date, bool]:
    """Return the same of a limit in working days, which ends on one."""
    due, is_provisional = start, not is_announced(start)
    while count:
        due += ONE
        is_provisional |= not is_announced(due)
        count -= is_worked(due)
    return due, due, is_provisional
