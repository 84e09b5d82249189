"""The outlines of a city's towns: a GeoJSON file of the site, drawn by the browser."""

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from cockpit.errors import SiteError

Ring = list[list[float]]


@dataclass(frozen=True)
class Boundaries:
    """Where the towns lie, in degrees of WGS 84: the box around all, and a place for each town's name.

    `text` is the file as it stands, which the browser fetches once; `rings` are the outer rings of each town's parts.
    """

    text: str
    west: float
    east: float
    south: float
    north: float
    places: dict[str, tuple[float, float]]
    rings: dict[str, list[Ring]]


def read_boundaries(path: Path) -> Boundaries:
    """Read a GeoJSON file whose features carry a town's `code`.

    Raises: SiteError when it is none, a code is missing or an outer ring runs counter-clockwise, which
    the map would draw as everything but the town.
    """
    try:
        text = path.read_text(encoding="utf-8")
        features = json.loads(text)["features"]
        rings = {str(feature["properties"]["code"]): outer_rings(feature["geometry"]) for feature in features}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SiteError(f"{path} is no GeoJSON of towns with a code each: {error!r}") from error
    for code, some in rings.items():
        if any(signed_area(ring) > 0 for ring in some):
            raise SiteError(f"{path}: an outer ring of {code} runs counter-clockwise; maps here want it clockwise")
    points = [point for some in rings.values() for ring in some for point in ring]
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    places = {code: centroid(max(some, key=lambda ring: -signed_area(ring))) for code, some in rings.items()}
    return Boundaries(text, min(lons), max(lons), min(lats), max(lats), places, rings)


def outer_rings(geometry: dict[str, Any]) -> list[Ring]:
    """Return the outer ring of each part of a polygon."""
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"][0]]
    if geometry["type"] == "MultiPolygon":
        return [part[0] for part in geometry["coordinates"]]
    raise ValueError(f"a town is a Polygon or a MultiPolygon, not a {geometry['type']}")


def signed_area(ring: Ring) -> float:
    """Return twice the area of a ring in square degrees, negative when it runs clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def centroid(ring: Ring) -> tuple[float, float]:
    """Return the centre of gravity of a ring."""
    cross = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(ring)]
    whole = 3 * signed_area(ring)
    return sum((a[0] + b[0]) * c for a, b, c in cross) / whole, sum((a[1] + b[1]) * c for a, b, c in cross) / whole
