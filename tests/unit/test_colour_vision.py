"""Colours of towns for every kind of sight: far enough apart, and told by letter and pattern where they are grey.

Sources: Machado, Oliveira, Fernandes 2009, A Physiologically-based Model for Simulation of Color Vision Deficiency, IEEE TVCG,
severity 1.0, applied to linear sRGB; ΔE*ab of CIE 1976 under D65; IEC 61966-2-1 for sRGB.
"""

import re
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest

from cockpit.app import ASSETS
from layouts.theme import COLOUR_MARK, SILENT_MARK, UNCOLOURED_MARK

Numbers = npt.NDArray[np.float64]

SIGHTS = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
TO_XYZ = np.array([(0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041)])
WHITE = np.array([0.95047, 1.0, 1.08883])
LEAST = 20.0
MARKS = {**COLOUR_MARK, "silent": SILENT_MARK, "uncoloured": UNCOLOURED_MARK}


def linear(colour: str) -> Numbers:
    """Return a colour written as #rrggbb in linear light, 0 to 1."""
    told = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(told <= 0.04045, told / 12.92, ((told + 0.055) / 1.055) ** 2.4)


def lab(light: Numbers) -> Numbers:
    """Return linear sRGB as CIE L*a*b*."""
    part = TO_XYZ @ np.clip(light, 0.0, 1.0) / WHITE
    bent = np.where(part > 216 / 24_389, np.cbrt(part), (24_389 / 27 * part + 16) / 116)
    return np.array([116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2])])


def distance(sight: str, one: str, other: str) -> float:
    """Return how far apart two colours look, in ΔE76."""
    seen = [lab(np.array(SIGHTS[sight]) @ linear(colour)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def test_the_measure_knows_how_far_black_is_from_white_and_that_red_and_green_are_alike_to_some() -> None:
    assert distance("normal", "#000000", "#FFFFFF") == pytest.approx(100, abs=0.1)
    assert distance("deuteranopia", "#B8860B", "#6B8E23") < LEAST < distance("normal", "#B8860B", "#6B8E23")


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_classes_of_the_map_are_20_apart(sight: str) -> None:
    found = {(a, b): distance(sight, MARKS[a].fill, MARKS[b].fill) for a, b in combinations(MARKS, 2)}
    nearest = min(found, key=lambda pair: found[pair])
    assert found[nearest] >= LEAST, f"{nearest} are {found[nearest]:.1f} apart"


def test_in_grey_letter_and_pattern_tell_any_two_classes_apart() -> None:
    for one, other in combinations(MARKS.values(), 2):
        assert one.letter != other.letter
        assert one.pattern != other.pattern


def test_the_chips_have_the_colours_of_the_map() -> None:
    tokens = (ASSETS / "tokens.css").read_text(encoding="utf-8")
    fills = dict(re.findall(r"--fill-([a-z]+): (#[0-9a-f]{6})", tokens))
    named = dict(zip(MARKS, ("red", "orange", "yellow", "green", "silent", "none"), strict=True))
    assert {name: fills[named[name]] for name in MARKS} == {name: mark.fill.lower() for name, mark in MARKS.items()}


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour."""
    return float(TO_XYZ[1] @ linear(colour))


@pytest.mark.parametrize("name", MARKS)
def test_the_ink_of_a_letter_is_read_on_its_colour(name: str) -> None:
    light, dark = sorted((luminance(MARKS[name].fill), luminance(MARKS[name].ink)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3, "large text, WCAG 2.2, 1.4.3"
