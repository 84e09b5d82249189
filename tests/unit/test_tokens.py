"""The style sheet and the pictures use the same colours, and every colour is readable where it stands."""

import re
from pathlib import Path

import pytest

from layouts import theme

ASSETS = Path(theme.__file__).parent.parent / "assets"
TOKENS = (ASSETS / "tokens.css").read_text(encoding="utf-8")
AA, AA_LARGE = 4.5, 3.0
PAIRS = {
    "background": theme.BACKGROUND,
    "panel": theme.PANEL,
    "line": theme.LINE,
    "text": theme.TEXT,
    "soft": theme.TEXT_SOFT,
    "data": theme.DATA,
    "strong": theme.DATA_STRONG,
    "red": theme.RED,
    "orange": theme.ORANGE,
    "yellow": theme.YELLOW,
    "green": theme.GREEN,
    "silent": theme.SILENT,
}


def palettes():
    """Return the variables of each block that names colours: dark, light, paper."""
    blocks = re.findall(r":root[^{]*\{([^{}]*--text:[^{}]*)\}", TOKENS)
    return [dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", block)) for block in blocks]


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_a_picture_and_the_style_sheet_mean_the_same_colour():
    dark = palettes()[0]
    assert {name: dark[name] for name in PAIRS} == {name: colour.lower() for name, colour in PAIRS.items()}


@pytest.mark.parametrize("palette", palettes(), ids=["dark", "light", "paper"])
@pytest.mark.parametrize("ground", ["background", "panel", "track"])
def test_letters_are_read_on_every_ground(palette, ground):
    assert min(contrast(palette[name], palette[ground]) for name in ("text", "soft")) >= AA


@pytest.mark.parametrize("palette", palettes(), ids=["dark", "light", "paper"])
def test_signs_of_a_state_stand_out_from_their_ground(palette):
    assert min(contrast(palette[name], palette["panel"]) for name in ("red", "orange", "yellow", "green", "strong")) >= AA_LARGE


FILLS = dict(re.findall(r"--((?:fill-[a-z]+)|deep|ink): (#[0-9a-f]{6})", TOKENS))


def test_letters_are_read_on_every_fill():
    dark = ("fill-red", "fill-silent", "fill-none", "deep")
    light = ("fill-orange", "fill-yellow", "fill-green")
    assert min(contrast(FILLS[name], FILLS["fill-text"]) for name in dark) >= AA
    assert min(contrast(FILLS[name], FILLS["ink"]) for name in light) >= AA


def test_three_palettes_name_the_same_colours():
    dark, light, paper = palettes()
    assert set(light) <= set(dark)
    assert set(light) == set(paper)


def test_no_other_style_sheet_brings_a_status_colour_of_its_own():
    own = {PAIRS[name].lower() for name in ("red", "orange", "yellow", "green")} | {theme.RED_FILL.lower()}
    for sheet in ASSETS.glob("*.css"):
        if sheet.name != "tokens.css":
            assert not own & set(re.findall(r"#[0-9a-f]{6}", sheet.read_text(encoding="utf-8").lower())), sheet.name
