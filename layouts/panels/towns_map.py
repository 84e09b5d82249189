"""The map of the four colours, the hero of its screen: a click on a town chooses it, a second one lets it go."""

import math
from typing import Any, NamedTuple

from dash import html

from cockpit.boundaries import Boundaries
from cockpit.judging.funnel import sir_interval
from cockpit.panel import Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.page import TOWN_MAP
from layouts.parts.frame import chart, frame
from layouts.parts.map_labels import arranged
from layouts.parts.refused import refused_mark
from layouts.parts.small_cells import few
from layouts.parts.town_rows import (
    NEWEST,
    NONE_JUDGED,
    PART_NAMES,
    STANDING,
    TOLD,
    Town,
    colour_name,
    day_text,
    days_in,
    is_stale,
    mark_of,
    short_name,
    towns_of,
)
from layouts.parts.town_state import colour_key, town_banner
from layouts.theme import BACKGROUND, PANEL, TEXT, UNCOLOURED_MARK, Mark, figure

TITLE = Text("区域四色图", "Four colours of the towns")
CLICK = Text("点击镇街查看", "click a town")
ON_TOUCH = {
    "cases": Text("案件 {} · 期望 {} · 人年 {}", "cases {} · expected {} · person-years {}"),
    "ratio": Text("标化比 {} ({}–{})", "O/E {} ({}–{})"),
    "since": Text("已 {} 天 · 下次评估 {}", "for {} days · next {}"),
    "score": Text("得分 {}", "score {}"),
}
EDGE_PX, CHOSEN_EDGE_PX, NAME_PX = 2, 5, {"zh": 20, "en": 16}
PATTERN_PX, SOLIDITY = 14, {".": 0.07}
"""Lines and dots thin enough for letters to be read on them."""

HALO_PX, SMALLEST_PX = 4, (676, 350)
"""Names stand in a halo of their town's colour, over edges and the sea too; they are arranged for the smallest map there is."""


class Lettering(NamedTuple):
    """How large names are, and the smallest place (px) that the map gets: names are arranged for it."""

    name_px: int
    smallest_px: tuple[int, int]


def town_map(values: Values, language: Language) -> list[Any]:
    """Draw the towns by colour, letter and pattern; what the city counts and does not judge is named below."""
    towns, outline = towns_of(values), values.boundaries
    title = TITLE(language)
    if outline is None or not towns:
        why = words.NO_MAP if outline is None else NONE_JUDGED
        return frame(title, "", html.Div(why(language), className="nothing"))
    note = [f"{CLICK(language)} ", refused_mark(language, values.readings[TOLD][0])]
    figured = map_figure(values, towns, outline, language)
    picture = chart(figured, summary(values, towns, language), key=TOWN_MAP, event=colours_told(towns))
    return frame(title, note, town_banner(values, towns, language), picture, below(values, language))


def summary(values: Values, towns: list[Town], language: Language) -> str:
    """Return the map in one sentence for those who cannot see it."""
    told = [f"{short_name(values, town.code, language)} {colour_name(town, language)}" for town in towns]
    return f"{TITLE(language)}: {words.listed(told, language)}"


def colours_told(towns: list[Town]) -> str:
    """Return the towns with their colours: when it is another text, a town changed its colour."""
    return ",".join(f"{town.code}{mark_of(town, stale=False).letter}" for town in sorted(towns, key=lambda town: town.code))


def below(values: Values, language: Language) -> html.Div:
    """Return the key of colours, how old it all is where it is, and what the map must not be taken for."""
    notes = [text(language) for text in (values.boundaries_note, values.attribution) if text]
    return html.Div([*colour_key(language), *(f" · {note}" for note in notes)], className="left-out small")


def map_figure(
    values: Values, towns: list[Town], outline: Boundaries, language: Language, lettering: Lettering | None = None
) -> dict[str, Any]:
    """Return the map in plain axes, degrees of longitude shortened as they are at this latitude."""
    stretch = shortened(outline)
    known = {town.code: town for town in towns}
    shapes = [shape(values, code, known.get(code), outline, stretch, language) for code in outline.places]
    chosen = [one for one in shapes if one["meta"] == values.asked.town]
    shapes = [one for one in shapes if one not in chosen] + chosen  # its edge lies over those of its neighbours
    axis = {"visible": False, "fixedrange": True}
    return figure(
        [*shapes, names(values, known, outline, language, lettering or Lettering(NAME_PX[language], SMALLEST_PX))],
        xaxis={**axis, "range": [outline.west * stretch, outline.east * stretch], "constrain": "domain"},
        yaxis={**axis, "range": [outline.south, outline.north], "scaleanchor": "x", "constrain": "domain"},
        margin={"l": 2, "r": 2, "t": 2, "b": 2},
        dragmode=False,
        hovermode="closest",
    )


