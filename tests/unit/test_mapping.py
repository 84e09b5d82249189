"""From the columns of a source to the rows of a contract: what `site.toml` can say, and what is refused."""

import json
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.errors import SiteError
from cockpit.site import Read, Site, SourceConfig, checked
from etl.catalogue import contracts
from etl.known import Known
from etl.mapping import Mapper, raw_frame

HEADER = ("id", "day", "clock", "then", "place", "word", "other", "full")
STAMP = {"column": "full"}
CALL = {"call_id": "id", "incident_id": "id", "event_at": STAMP}
STATUS = {
    "event_id": "id",
    "run_id": "id",
    "incident_id": "id",
    "status": {"constant": "DISPATCHED"},
    "event_at": STAMP,
}
PLAIN = {"id": "1", "day": "2021-03-05", "clock": "10:00:00", "then": "10:05:00", "full": "2021-03-05T10:00:00"}
DAY_CLOCK = {"date": "day", "clock": "clock", "format": "%Y-%m-%d %H:%M:%S"}


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    """Return the instant of a wall-clock time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def mapper(fields, *, table="emergency_call", zone="Asia/Shanghai", latest_at=None, unless_missing=None):
    """Return a mapper of one read, as `site.toml` would say it."""
    read = Read(table=table, fields=fields, unless_missing=unless_missing)
    source = SourceConfig(
        key="s", kind="csv", title="s", path="s.csv", encoding="utf-8", header=HEADER, interval_s=60, reads=(read,)
    )
    site = checked(Site(folder=".", key="k", title="t", time_zone=zone, date_floor="2020-01-01", sources=(source,)))
    return Mapper(site, source, Known(towns=frozenset("AB")), latest_at), read


def mapped(fields, *rows, **options):
    """Map rows, which say some columns only, and return what became of them."""
    of, read = mapper(fields, **options)
    cells = [[{**PLAIN, **row}.get(name, "") for name in HEADER] for row in rows]
    content = of.content(raw_frame(HEADER, list(range(2, 2 + len(cells))), cells), "s.csv")
    return SimpleNamespace(rows=content.rows[read.table], refused=content.refused)


def values(fields, column, *rows, **options):
    """Return one column of the mapped rows; none may be refused."""
    found = mapped(fields, *rows, **options)
    assert found.refused.to_dict("records") == []
    return found.rows[column].tolist()


def refusals(fields, *rows, **options):
    """Return (line, reason, field, detail) of each refused row."""
    found = mapped(fields, *rows, **options).refused
    return list(found[["line", "reason", "field", "detail"]].itertuples(index=False, name=None))


def test_a_bare_name_renames():
    assert values({**CALL, "cause": "word"}, "cause", {"word": "Fire"}) == ["Fire"]


def test_an_empty_cell_is_unknown_and_not_an_empty_text():
    assert values({**CALL, "cause": "word"}, "cause", {"word": ""}) == [None]


def test_a_constant_stands_in_every_row():
    assert values({**CALL, "kind": {"constant": "急救"}}, "kind", {"id": "1"}, {"id": "2"}) == ["急救", "急救"]


def test_a_template_is_filled_from_each_row():
    template = {"template": "{id}-{word}"}
    assert values({**CALL, "call_id": template}, "call_id", {"word": "ORD"}, {"id": "2"}) == ["1-ORD", "2-"]


def test_first_of_takes_the_first_that_is_not_empty():
    rows = [{"id": "1", "word": "w", "other": "o"}, {"id": "2", "other": "o"}, {"id": "3"}]
    assert values({**CALL, "cause": {"first_of": ["word", "other", "place"]}}, "cause", *rows) == ["w", "o", None]


def test_first_of_works_for_stamps():
    rows = [{"word": "2021-03-05T09:00:00"}, {"id": "2"}]
    wanted = [at("2021-03-05 09:00"), at("2021-03-05 10:00")]
    assert values({**CALL, "event_at": {"first_of": ["word", "full"]}}, "event_at", *rows) == wanted


def test_a_value_map_translates():
    words = {"column": "word", "values": {"X": "派车", "Y": "取消"}}
    assert values({**CALL, "outcome": words}, "outcome", {"word": "X"}, {"id": "2", "word": "Y"}) == ["派车", "取消"]


def test_a_value_the_map_does_not_know_is_refused():
    words = {"column": "word", "values": {"X": "派车"}}
    assert refusals({**CALL, "outcome": words}, {"word": "Z"}) == [(2, "not_allowed", "outcome", "Z")]


def test_otherwise_takes_what_the_map_does_not_know():
    words = {"column": "word", "values": {"X": "派车"}, "otherwise": "取消"}
    assert values({**CALL, "outcome": words}, "outcome", {"word": "Z"}) == ["取消"]


def test_an_empty_cell_is_unknown_even_where_otherwise_is_said():
    words = {"column": "word", "values": {"X": "派车"}, "otherwise": "取消"}
    assert values({**CALL, "outcome": words}, "outcome", {"word": ""}) == [None]


def test_a_value_map_may_say_what_an_empty_cell_means():
    words = {"column": "word", "values": {"": "派车"}}
    assert values({**CALL, "outcome": words}, "outcome", {"word": ""}) == ["派车"]


def test_a_value_map_sets_a_quantity_and_a_truth():
    fields = {**CALL, "needs_dispatch": {"column": "word", "values": {"是": "true", "否": "0"}}}
    assert values(fields, "needs_dispatch", {"word": "是"}, {"id": "2", "word": "否"}) == [True, False]


def test_when_missing_decides_by_another_column():
    status = {"constant": "AVAILABLE", "when_missing": "word", "then": "CANCELLED"}
    rows = [{"word": "10:00"}, {"id": "2", "word": ""}]
    assert values({**STATUS, "status": status}, "status", *rows, table="vehicle_status") == ["AVAILABLE", "CANCELLED"]


def test_a_row_without_the_column_that_makes_it_gives_none():
    rows = [{"word": "x"}, {"id": "2", "word": ""}]
    assert values(STATUS, "event_id", *rows, table="vehicle_status", unless_missing="word") == ["1"]


def test_a_stamp_stands_in_the_sites_zone():
    assert values(CALL, "event_at", {}) == [at("2021-03-05 10:00")]


def test_a_stamp_may_have_a_format_and_a_zone_of_its_own():
    stamp = {"column": "word", "format": "%d/%m/%Y %H.%M", "zone": "America/New_York"}
    wanted = [at("2021-03-05 10:07", "America/New_York")]
    assert values({**CALL, "event_at": stamp}, "event_at", {"word": "05/03/2021 10.07"}) == wanted


def test_the_local_time_is_the_sites_whatever_the_zone_of_the_stamp():
    stamp = {"column": "full", "zone": "UTC"}
    midnight = at("2021-03-05 18:00", "UTC")
    assert values({**CALL, "event_at": stamp}, "event_local", {"full": "2021-03-05T18:00:00"}) == [midnight + 8 * 3600]


def test_a_stamp_that_names_its_offset_is_that_instant():
    stamp = {"column": "word", "format": "%Y-%m-%dT%H:%M:%S%z"}
    rows = [{"word": "2021-03-05T10:00:00+0100"}, {"id": "2", "word": "2021-03-05T10:00:00+0000"}]
    wanted = [at("2021-03-05 09:00", "UTC"), at("2021-03-05 10:00", "UTC")]
    assert values({**CALL, "event_at": stamp}, "event_at", *rows) == wanted


def test_of_a_clock_hour_that_happens_twice_the_first_is_meant():
    wanted = [at("2021-10-31 00:30", "UTC")]
    assert values(CALL, "event_at", {"full": "2021-10-31T01:30:00"}, zone="Europe/Dublin") == wanted


def test_a_day_and_a_clock_are_one_stamp():
    assert values({**CALL, "event_at": DAY_CLOCK}, "event_at", {}) == [at("2021-03-05 10:00")]


@pytest.mark.parametrize("cells", [{"day": ""}, {"clock": ""}])
def test_half_a_stamp_is_none(cells):
    assert values({**CALL, "t_answer": DAY_CLOCK}, "t_answer", cells) == [None]


@pytest.mark.parametrize(
    ("clock", "then", "expected"),
    [
        ("23:58:00", "00:03:00", "2021-03-06 00:03:00"),
        ("00:03:00", "23:58:00", "2021-03-05 23:58:00"),
        ("10:05:00", "10:04:59", "2021-03-05 10:04:59"),  # a stamp out of order is not another day
        ("20:00:00", "08:00:00", "2021-03-05 08:00:00"),
        ("20:00:00", "07:59:59", "2021-03-06 07:59:59"),
    ],
)
def test_a_clock_crosses_midnight_only_when_more_than_12_h_earlier(clock, then, expected):
    follows = {"date": "day", "clock": "then", "after": "clock", "format": "%Y-%m-%d %H:%M:%S"}
    assert values({**CALL, "t_answer": follows}, "t_answer", {"clock": clock, "then": then}) == [at(expected)]


def test_a_clock_that_follows_an_empty_one_stays_on_its_day():
    follows = {"date": "day", "clock": "then", "after": "clock", "format": "%Y-%m-%d %H:%M:%S"}
    wanted = [at("2021-03-05 00:03:00")]
    assert values({**CALL, "t_answer": follows}, "t_answer", {"clock": "", "then": "00:03:00"}) == wanted


@pytest.mark.parametrize("word", ["007", "123456789012345678", "NA", "1E5", "null", "None", "-", "320102X", "７", "a\nb"])
def test_identifiers_are_kept_byte_for_byte(word):
    found = mapped(CALL, {"id": word}).rows
    assert found[["call_id", "incident_id"]].to_numpy().tolist() == [[word, word]]


@given(st.text(min_size=1))
def test_any_text_that_can_be_stored_is_kept_byte_for_byte_but_for_the_blanks_around_it(word):
    kept = word.strip()
    if kept and "\0" not in kept:
        assert values(CALL, "call_id", {"id": word}) == [kept]
    else:
        assert refusals(CALL, {"id": word})[0][1] in ("missing", "unparsable")


def test_an_unknown_town_is_the_question_mark_and_never_a_refusal():
    rows = [{"id": str(i), "place": place} for i, place in enumerate(["A", "C", "", "a", " A "])]
    assert values({**CALL, "town_code": "place"}, "town_code", *rows) == ["A", "?", "?", "?", "A"]


def test_a_town_that_no_column_tells_is_unknown():
    assert values(CALL, "town_code", {}) == ["?"]


def test_a_revision_that_no_column_tells_is_the_first():
    assert values(CALL, "rev", {}) == [0]


def test_a_revision_may_come_from_a_column():
    assert values({**CALL, "rev": "word"}, "rev", {"word": "3"}) == [3]


@pytest.mark.parametrize("word", ["1E5", "1.0", "x", "٣", "+1", "1 1", "--1", "99999999999999999999", "9" * 5000])
def test_what_is_no_whole_number_is_refused(word):
    assert refusals({**CALL, "rev": "word"}, {"word": word}) == [(2, "unparsable", "rev", word)]


def test_a_revision_that_its_column_leaves_empty_is_refused_or_the_first_and_never_unknown():
    found = mapped({**CALL, "rev": "word"}, {"word": ""})
    assert found.rows["rev"].tolist() in ([], [0])


@pytest.mark.parametrize("word", ["nan", "inf", "yes", "2", "TRUE!"])
def test_what_is_no_truth_is_refused(word):
    assert refusals({**CALL, "needs_dispatch": "word"}, {"word": word}) == [(2, "unparsable", "needs_dispatch", word)]


@pytest.mark.parametrize(
    "stamp",
    ["2021-02-29T10:00:00", "2021-03-05 10:00:00", "2021-03-05", "24:00:00", "x", "0", "now", "today", "NaT", "nan"],
)
def test_a_stamp_that_is_none_is_refused_with_reason_field_and_line(stamp):
    rows = [{"id": "1"}, {"id": "2", "full": stamp}]
    assert refusals(CALL, *rows) == [(3, "unparsable", "event_at", stamp)]
    assert mapped(CALL, *rows).rows["call_id"].tolist() == ["1"]


def test_a_stamp_that_is_not_needed_but_unparsable_refuses_the_row_too():
    assert refusals({**CALL, "t_answer": "word"}, {"word": "soon"}) == [(2, "unparsable", "t_answer", "soon")]


def test_a_needed_field_that_is_empty_refuses_the_row():
    assert refusals(CALL, {"full": ""}) == [(2, "missing", "event_at", "")]
    assert refusals(CALL, {"id": ""})[0][:3] == (2, "missing", "call_id")


def test_a_value_that_the_contract_does_not_allow_is_refused():
    assert refusals({**CALL, "outcome": "word"}, {"word": "?"}) == [(2, "not_allowed", "outcome", "?")]


def test_an_event_before_the_date_floor_is_refused():
    rows = [{"id": "1", "full": "2019-12-31T23:59:59"}, {"id": "2", "full": "2020-01-01T00:00:00"}]
    assert refusals(CALL, *rows) == [(2, "before_floor", "event_at", str(at("2019-12-31 23:59:59")))]


def test_an_event_in_the_future_is_refused():
    rows = [{"id": "1"}, {"id": "2", "full": "2021-03-05T10:00:01"}]
    latest_at = at("2021-03-05 10:00")
    assert refusals(CALL, *rows, latest_at=latest_at) == [(3, "in_future", "event_at", str(latest_at + 1))]


@pytest.mark.parametrize("far", ["9999-12-31T23:59:59", "9999-12-31T00:00:00", "0001-01-01T00:00:00", "1677-01-01T00:00:00"])
def test_an_impossible_date_refuses_its_row_and_no_other(far):
    rows = [{"id": "1"}, {"id": "2", "full": far}]
    found = mapped(CALL, *rows, latest_at=at("2021-03-06"))
    assert found.rows["call_id"].tolist() == ["1"]
    assert found.refused["line"].tolist() == [3]


def test_an_impossible_date_in_a_stamp_that_is_not_needed_refuses_its_row_or_is_unknown():
    rows = [{"id": "1"}, {"id": "2", "word": "9999-12-31T23:59:59"}]
    found = mapped({**CALL, "t_answer": "word"}, *rows, latest_at=at("2021-03-06"))
    assert found.rows["call_id"].tolist()[:1] == ["1"]
    assert found.rows["t_answer"].tolist()[1:] in ([], [None])


def test_rows_that_share_a_key_but_differ_are_all_refused():
    rows = [{"word": "Fire"}, {"word": "Flood"}, {"id": "2"}]
    found = mapped({**CALL, "cause": "word"}, *rows)
    assert refusals({**CALL, "cause": "word"}, *rows) == [(2, "conflict", "call_id", "1"), (3, "conflict", "call_id", "1")]
    assert found.rows["call_id"].tolist() == ["2"]


def test_two_revisions_of_a_key_do_not_conflict():
    rows = [{"word": "1", "other": "Fire"}, {"word": "2", "other": "Flood"}]
    assert values({**CALL, "rev": "word", "cause": "other"}, "cause", *rows) == ["Fire", "Flood"]


def test_a_refused_row_does_not_take_its_twin_with_it():
    rows = [{"word": "Fire"}, {"full": "x"}]
    assert mapped({**CALL, "cause": "word"}, *rows).rows["call_id"].tolist() == ["1"]


def test_a_refused_row_is_kept_whole_as_it_came():
    row = {"id": " 007", "full": "x", "word": '"火"'}
    (refused,) = mapped(CALL, row).refused.to_dict("records")
    assert json.loads(refused["raw"]) == {name: {**PLAIN, **row}.get(name, "") for name in HEADER}
    assert (refused["origin"], refused["source"], refused["into"], refused["town"]) == ("s.csv", "s", "emergency_call", "?")


def test_a_row_with_two_faults_is_refused_once():
    assert len(refusals({**CALL, "outcome": "word", "rev": "other"}, {"word": "?", "other": "x", "full": "x"})) == 1


def test_no_rows_map_to_no_rows():
    found = mapped({**CALL, "event_at": DAY_CLOCK, "call_id": {"template": "{id}-x"}, "cause": {"first_of": ["word", "other"]}})
    assert (len(found.rows), len(found.refused)) == (0, 0)
    assert tuple(found.rows.columns) == contracts()["emergency_call"].names


@pytest.mark.parametrize(
    "field",
    [
        {"column": "nowhere"},
        {"first_of": ["id", "nowhere"]},
        {"template": "{nowhere}"},
        {"date": "day", "clock": "nowhere"},
        {"constant": "x", "when_missing": "nowhere", "then": "y"},
    ],
    ids=lambda field: next(iter(field)),
)
def test_a_site_that_names_a_column_the_header_lacks_is_wrong(field):
    with pytest.raises(SiteError, match="nowhere"):
        mapper({**CALL, "cause": field})


def test_a_site_that_skips_by_a_column_the_header_lacks_is_wrong():
    with pytest.raises(SiteError, match="nowhere"):
        mapper(CALL, unless_missing="nowhere")


@pytest.mark.parametrize(
    "field",
    [{}, {"column": "id", "constant": "x"}, {"date": "day"}, {"column": "id", "then": "x"}, {"column": "id", "colum": "x"}],
)
def test_a_field_has_exactly_one_origin_and_whole_pairs(field):
    with pytest.raises(ValueError, match=r"constant|belong together|Extra inputs"):
        mapper({**CALL, "cause": field})
