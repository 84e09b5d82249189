"""What the documents tell a newcomer is what the code does."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_pieces_of_the_page_on_adding_a_city_are_the_finished_site():
    text = (ROOT / "docs" / "add-a-city.md").read_text(encoding="utf-8")
    pieces = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    finished = (ROOT / "tests" / "sites" / "san_francisco" / "site.toml").read_text(encoding="utf-8")
    assert tomllib.loads("\n".join(pieces)) == tomllib.loads(finished)


def test_the_readme_is_short_enough_to_be_read():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150
