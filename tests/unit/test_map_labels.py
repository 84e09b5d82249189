"""Letters and names on a map: none lies on another, and none moves that need not."""

import csv
from itertools import combinations

import pytest

from cockpit.site import SHIPPED, load_site
from cockpit.text import LANGUAGES, Language
from layouts.panels.towns_map import NAME_PX, px_per_degree
from layouts.parts.map_labels import Box, arranged

NAMES = {"a": ("G", "大溪"), "b": ("O", "太平"), "c": ("Y", "温峤")}


def overlapping(boxes: dict[str, Box]) -> list[tuple[str, str]]:
    """Return which labels lie on each other."""
    return [(a, b) for a, b in combinations(boxes, 2) if boxes[a].touches(boxes[b])]


def test_a_label_alone_stands_at_its_place_its_letter_above_its_name() -> None:
    found = arranged({"a": (0, 0), "b": (400, 0)}, NAMES, 20)
    assert [(box.x, box.y, box.is_stacked) for box in found.values()] == [(0, 0, True), (400, 0, True)]


def test_only_labels_that_would_lie_on_another_move() -> None:
    found = arranged({"a": (0, 0), "b": (5, 30), "c": (400, 0)}, NAMES, 20)
    assert overlapping(found) == []
    assert (found["c"].x, found["c"].y, found["c"].is_stacked) == (400, 0, True)
    assert [found["a"], found["b"]] != [Box(0, 0, 40, 50, is_stacked=True), Box(5, 30, 40, 50, is_stacked=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_of_the_reference_city_find_room_on_the_smallest_map(language: Language) -> None:
    site = load_site("wenling")
    outline = site.outline
    assert outline is not None
    stretch = 0.88
    scale = px_per_degree(outline, stretch)
    places = {code: (scale * stretch * lon, scale * lat) for code, (lon, lat) in outline.places.items()}
    with (SHIPPED / "wenling" / "towns.csv").open(encoding="utf-8") as listed:
        names = {row["code"]: row["short_zh" if language == "zh" else "name_en"] for row in csv.DictReader(listed)}
    texts = {code: ("R", names[code]) for code in places}
    assert overlapping(arranged(places, texts, NAME_PX[language])) == []
