"""What the documents say of commands is so, and no command goes without a word."""

import re
from pathlib import Path

import click
import pytest
import typer

from cockpit.cli import app

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))}
CALLED = re.compile(r"(?:^    |`|/bin/|&& )cockpit ([^\n`#']*)", re.MULTILINE)


def commands(group, above=()):
    """Return every command with the words that call it."""
    found = {}
    for name, command in group.commands.items():
        is_group = isinstance(command, click.Group) or hasattr(command, "commands")
        found |= commands(command, (*above, name)) if is_group else {(*above, name): command}
    return found


COMMANDS = commands(typer.main.get_command(app))


def spoken_of(text):
    """Return each command that a text calls, with the options it gives; several stand on one line two blanks apart."""
    for called in CALLED.findall(text):
        for piece in re.split(r" && (?:/opt/cockpit/bin/)?cockpit |\s{2,}cockpit ", called):
            words = re.sub(r"[\[\]|]", " ", piece).split()
            path = next((p for n in (3, 2, 1) if (p := tuple(words[:n])) in COMMANDS), None)
            yield piece, path, [word for word in words if word.startswith("--")]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_and_option_in_a_document_exists(document):
    for piece, path, options in spoken_of(DOCUMENTS[document]):
        assert path is not None, f"{document}: `cockpit {piece}` is no command"
        known = {option for parameter in COMMANDS[path].params for option in parameter.opts}
        assert set(options) <= known, f"{document}: `cockpit {piece}` has options that do not exist"


def test_every_command_is_spoken_of():
    told = {path for text in DOCUMENTS.values() for _, path, _ in spoken_of(text)}
    assert set(COMMANDS) - told == set()


def test_the_page_on_operation_speaks_of_its_commands():
    told = {path[0] for _, path, _ in spoken_of(DOCUMENTS["operation.md"])}
    assert {"init", "serve", "doctor", "backup", "restore", "compact"} <= told
