"""Response by town: the map, and the towns ranked beside it; a town is never told by its colour alone."""

from typing import Any

from dash import html

from cockpit.boundaries import Boundaries
from cockpit.metric import Reading
from cockpit.numbers import NOTHING
from cockpit.panel import Latest, Need, Panel, Values
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.emergency import MONTH, key_to_dots, ranked_dots
from layouts.parts.frame import chart, frame
from layouts.parts.reading import interval_text, n_text, reason_text, value_text, with_unit
from layouts.parts.refused import refused_mark
from layouts.theme import MAP_EMPTY, MAP_RAMP, ORANGE, PANEL, TEXT, figure

ADDRESS = "/boundaries.geojson"
"""Where the browser fetches the outlines of the towns."""

NEWEST = Latest("incident", ("event_at",), 1)
"""At each new incident the map lights up once."""

LEFT_PX = {"zh": 176, "en": 222}
"""Room for the longest name and its n."""

SLOW, SLOW_TEXT = "▲", Text("显著慢于全市", "clearly slower than the city")
"""A town is slow when even the low end of its interval lies above the city's median."""


def by_town(values: Values, key: str) -> list[Reading]:
    """Return the readings of towns that a list names; the unknown town is counted in the city and never ranked."""
    return [r for r in values.parts(key, MONTH, "town") if r.dims["town"] not in (None, UNKNOWN_TOWN)]


def is_slow(town: Reading, city: Reading) -> bool:
    """Whether even the low end of a town's interval lies above the city's median; of sixteen towns one may by chance."""
    return town.low is not None and city.value is not None and town.low > city.value


def response_map(values: Values, language: Language) -> list[Any]:
    """Draw the towns by their median response; each carries its name and number, and a mark when it is slow."""
    title = Text("各镇（街道）反应时间中位数", "Median response by town")(language)
    city, outline = values.one("e6_p50", MONTH), values.boundaries
    readings = {str(r.dims["town"]): r for r in by_town(values, "e6_p50")}
    if outline is None or not readings:
        why = words.NO_MAP(language) if outline is None else reason_text(city, language)
        return frame(title, words.LAST_28D(language), html.Div(why, className="nothing"))
    said = (words.RESPONSE_IS(language), words.LAST_28D(language))
    note = f"{' · '.join(said)} · {words.CITY(language)} {with_unit(city, language)} {n_text(city)}"
    event = ",".join(str(row["event_at"]) for row in values.latest[NEWEST])
    picture = chart(map_figure(values, outline, readings, city, language), f"{title}: {note}", event=event)
    outside = [r for code, r in readings.items() if code not in outline.places]
    others = words.listed([f"{town_name(values, r, language)} {with_unit(r, language)}" for r in outside], language)
    refused = refused_mark(language, city)
    marks = [*([refused, " · "] if refused else []), html.Span(SLOW, className="is-slow"), f" {SLOW_TEXT(language)}"]
    marks += [f" · {words.NOT_ON_MAP(language)}: {others}"] if others else []
    marks += [f" · {text(language)}" for text in (values.boundaries_note, values.attribution) if text]
    return frame(title, note, picture, html.Div(marks, className="left-out small"))


def map_figure(
    values: Values, outline: Boundaries, readings: dict[str, Reading], city: Reading, language: Language
) -> dict[str, Any]:
    """Return the map: outlines without a number first, those with one by colour, then names and numbers."""
    shown = {code: r for code, r in readings.items() if code in outline.places and r.value is not None}
    frame_of_map = {"lonaxis": {"range": [outline.west, outline.east]}, "lataxis": {"range": [outline.south, outline.north]}}
    geo = {"visible": False, "bgcolor": "rgba(0,0,0,0)", "projection": {"type": "mercator"}, **frame_of_map}
    blank = shape([code for code in outline.places if code not in shown], None)
    drawn = shape(list(shown), [r.value for r in shown.values()])
    drawn["hovertext"] = [
        f"{values.label('town', code)(language)} {with_unit(r, language)} {interval_text(r, language)} {n_text(r)}"
        for code, r in shown.items()
    ]
    return figure(
        [trace for trace in (blank, drawn) if trace["locations"]] + [names_on_map(values, outline, readings, city, language)],
        geo=geo,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )


