"""What is sent as text is the same as what it was made of, and nothing in it can be taken for markup."""

from html.parser import HTMLParser

import pytest
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st

from layouts.parts.still import markup, still
from layouts.parts.tables import grid


class Read(HTMLParser):
    """What a browser would read: the tags with their attributes, and the text."""

    def __init__(self, said):
        super().__init__(convert_charrefs=True)
        self.tags, self.text = [], ""
        self.feed(said)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_whatever_a_cell_says_is_text_and_no_markup(said):
    read = Read(markup(html.Td(html.B(said), title=said)))
    assert [tag for tag, _ in read.tags] == ["td", "b"]
    assert read.text == said
    assert read.tags[0][1].get("title", "") == said


def test_attributes_have_the_names_that_html_gives_them():
    read = Read(markup(html.Th("x", className="number", colSpan=2, **{"data-key": "a", "aria-label": "b"})))
    assert read.tags == [("th", {"class": "number", "colspan": "2", "data-key": "a", "aria-label": "b"})]


def test_zero_is_said_and_nothing_is_not():
    assert markup([0, None, [1.5, ""]]) == "01.5"


def test_what_is_no_element_of_html_or_has_a_style_is_refused():
    with pytest.raises(TypeError, match="Graph"):
        markup(dcc.Graph())
    with pytest.raises(TypeError, match="class"):
        markup(html.Div(style={"color": "red"}))


def test_a_table_is_one_element_with_all_its_cells():
    box = grid(["a", "b"], [[1, html.A("two", href="/x?a=1&b=2")]], numbers=(0,))
    assert box.children is None
    read = Read(box.to_plotly_json()["props"]["data-html"])
    assert [tag for tag, _ in read.tags] == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td", "a"]
    assert read.tags[-1][1] == {"href": "/x?a=1&b=2"}
    assert still("x").to_plotly_json()["props"]["data-html"] == "x"
