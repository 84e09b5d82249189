"""What visitors see: nothing that rests on fewer than ten, and nothing withheld that looks like a zero."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.gathering import drawn_panel
from cockpit.app import screens
from cockpit.disclosure import OF_NO_PERSON, Level, disclosed
from cockpit.evaluate import metric_named
from cockpit.panel import Asked
from cockpit.text import LANGUAGES
from tests.panels_told import panels, reading, strings, values

FALSE_ZERO = re.compile(r"(n=)?0(\.0+)?(%|‰| .*)?")
VISITORS = Asked(level=Level.PUBLIC)
LEAST = 10


def few(panel, every):
    """Return what a panel is given, as visitors may see it, when every part, or every second one, rests on three."""
    said = values(panel, "value")
    small = {
        need: tuple(one if place % every else replace(one, n=3, n_total=3, hit_count=1) for place, one in enumerate(readings))
        for need, readings in said.readings.items()
    }
    shown = {need: disclosed(readings, Level.PUBLIC) for need, readings in small.items()}
    return replace(said, readings=shown, asked=VISITORS, latest={latest: [] for latest in panel.latest})


@panels
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("every", [1, 2])
def test_what_is_withheld_never_looks_like_a_zero(panel, every, language):
    if any(metric_named(need.metric).table in OF_NO_PERSON for need in panel.needs):
        return  # towns and refused rows are counted for visitors too, and there may be none
    drawn = json.loads(drawn_panel(panel, few(panel, every), language).children)
    assert [text for text in strings(drawn) if FALSE_ZERO.fullmatch(text)] == []


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_no_visitor_reads_a_part_of_one_to_nine_nor_can_subtract_one(counts):
    need = next(
        need for screen in screens().values() for p in screen.arrangements[0].panels for need in p.needs if need.by == "town"
    )
    parts = [replace(reading(need, str(place), "value"), n=n, n_total=n, hit_count=n) for place, n in enumerate(counts)]
    shown = disclosed(parts, Level.PUBLIC)
    assert all(one.n == 0 or one.n >= LEAST for one in shown)
    hidden = [n for n, one in zip(counts, shown, strict=True) if n and one.value is None]
    assert len(hidden) != 1 or len([n for n in counts if n]) == 1, "one alone is told by the total"


@panels
def test_staff_on_duty_see_every_reading(panel):
    said = values(panel, "value")
    assert all(disclosed(readings, Level.DUTY) == readings for readings in said.readings.values())


def test_a_share_of_a_few_is_withheld_whatever_it_is_a_share_of():
    need = next(n for s in screens().values() for p in s.arrangements[0].panels for n in p.needs if n.metric == "legal_within")
    told = replace(reading(need, None, "value"), n=400, n_total=400, hit_count=4)
    assert disclosed((told,), Level.PUBLIC)[0].value is None
    assert disclosed((replace(told, hit_count=396),), Level.PUBLIC)[0].value is not None
