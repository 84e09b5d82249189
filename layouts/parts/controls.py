"""The controls of a screen: seen only when somebody moves or presses something, since nobody touches a wall."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import dcc, html

from cockpit.disclosure import Level
from cockpit.panel import Asked
from cockpit.text import Language, Text
from layouts.parts.address import query

SCREENS = Text("画面", "Screens")
PLAY = Text("轮播", "Take turns")
FULL_SCREEN = Text("全屏", "Full screen")
REPLAY = Text("回放", "Replay")
VISITORS, STAFF = Text("访客画面", "Public view"), Text("值守画面", "Duty view")
OTHER_LANGUAGE = Text("English", "中文")
DICTIONARY, DATA = Text("指标字典", "Dictionary"), Text("数据", "Data")


def controls(titles: Mapping[str, str], language: Language, asked: Asked, *, here: str) -> html.Nav:
    """Return the ways from a screen to all others, to the other language and level, to replay and to the full screen.

    `here` is the screen that is seen, empty where several take turns.
    """
    said = query(asked, language)
    links = [screen_link(key, title, said, is_here=key == here) for key, title in titles.items()]
    links.append(dcc.Link(PLAY(language), href=f"/wall?{said}", className="control"))
    place = f"/screen/{here}" if here else "/wall"
    buttons = [
        dcc.Link(DICTIONARY(language), href=f"/dictionary?lang={language}", className="control"),
        dcc.Link(DATA(language), href=f"/data?lang={language}", className="control"),
        level_link(place, asked, language),
        language_link(place, asked, language),
        html.Button([html.Kbd("R"), REPLAY(language)], className="control open-replay", type="button"),
        html.Button([html.Kbd("F"), FULL_SCREEN(language)], className="control full-screen", type="button"),
    ]
    return html.Nav(
        [*links, html.Span(className="control-gap"), *buttons], className="controls", **{"aria-label": SCREENS(language)}
    )


def screen_link(key: str, title: str, said: str, *, is_here: bool) -> Any:
    """Return the way to a screen; the one that is seen is marked."""
    return dcc.Link(title, href=f"/screen/{key}?{said}", className="control is-here" if is_here else "control")


def level_link(place: str, asked: Asked, language: Language) -> Any:
    """Return the switch between what visitors may see and what the staff on duty sees."""
    is_public = asked.level is Level.PUBLIC
    other = replace(asked, level=Level.DUTY if is_public else Level.PUBLIC)
    name = (STAFF if is_public else VISITORS)(language)
    return dcc.Link([html.Kbd("V"), name], href=f"{place}?{query(other, language)}", className="control level")


def language_link(place: str, asked: Asked, language: Language) -> Any:
    """Return the way to the other language."""
    other: Language = "en" if language == "zh" else "zh"
    return dcc.Link(OTHER_LANGUAGE(language), href=f"{place}?{query(asked, other)}", className="control")
