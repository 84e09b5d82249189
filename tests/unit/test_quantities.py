"""Numbers, amounts, days and months are read exactly or refused (DOMAIN 10.1, RELIABILITY A12)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.quantities import TEN_THOUSANDTH, integer, money, normalised, real, scaled
from tests.mapped import mapped

NO_NUMBER = ["", " ", "x", "NA", "null", "1 2", "1,23", "1,2345", ",123", "1.", "1.2.3", "--1", "1-", "٣", "0x1F", "1_000", "½"]


@pytest.mark.parametrize(
    ("word", "fen"),
    [
        ("0", 0),
        ("-0", 0),
        ("−0.00", 0),
        ("1234.5", 123450),
        ("1,234.50", 123450),
        ("￥1,234.50", 123450),
        ("¥1234.50元", 123450),
        ("１，２３４．５０", 123450),
        (" 12 ", 1200),
        ("-0.01", -1),
        ("0.10", 10),
        ("1.2000", 120),
        ("9999999999999.99", 999999999999999),
    ],
)
def test_an_amount_is_read_exactly_as_integer_fen(word, fen):
    value = money(word)
    assert (value, type(value)) == (fen, int)


@pytest.mark.parametrize(
    "word", [*NO_NUMBER, "1E5", "1.2E+3", "12%", "0.001", "12.345", "(12)", "12万元", "nan", "inf", "9" * 40]
)
def test_what_is_no_amount_is_refused_and_never_rounded(word):
    assert money(word) is None


@given(st.integers(-(10**15), 10**15))
def test_an_amount_written_and_read_is_the_same_amount(fen):
    assert money(f"{Decimal(fen) / 100:,.2f}") == fen
    assert scaled(f"{Decimal(fen) / 10_000:.4f}") == fen


@pytest.mark.parametrize(("word", "value"), [("0.0090", 90), ("0.9%", 90), ("-2", -20_000), ("0.00009", None), ("1E-4", None)])
def test_a_rate_is_ten_thousandths_and_percent_is_understood(word, value):
    assert scaled(word, TEN_THOUSANDTH) == value


def test_percent_is_no_price():
    assert scaled("12%", "10⁻⁴元") is None


@pytest.mark.parametrize(("word", "value"), [("1,234", 1234), ("１２", 12), ("-0", 0), ("007", 7), (" 7 ", 7), ("−3", -3)])
def test_a_whole_number_is_read_exactly(word, value):
    assert (integer(word), type(integer(word))) == (value, int)


@pytest.mark.parametrize("word", [*NO_NUMBER, "1.0", "1E5", "1e5", "12%", "+1", "99999999999999999999", "9" * 5000])
def test_what_is_no_whole_number_is_refused(word):
    assert integer(word) is None


def test_percent_is_read_where_percent_is_the_unit():
    assert (integer("12%", "%"), real("12.5%", "%")) == (12, 12.5)
    assert (integer("12%", "1"), real("12.5%", "1")) == (None, None)


@pytest.mark.parametrize(("word", "value"), [("1.5", 1.5), ("1e-05", 1e-05), ("1,234.5", 1234.5), ("-0.0", 0.0), (".5", 0.5)])
def test_a_measured_number_may_be_written_as_machines_do(word, value):
    assert str(real(word)) == str(value)


@pytest.mark.parametrize("word", [*NO_NUMBER, "nan", "inf", "1e999", "Infinity", "12%"])
def test_what_is_no_measured_number_is_refused(word):
    assert real(word) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_measured_number_written_by_a_machine_is_read_as_the_same(number):
    assert real(repr(number)) == number


def test_full_width_is_made_plain_and_nothing_else():
    assert normalised("　２０２６年１月") == "2026年1月"


def days(word, **field):
    """Return the day a benefit was paid on, or why its row was refused."""
    fields = {"paid_on": {"column": "paid_on", **field}} if field else {}
    found = mapped("benefit_payment", {"pay_id": "1", "case_id": "c", "amount_fen": "1", "paid_on": word}, fields=fields)
    return [row["paid_on"] for row in found.rows] or [(reason, name) for _, reason, name, _ in found.refused]


@pytest.mark.parametrize("word", ["2026-01-31", "２０２６-０１-３１", " 2026-01-31 "])
def test_a_day_is_whole_days_since_1970(word):
    assert days(word) == [20_484]


@pytest.mark.parametrize(
    ("word", "format_"),
    [
        ("31-01-2026", "%d-%m-%Y"),
        ("2026年1月31日", "%Y年%m月%d日"),
        ("20260131", "%Y%m%d"),
        ("2026-01-31 23:59:59", "%Y-%m-%d %H:%M:%S"),
    ],
)
def test_a_day_is_read_in_the_format_that_the_site_says(word, format_):
    assert days(word, format=format_) == [20_484]


def test_a_day_stamped_elsewhere_is_the_sites_local_day():
    assert days("2026-01-30T16:00:00+0000", format="%Y-%m-%dT%H:%M:%S%z") == [20_484]
    assert days("2026-01-30T16:00:00", format="%Y-%m-%dT%H:%M:%S", zone="UTC") == [20_484]


@pytest.mark.parametrize(
    "word", ["45292", "31/01/2026", "二〇二六年一月三十一日", "2026-02-30", "2026-13-01", "0", "1E5", "NA", "today"]
)
def test_a_day_of_another_form_is_refused_and_never_guessed(word):
    assert days(word) == [("unparsable", "paid_on")]


@pytest.mark.parametrize("word", ["1900-01-00", "1904-01-01", "1970-01-01"])
def test_a_day_that_a_spreadsheet_makes_of_nothing_is_refused(word):
    assert days(word)[0][0] in ("unparsable", "before_floor")


@pytest.mark.parametrize(
    ("word", "field", "month"),
    [
        ("2026-01", {}, "2026-01"),
        ("2026-1", {}, "2026-01"),
        ("202601", {"format": "%Y%m"}, "2026-01"),
        ("２０２６-０１", {}, "2026-01"),
    ],
)
def test_a_month_is_written_in_one_way(word, field, month):
    found = mapped(
        "enterprise_month",
        {"enterprise_id": "e", "month": word},
        fields={"month": {"column": "month", **field}} if field else {},
    )
    assert [row["month"] for row in found.rows] == [month]


@pytest.mark.parametrize("word", ["2026-13", "2026-00", "2026", "26-01", "2026/01", "2026-01-01"])
def test_a_month_of_another_form_is_refused(word):
    found = mapped("enterprise_month", {"enterprise_id": "e", "month": word})
    assert [refusal[1] for refusal in found.refused] == ["unparsable"]
