"""The ways from an office page to all others, at the same moment and display level."""

from callbacks.asked import level_of
from callbacks.visit import Visit
from cockpit.panel import Asked
from layouts.office import number_words as words
from layouts.office.head import Way
from layouts.office.overview import ADDRESS, SCREEN
from layouts.parts.address import query


def ways(visit: Visit) -> list[Way]:
    """Return addresses and titles: the screens, the dictionary, the overview for the phone, the data."""
    asked = Asked(at=visit.said("at"), level=level_of(visit.said("level") or ""))
    told = query(asked, visit.language)
    screens = [(f"/screen/{key}?{told}", one.title(visit.language)) for key, one in visit.board.screens.items()]
    return [
        *screens,
        (f"/dictionary?{told}", words.DICTIONARY(visit.language)),
        *([(f"{ADDRESS}?{told}", words.OVERVIEW(visit.language))] if SCREEN in visit.board.screens else []),
        (f"/data?{told}", words.DATA(visit.language)),
    ]