def shape(  # noqa: PLR0917 a town in its outline, as it lies and as it is told
    values: Values, code: str, town: Town | None, outline: Boundaries, stretch: float, language: Language
) -> dict[str, Any]:
    """Return one town's outline, filled by colour and pattern; `meta` says which it is when it is clicked."""
    mark = UNCOLOURED_MARK if town is None else mark_of(town, stale=is_stale(values))
    is_chosen = values.asked.town == code
    x = [x for ring in outline.rings[code] for x in (*(point[0] * stretch for point in ring), None)]
    y = [y for ring in outline.rings[code] for y in (*(point[1] for point in ring), None)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x[:-1],
        "y": y[:-1],
        "meta": code,
        "fill": "toself",
        "hoveron": "fills",
        "hoverinfo": "text",
        "text": on_touch(values, code, town, language),
        "line": {"color": TEXT if is_chosen else PANEL, "width": CHOSEN_EDGE_PX if is_chosen else EDGE_PX},
        **filled(mark),
    }


def filled(mark: Mark) -> dict[str, Any]:
    """Return the fill of a mark: its colour, and its pattern in a darker one so that letters on it can be read."""
    pattern = {
        "shape": mark.pattern,
        "bgcolor": mark.fill,
        "fgcolor": BACKGROUND,
        "fgopacity": 0.45,
        "size": PATTERN_PX,
        "solidity": SOLIDITY.get(mark.pattern, 0.16),
    }
    return {"fillcolor": mark.fill, **({"fillpattern": pattern} if mark.pattern else {})}


def on_touch(values: Values, code: str, town: Town | None, language: Language) -> str:
    """Return what is told of a town that is pointed at: O, person-years, ratio, parts, days in the colour, next evaluation."""
    name = f"<b>{values.label('town', code)(language)}</b>"
    if town is None:
        return name
    lines = [f"{name} {colour_name(town, language)}"]
    if town.is_scored:
        lines += [*counted(town, language), parts(town, language)]
    days, next_on = days_in(values, town), town.standing["next_on"]
    if days is not None:
        lines.append(ON_TOUCH["since"](language).format(days, day_text(next_on)))
    return "<br>".join(lines)


def counted(town: Town, language: Language) -> list[str]:
    """Return a town's cases, what was expected, and the ratio with its interval; small cells are not told."""
    week = town.week
    if town.is_small:
        return [
            ON_TOUCH["cases"](language).format(few(town.least), f"{week['expected_count']:.1f}", f"{week['person_years']:,.0f}")
        ]
    low, high = sir_interval([week["observed_count"]], [week["expected_count"]])
    cases = (f"{week['observed_count']:,.0f}", f"{week['expected_count']:,.1f}", f"{week['person_years']:,.0f}")
    ratio = (f"{week['sir']:.2f}", f"{low[0]:.2f}", f"{high[0]:.2f}")
    return [ON_TOUCH["cases"](language).format(*cases), ON_TOUCH["ratio"](language).format(*ratio)]


def parts(town: Town, language: Language) -> str:
    """Return a town's score, and its five parts where they may be told."""
    score = ON_TOUCH["score"](language).format(f"{town.week['score']:.1f}")
    told = " + ".join(f"{name(language)[0]} {town.week[key]:.1f}" for key, name in PART_NAMES.items())
    return f"{score} = {told}" if town.has_parts else score


def names(
    values: Values, known: dict[str, Town], outline: Boundaries, language: Language, lettering: Lettering
) -> dict[str, Any]:
    """Return each town's letter and short name, in an ink that is read on its colour."""
    stretch = shortened(outline)
    marks = {
        code: mark_of(known[code], stale=is_stale(values)) if code in known else UNCOLOURED_MARK for code in outline.places
    }
    texts = {code: (mark.letter, short_name(values, code, language)) for code, mark in marks.items()}
    scale = px_per_degree(outline, stretch, lettering.smallest_px)
    places = {code: (scale * stretch * lon, scale * lat) for code, (lon, lat) in outline.places.items()}
    boxes = arranged(places, texts, lettering.name_px)
    return {
        "type": "scatter",
        "mode": "text",
        "x": [boxes[code].x / scale for code in marks],
        "y": [boxes[code].y / scale for code in marks],
        "text": [label(*texts[code], is_stacked=boxes[code].is_stacked) for code in marks],
        "textfont": {
            "size": lettering.name_px,
            "color": [mark.ink for mark in marks.values()],
            "shadow": [", ".join([f"0 0 {HALO_PX}px {mark.fill}"] * 3) for mark in marks.values()],
        },
        "hoverinfo": "skip",
        "meta": "",
    }


def shortened(outline: Boundaries) -> float:
    """Return what part of a degree of latitude one of longitude is here."""
    return math.cos(math.radians((outline.south + outline.north) / 2))


def px_per_degree(outline: Boundaries, stretch: float, smallest_px: tuple[int, int] = SMALLEST_PX) -> float:
    """Return how many px of the stage a degree of latitude has at least."""
    wide, high = smallest_px
    return min(wide / ((outline.east - outline.west) * stretch), high / (outline.north - outline.south))


def label(letter: str, name: str, *, is_stacked: bool) -> str:
    """Return letter and name of a town, above each other or side by side."""
    return f"<b>{letter}</b>{'<br>' if is_stacked else ' '}{name}" if letter else name


MAP = Panel(key="towns_map", title=TITLE, draw=town_map, needs=(TOLD,), latest=(STANDING, NEWEST))
