"""Text in the two languages of the interface, Chinese (default) and English."""

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Text(NamedTuple):
    """One piece of interface text; `text("zh")` picks a language."""

    zh: str
    en: str

    def __call__(self, language: Language) -> str:
        """Return the text in one language."""
        return self.zh if language == "zh" else self.en
