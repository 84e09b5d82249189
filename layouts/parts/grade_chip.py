"""A grade as every screen writes it: its word and letter on its colour, with a pattern, so that no colour stands alone."""

from typing import Any

from dash import html

from cockpit.code_names import COLOURS
from cockpit.numbers import NOTHING
from cockpit.text import Language
from layouts.theme import COLOUR_MARK

LETTERS = {grade: mark.letter for grade, mark in COLOUR_MARK.items()}
"""The letter of each grade, the gravest first (domain specification, section 3.6)."""


def grade_text(grade: str, language: Language) -> str:
    """Return a grade's word and letter; the letter is the English word's first."""
    return f"{grade}{LETTERS[grade]}" if language == "zh" else LETTERS[grade]


def grade_chip(grade: str | None, language: Language) -> Any:
    """Return the chip of a grade, a dash where there is none."""
    if grade is None:
        return NOTHING
    told = COLOURS[grade](language)
    return html.Span(grade_text(grade, language), className=f"grade-chip chip-{LETTERS[grade]}", title=told)
