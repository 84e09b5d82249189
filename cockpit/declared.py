"""What every part of a `site.toml` is made of: strict tables, and words in both languages."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from cockpit.text import Text


def as_text(value: Any) -> Text:
    """Read `{ zh = "…", en = "…" }`, or one string for both languages."""
    if isinstance(value, str):
        return Text(value, value)
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        return Text(str(value["zh"]), str(value["en"]))
    raise ValueError('write one string, or { zh = "…", en = "…" }')


Words = Annotated[Text, BeforeValidator(as_text)]


class Strict(BaseModel):
    """A part of `site.toml`: frozen, and a key nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
