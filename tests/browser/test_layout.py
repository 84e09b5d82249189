"""The script that looks for faults of layout finds each of them, and none where there is none."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.layout import drawn

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 960, 540
PAGE = """<!DOCTYPE html><style>
* {{ box-sizing: border-box; }} html, body {{ margin: 0; height: 100%; overflow: hidden; font: 20px/1.3 sans-serif; }}
.screen {{ position: fixed; inset: 0; }}
.stage {{ position: absolute; width: 1920px; height: 1080px; transform-origin: 0 0; transform: scale(.5); }}
.panel {{ position: absolute; left: 40px; top: 40px; width: 600px; height: 300px; padding: 10px; overflow: hidden; }}
.box {{ position: absolute; left: 20px; top: 60px; width: 200px; height: 40px; white-space: nowrap; }}
</style><div class="screen"><div class="stage"><section class="panel panel-box area-one">Cases 12{}</section></div></div>"""

SVG = '<svg style="position:absolute;left:20px;top:100px" width="300" height="150">{}</svg>'
CLIP = '<clipPath id="c"><rect width="80" height="90"/></clipPath>'
TURNED = '<text transform="translate({},120) rotate(-45)">{}</text>'
GRAPH = '<div class="dash-graph"><div class="js-plotly-plot" style="width:300px;height:100px">{}</div></div>'
LONG = "ninety-nine towns and villages of one county"
PICTURE = '<svg class="main-svg" width="300" height="100"><g class="cartesianlayer"><g class="mlayer">{}</g></g></svg>'

FAULTY = {
    "cut at the end of its box": ("cut", f'<div class="box" style="overflow:hidden">{LONG}</div>'),
    "cut with three dots": ("cut", f'<div class="box" style="overflow:hidden;text-overflow:ellipsis">{LONG}</div>'),
    "cut before its beginning": ("cut", '<div class="box" style="overflow:hidden;text-indent:-30px">123 cases</div>'),
    "cut at the foot": ("cut", '<div class="box" style="overflow:hidden;height:14px">12 cases</div>'),
    "cut by a picture's edge": ("cut", SVG.format('<text x="260" y="40" font-size="20">Daxi 17.2</text>')),
    "cut by a clip path": ("cut", SVG.format(CLIP + '<text clip-path="url(#c)" x="20" y="40">Wenqiao 9</text>')),
    "a text over another": ("overlap", '<div class="box">12 cases</div><div class="box" style="left:60px">of 30</div>'),
    "labels of an axis in each other": (
        "overlap",
        SVG.format('<text x="9" y="40">12.05</text><text x="40" y="42">12.12</text>'),
    ),
    "turned labels in each other": ("overlap", SVG.format(TURNED.format(20, "Monday") + TURNED.format(26, "Tuesday"))),
    "a text under a box": ("covered", '<div class="box">12 cases</div><div class="box" style="background:#123">&nbsp;</div>'),
    "something that scrolls": ("scrolls", f'<div class="box" style="overflow:auto">{LONG}</div>'),
    "something that leaves its panel": ("outside", '<div class="box" style="left:570px">12 cases</div>'),
    "something that leaves the screen": (
        "outside",
        '<div class="box" style="position:fixed;left:1850px;top:9px">12 cases</div>',
    ),
    "small letters": ("small", '<div class="box" style="font-size:15px">12 cases</div>'),
    "small letters in a picture": ("small", SVG.format('<text x="9" y="40" font-size="15">12.05</text>')),
    "letters of a shrunk picture": ("small", SVG.format('<g transform="scale(.7)"><text x="9" y="40">12.05</text></g>')),
    "a picture without a mark": ("undrawn", GRAPH.format(PICTURE.format(""))),
    "a table without a row": ("undrawn", "<table><thead><tr><th>Town</th></tr></thead><tbody></tbody></table>"),
    "a panel that tells nothing, though the city does": ("empty", '<div class="nothing">not known</div>'),
    "a picture of another size than its place": (
        "unsettled",
        GRAPH.format(PICTURE.format('<path d="M0 0L9 9"/>')) + "<script>document.querySelector('.js-plotly-plot')._fullLayout="
        "{width: 450, height: 100}</script>",
    ),
}
"""What each is called, the fault that it is, and the content of a panel that has it."""

SOUND = {
    "a text that fits": '<div class="box" style="overflow:hidden">12 cases</div>',
    "texts beside each other": '<div class="box">12 cases</div><div class="box" style="left:200px">of 30</div>',
    "lines that stand close": '<div class="box" style="white-space:normal;line-height:20px">a b<br>c d</div>',
    "labels of an axis beside each other": SVG.format('<text x="9" y="40">12.05</text><text x="80" y="40">12.12</text>'),
    "turned labels beside each other": SVG.format(TURNED.format(20, "Monday") + TURNED.format(70, "Tuesday")),
    "a decoration behind a text": '<div class="box">12 cases</div><div class="box" data-decoration>◆◆</div>',
    "what is not shown": f'<div class="box" style="opacity:0;overflow:hidden;font-size:9px">{LONG}</div>',
    "a line of text over a bar": '<div class="box" style="background:#123"></div><div class="box">12 cases</div>',
    "a picture with a mark": GRAPH.format(PICTURE.format('<path d="M0 0L9 9"/>'))
    + "<script>document.querySelector('.js-plotly-plot')._fullLayout={width: 300, height: 100}</script>",
    "a table with a row": "<table><tbody><tr><td>Daxi 12</td></tr></tbody></table>",
}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    return browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})


def kinds(page: Page, content: str, change: str = "") -> set[str]:
    page.set_content(re.sub(*change.split("→"), PAGE.format(content)) if change else PAGE.format(content))
    return {fault.split(":")[0] for fault in drawn(page, is_full=True, within_s=0.5).faults}


@pytest.mark.parametrize("name", FAULTY)
def test_each_fault_is_found(page: Page, name: str) -> None:
    kind, content = FAULTY[name]
    assert kind in kinds(page, content)


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_is_left_alone(page: Page, name: str) -> None:
    assert kinds(page, SOUND[name]) == set()


@pytest.mark.parametrize(
    ("kind", "change"),
    [("distorted", r"scale\(.5\)→scale(.5, .4)"), ("scaled", r"scale\(.5\)→scale(.4)"), ("undrawn", "Cases 12→")],
)
def test_a_distorted_or_lost_stage_and_a_blank_panel_are_found(page: Page, kind: str, change: str) -> None:
    assert kind in kinds(page, "", change)


def test_the_marks_of_each_panel_are_counted(page: Page) -> None:
    page.set_content(PAGE.format(SOUND["a table with a row"]))
    assert drawn(page).marks == {"area-one": 3}  # a row, and two texts with a number