def shape(codes: list[str], minutes: list[float | None] | None) -> dict[str, Any]:
    """Return the trace of some towns' outlines, coloured by minutes or left blank."""
    colours = MAP_RAMP if minutes else [MAP_EMPTY, MAP_EMPTY]
    return {
        "type": "choropleth",
        "geojson": ADDRESS,
        "featureidkey": "properties.code",
        "locations": codes,
        "z": minutes or [0] * len(codes),
        "colorscale": [[i / (len(colours) - 1), colour] for i, colour in enumerate(colours)],
        "showscale": False,
        "marker": {"line": {"color": PANEL, "width": 2}},
        "hoverinfo": "text",
    }


def names_on_map(
    values: Values, outline: Boundaries, readings: dict[str, Reading], city: Reading, language: Language
) -> dict[str, Any]:
    """Return each town's name with its number under it, a dash when it has none."""
    texts = []
    for code in outline.places:
        reading = readings.get(code)
        number = NOTHING if reading is None else value_text(reading, language)
        mark = f"<span style='color:{ORANGE}'>{SLOW}</span>" if reading is not None and is_slow(reading, city) else ""
        texts.append(f"{short_name(values, code, language)}<br><b>{number}</b>{mark}")
    return {
        "type": "scattergeo",
        "mode": "text",
        "lon": [place[0] for place in outline.places.values()],
        "lat": [place[1] for place in outline.places.values()],
        "text": texts,
        "textfont": {"size": 18 if language == "zh" else 16, "color": TEXT},
        "hoverinfo": "skip",
    }


def short_name(values: Values, code: str, language: Language) -> str:
    """Return a town's name without its kind, as it stands on a map."""
    name = values.label("town", code)(language)
    return name.removesuffix("街道").removesuffix("镇") if language == "zh" else name


def town_name(values: Values, reading: Reading, language: Language) -> str:
    """Return the short name of a reading's town."""
    return short_name(values, str(reading.dims["town"]), language)


def towns(values: Values, language: Language) -> list[Any]:
    """Draw towns ranked by median response, each with its interval; the hollow mark is the P90."""
    title = Text("各镇（街道）反应时间排序", "Towns by response")(language)
    medians = [r for r in by_town(values, "e6_p50") if r.dims["town"] not in values.functional]
    tails = {r.dims["town"]: r for r in by_town(values, "e6_p90")}
    ranked = sorted((r for r in medians if r.value is not None), key=lambda r: r.value or 0, reverse=True)
    if not ranked:
        why = reason_text(next(iter(medians), values.one("e6_p50", MONTH)), language)
        return frame(title, words.LAST_28D(language), html.Div(why, className="nothing"))
    names = [town_name(values, r, language) for r in ranked]
    summary = f"{title}: {names[-1]} {with_unit(ranked[-1], language)} … {names[0]} {with_unit(ranked[0], language)}"
    picture = chart(
        ranked_dots(
            ranked, [tails[r.dims["town"]] for r in ranked], names, language, left_px=LEFT_PX[language], tail_intervals=False
        ),
        summary,
    )
    short = [town_name(values, r, language) for r in medians if r.value is None]
    few = f"{words.TOO_FEW_TO_RANK(language)}: {words.listed(short, language)}" if short else ""
    refused = refused_mark(language, *medians)
    below = html.Div([html.Div(key_to_dots(language)), refused, " · " if refused and few else "", few], className="left-out")
    return frame(title, words.LAST_28D(language), picture, below)


BY_TOWN = (Need("e6_p50", MONTH, "town"), Need("e6_p90", MONTH, "town"))
MAP = Panel(
    key="map",
    title=Text("反应时间地图", "Map of response"),
    draw=response_map,
    needs=(Need("e6_p50", MONTH), BY_TOWN[0]),
    latest=(NEWEST,),
)
TOWNS = Panel(key="towns", title=Text("各镇反应时间", "Response by town"), draw=towns, needs=(*BY_TOWN, Need("e6_p50", MONTH)))
