"""Outlines of towns: where they lie, and what a map would draw wrongly."""

import json

import pytest

from cockpit.boundaries import read_boundaries
from cockpit.errors import SiteError

CLOCKWISE = [[0, 0], [0, 2], [2, 2], [2, 0], [0, 0]]


def written(folder, *rings, code="A", kind="Polygon"):
    coordinates = [rings[0]] if kind == "Polygon" else [[ring] for ring in rings]
    feature = {"type": "Feature", "properties": {"code": code}, "geometry": {"type": kind, "coordinates": coordinates}}
    path = folder / "towns.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def test_the_box_holds_all_towns_and_a_name_stands_in_the_middle(tmp_path):
    found = read_boundaries(written(tmp_path, CLOCKWISE))
    assert (found.west, found.east, found.south, found.north) == (0, 2, 0, 2)
    assert found.places == {"A": (1, 1)}


def test_the_name_of_a_town_with_islands_stands_on_its_largest_part(tmp_path):
    island = [[9, 9], [9, 9.5], [9.5, 9.5], [9.5, 9], [9, 9]]
    assert read_boundaries(written(tmp_path, island, CLOCKWISE, kind="MultiPolygon")).places["A"] == (1, 1)


def test_a_ring_that_would_draw_everything_but_the_town_is_refused_by_name(tmp_path):
    with pytest.raises(SiteError, match="outer ring of A runs counter-clockwise"):
        read_boundaries(written(tmp_path, CLOCKWISE[::-1]))


@pytest.mark.parametrize("text", ["", "{}", '{"features": [{"properties": {}}]}'])
def test_what_is_no_map_is_one_clear_error(tmp_path, text):
    path = tmp_path / "towns.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SiteError, match=r"towns\.geojson is no GeoJSON of towns"):
        read_boundaries(path)


def test_a_town_is_an_area(tmp_path):
    with pytest.raises(SiteError, match="not a Point"):
        read_boundaries(point(tmp_path))


def point(folder):
    feature = {"type": "Feature", "properties": {"code": "A"}, "geometry": {"type": "Point", "coordinates": [0, 0]}}
    path = folder / "towns.geojson"
    path.write_text(json.dumps({"features": [feature]}), encoding="utf-8")
    return path
