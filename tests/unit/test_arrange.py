"""Things in columns keep their room, lines run through every column between, and a tangle that can be undone is undone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts.office.arrange import NODE_ROOM, arranged, crossings, first_columns, ordered, passage, spread


@st.composite
def graphs(draw):
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=4))
    ranks = {f"{rank}{place}": rank for rank, size in enumerate(sizes) for place in range(size)}
    pairs = [(a, b) for a in ranks for b in ranks if ranks[a] < ranks[b]]
    return ranks, draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12))


@given(graphs())
def test_things_in_a_column_keep_their_room(graph):
    ranks, edges = graph
    heights = arranged(ranks, edges).heights
    assert set(heights) == set(ranks)
    for rank in set(ranks.values()):
        column = sorted(heights[name] for name in ranks if ranks[name] == rank)
        assert all(lower - upper >= NODE_ROOM - 1e-9 for upper, lower in pairwise(column))


@given(graphs())
def test_a_line_has_a_height_in_every_column_from_its_beginning_to_its_end(graph):
    ranks, edges = graph
    places = arranged(ranks, edges)
    for (begin, end), route in places.routes.items():
        assert len(route) == ranks[end] - ranks[begin] + 1
        assert (route[0], route[-1]) == (places.heights[begin], places.heights[end])


@given(graphs())
def test_no_order_is_worse_than_the_one_that_was_given(graph):
    ranks, edges = graph
    chains = {edge: passage(edge, ranks) for edge in edges}
    links = list(dict.fromkeys(link for chain in chains.values() for link in pairwise(chain)))
    given_order = first_columns(ranks, chains)
    found = ordered(given_order, links)
    assert crossings(found, links) <= crossings(given_order, links)
    assert [sorted(column) for column in found] == [sorted(column) for column in given_order]


def test_a_tangle_that_can_be_undone_is_undone():
    ranks = {"a": 0, "b": 0, "c": 0, "x": 1, "y": 1, "z": 1}
    edges = [("a", "z"), ("b", "y"), ("c", "x"), ("a", "y")]
    heights = arranged(ranks, edges).heights
    lines = [(heights[a], heights[b]) for a, b in edges]
    assert not any((a < c and b > d) or (a > c and b < d) for a, b in lines for c, d in lines)


def test_the_same_is_arranged_the_same():
    ranks = {"a": 0, "b": 0, "x": 1, "y": 2}
    edges = [("a", "x"), ("b", "y"), ("x", "y")]
    assert arranged(ranks, edges) == arranged(ranks, edges)


@pytest.mark.parametrize(
    ("wished", "found"),
    [
        ([0.0, 5.0], [0.0, 5.0]),
        ([0.0, 0.0], [-0.5, 0.5]),
        ([3.0, 0.0], [1.0, 2.0]),
        ([0.0, 0.0, 10.0], [-0.5, 0.5, 10.0]),
    ],
)
def test_wishes_that_clash_share_what_there_is(wished, found):
    column = [str(place) for place in range(len(wished))]
    assert spread(wished, column, dict.fromkeys(column, 0)) == pytest.approx(found)
