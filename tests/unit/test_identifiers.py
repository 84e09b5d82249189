"""Identifiers are kept byte for byte; what was destroyed on the way is refused (RELIABILITY A12)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.identifiers import CODE_SIGNS, is_destroyed, is_enterprise_id
from tests.mapped import mapped

AT = "2026-01-05T10:00:00"
EXAMPLE = "91350100M000100Y43"  # of the standard
PROJECT = "P12345678901234A"


def case_ids(word):
    """Return the case of an event, or why its row was refused."""
    found = mapped("case_event", {"event_id": "1", "case_id": word, "event_code": "A0", "event_at": AT})
    return [row["case_id"] for row in found.rows] or [reason for _, reason, _, _ in found.refused]


@pytest.mark.parametrize(
    "word", ["007", "331081199001011234", "33108119900101123X", "NA", "1E5", "1e5", "null", "-", "７", "a b", "0.10"]
)
def test_an_identifier_is_kept_byte_for_byte(word):
    assert case_ids(word) == [word]


@pytest.mark.parametrize("word", [" 007", "007 ", "\t007\u3000", "\u00a0007"])
def test_blanks_around_an_identifier_are_none_of_it(word):
    assert case_ids(word) == ["007"]


@pytest.mark.parametrize("word", ["3.31081E+17", "1E+05", "9.13310E+17"])
def test_a_number_that_a_spreadsheet_rounded_is_no_identifier(word):
    assert case_ids(word) == ["unparsable"]


@pytest.mark.parametrize("word", ["a\0b", "\ud800"])
def test_what_no_store_takes_is_refused_and_not_fatal(word):
    assert is_destroyed(word)
    if "\0" in word:
        assert case_ids(word) == ["unparsable"]


def test_an_identifier_of_blanks_alone_is_missing():
    assert case_ids(" \u3000") == ["missing"]


@pytest.mark.parametrize("code", [EXAMPLE, PROJECT])
def test_a_credit_code_with_its_check_digit_is_one(code):
    assert is_enterprise_id(code)


@pytest.mark.parametrize(
    "word", ["91350100M000100Y44", "91350100M000100Y4", "91350100m000100y43", "I1350100M000100Y43", "P1234", "x" * 18]
)
def test_what_only_looks_like_a_credit_code_is_none(word):
    assert not is_enterprise_id(word)


@given(st.integers(0, 17), st.sampled_from(CODE_SIGNS))
def test_one_wrong_sign_is_always_found(place, sign):
    wrong = EXAMPLE[:place] + sign + EXAMPLE[place + 1 :]
    assert is_enterprise_id(wrong) is (wrong == EXAMPLE)


@given(st.text(CODE_SIGNS, min_size=17, max_size=17))
def test_every_code_has_exactly_one_check_digit(begun):
    assert sum(is_enterprise_id(begun + sign) for sign in CODE_SIGNS) == 1


def test_an_enterprise_with_a_wrong_check_digit_is_refused_with_its_code():
    found = mapped("enterprise", {"enterprise_id": "91350100M000100Y44"}, {"enterprise_id": EXAMPLE})
    assert found.refused == [(2, "not_allowed", "enterprise_id", "91350100M000100Y44")]
    assert [row["enterprise_id"] for row in found.rows] == [EXAMPLE]
