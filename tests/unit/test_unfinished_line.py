"""A last line without its end: nobody knows whether its last cell is whole."""

import pytest

from etl.sources.csv import read_text
from tests.unit.test_schedule import CONFIG


def read(tmp_path, content, **said):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    return read_text(path, CONFIG.model_copy(update=said))


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_file_whose_lines_all_end_is_whole(tmp_path, end):
    extract = read(tmp_path, end.join((b"a", b"first", b"last", b"")))
    assert (list(extract.raw["a"]), len(extract.ragged)) == (["first", "last"], 0)


def test_a_last_line_that_does_not_end_is_refused_with_its_line(tmp_path):
    extract = read(tmp_path, b"a\nfirst\nla")
    assert list(extract.raw["a"]) == ["first"]
    (refused,) = extract.ragged.to_dict("records")
    assert (refused["reason"], refused["line"], refused["detail"]) == ("unfinished", 3, "la")
    assert extract.read_count == 2


def test_a_source_whose_files_never_end_their_last_line_says_so(tmp_path):
    extract = read(tmp_path, b"a\nfirst\nlast", open_end=True)
    assert (list(extract.raw["a"]), len(extract.ragged)) == (["first", "last"], 0)
