"""About how wide a text is drawn, which the server must know where something can only be left out whole."""

from unicodedata import east_asian_width

LATIN, WIDE = 0.55, 1.0
"""How wide a letter is in heights of the type: a Latin one, and a Chinese one."""


def width(text: str) -> float:
    """Return about how wide a text is, in heights of its type."""
    return sum(WIDE if east_asian_width(letter) in "WFA" else LATIN for letter in text)
