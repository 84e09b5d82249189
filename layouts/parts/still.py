"""What does not change by itself, sent as text: the browser holds no component for each of its elements.

Dash keeps every element of a page as a component of its own, which costs it milliseconds each: a table of 200 rows took the
browser 30 s. As one text it is there at once. `assets/still.js` puts the text in its place, and again when it changes.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

from dash import html
from dash.development.base_component import Component

ATTRIBUTES = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex", "colSpan": "colspan", "rowSpan": "rowspan"}
"""Attributes that have another name in HTML than in Dash."""


def still(*parts: Any, **attributes: Any) -> html.Div:
    """Return some components as the text of one."""
    return html.Div(**{"data-html": "".join(markup(part) for part in parts), **attributes})


def markup(part: Any) -> str:
    """Return a component, its children and theirs, as HTML; whatever is text stays text."""
    if part is None:
        return ""
    if isinstance(part, list | tuple):
        return "".join(markup(one) for one in part)
    if not isinstance(part, Component):
        return escape(str(part), quote=False)
    told = part.to_plotly_json()
    if told["namespace"] != "dash_html_components":
        raise TypeError(f"{told['type']} is no element of HTML: it cannot be sent as text")
    name, props = told["type"].lower(), told["props"]
    return f"<{name}{''.join(attributes(props))}>{markup(props.get('children'))}</{name}>"


def attributes(props: dict[str, Any]) -> Iterator[str]:
    """Yield what stands in an element's tag besides its name. Raises: TypeError for a style, which css should say."""
    for name, value in props.items():
        if name == "children" or value is None or value == "" or value is False:
            continue
        if isinstance(value, dict):
            raise TypeError(f"{name} is no text: {value}; give the element a class")
        yield f' {ATTRIBUTES.get(name, name)}="{escape(str(value))}"'
