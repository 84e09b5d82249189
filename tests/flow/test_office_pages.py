"""Every number opens and every picture has its table, of the city and of a town, in both languages, for staff and visitors."""

import json
from dataclasses import replace
from html import unescape

import pytest
from plotly.utils import PlotlyJSONEncoder

from callbacks.opening import MOST_ROWS, opened
from callbacks.overview import values_of
from callbacks.tabling import tabled
from cockpit.app import screens
from cockpit.behind import behind
from cockpit.by_week import windows_of
from cockpit.disclosure import Level
from cockpit.errors import UnknownName
from cockpit.evaluate import catalogue, metric_named
from cockpit.formula import Share, Within
from cockpit.metric import Status
from cockpit.panel import Asked
from cockpit.scope import CITY, town_scope
from cockpit.site import load_site
from cockpit.view import open_view
from etl.books import note_source
from layouts.office.number import number_page
from layouts.office.overview import overview_page
from layouts.office.table_behind import table_page
from tests.canary import AS_OF, BASE, HERE, TOWN_LIST

SITE = load_site("wenling")
QUERIES = (("", "zh"), (f"town={HERE}", "en"))
SECRETS = ("HERE-J", "HERE-C", "HERE-I", "HERE-R", "HERE-V", "HERE-F", "HERE-firm", "HERE-O", "HERE-U")
"""What cases, calls, incidents, runs, vehicles, firms, orders and pushes are called in the store."""

WINDOW = "r12"


@pytest.fixture(scope="module")
def view(new_store):
    """A view of four towns, whose sources have all been read just now."""
    with new_store() as store:
        store.tell(as_of=AS_OF, town=TOWN_LIST, **BASE)
        with store.ledger.writing() as connection:
            for source in SITE.sources:
                note_source(connection, store.ledger, source.key, now=float(AS_OF), loaded_at=float(AS_OF))
        yield open_view(store.ledger, SITE, float(AS_OF))


def drawn(page):
    return unescape(json.dumps(page, cls=PlotlyJSONEncoder, ensure_ascii=False))


def number(view, key, query, language="zh"):
    return drawn(number_page(opened(view, CITY, key, query), [("/data", "data")], language))


def is_readable(text):
    return not any(f'"{word}"' in text or f">{word}<" in text or f" {word} " in text for word in ("None", "nan", "NaN", "inf"))


@pytest.mark.parametrize(("query", "language"), QUERIES)
def test_every_number_opens_and_tells_of_nobody(view, query, language):
    for key, metric in catalogue().items():
        text = number(view, key, query, language)
        assert metric.title(language) in text
        assert is_readable(text), key
        assert not [secret for secret in SECRETS if secret in text], key


@pytest.mark.parametrize(("query", "language"), QUERIES)
@pytest.mark.parametrize("level", Level)
def test_every_picture_has_its_table_and_it_tells_of_nobody(view, query, language, level):
    asked = Asked(town=query.removeprefix("town=") or None, level=level)
    for screen in screens().values():
        for panel in screen.arranged(SITE).panels:
            found = tabled(view, CITY, screen, panel, asked, language)
            text = drawn(table_page(found, panel.key, [], language))
            assert panel.title(language) in text
            assert is_readable(text), panel.key
            numbers = found.summaries + tuple(one.metric.title(language) for _, one in found.wholes)
            assert found.is_withheld or all(one.split(":")[0] in text for one in numbers)
            assert not [secret for secret in SECRETS if secret in text], panel.key


@pytest.mark.parametrize("key", ["e6_within12", "handling_days_p50", "cases_accepted", "e6_p50", "orders_open", "legal_within"])
@pytest.mark.parametrize("scope", [CITY, town_scope(HERE)], ids=["city", "town"])
def test_the_rows_behind_a_number_reproduce_it(view, key, scope):
    metric = metric_named(key)
    name = metric.usual_window
    (reading,) = view.readings(key, name, scope)
    (found,) = behind(view, metric, name, scope, {}, 10_000)
    assert (found.count, found.valid_count, found.hit_count) == (reading.n_total, reading.n, reading.hit_count)
    assert len(found.rows) == found.count
    assert sum(row["is_valid"] for row in found.rows) == reading.n
    if isinstance(metric.formula, Share | Within) and reading.value is not None:
        hits = sum(row["is_hit"] for row in found.rows)
        assert reading.value == pytest.approx(100 * hits / sum(row["is_valid"] for row in found.rows))


def test_the_newest_rows_come_first_and_no_more_than_are_asked(view):
    metric = metric_named("incidents")
    every = behind(view, metric, "d365", CITY, {}, 10_000)[0]
    few = behind(view, metric, "d365", CITY, {}, 7)[0]
    assert few.count == every.count > 7
    assert few.rows == every.rows[:7]
    times = [row["event_at"] for row in every.rows]
    assert times == sorted(times, reverse=True)
    assert MOST_ROWS == 200


def test_a_row_of_persons_has_no_second_no_sensitive_cell_and_no_identifier(view):
    text = number(view, "incidents", "window=d365")
    assert "时</td>" in text
    assert ":00</td>" not in text.split("明细行")[-1]
    shown = {column.name for column in opened(view, CITY, "two_certificates", "window=r12").rows[0].columns}
    assert shown.isdisjoint({"case_id", "person_key", "enterprise_id", "specialist_id"})
    assert "HERE-K" not in number(view, "incidents", "window=d365").split("明细行")[-1]


def test_visitors_see_no_row_and_no_cell_of_fewer_than_ten(view):
    for key in ("incidents", "cases_accepted"):
        metric = metric_named(key)
        for name in metric.windows:
            found = opened(view, CITY, key, f"window={name}&level=p0")
            assert found.rows == ()
            assert found.no_rows is not None
            cells = [one for parts in found.parts.values() for one in parts]
            assert all(one.n == 0 or one.n >= 10 for one in (*cells, *found.weeks, found.reading))


def test_staff_see_no_part_of_one_to_four_persons_nor_a_town_s_week(view):
    found = opened(view, CITY, "two_certificates", f"window={WINDOW}")
    hidden = [one for parts in found.parts.values() for one in parts if one.is_withheld]
    assert hidden
    assert all(one.n == 0 or one.n >= 5 for parts in found.parts.values() for one in parts)
    town = opened(view, CITY, "cases_accepted", f"window={WINDOW}&town={HERE}")
    assert all(week.n == 0 or week.n >= 5 for week in town.weeks)
    assert town.reading.value == view.readings("cases_accepted", WINDOW, town_scope(HERE))[0].value


def test_a_part_that_is_withheld_opens_without_value_rows_or_weeks(view):
    found = opened(view, CITY, "mediated", f"window={WINDOW}")
    by, one = next((by, one) for by, parts in found.parts.items() for one in parts if one.is_withheld and one.dims[by])
    part = opened(view, CITY, "mediated", f"window={WINDOW}&{by}={one.dims[by]}")
    assert (part.reading.value, part.reading.n, part.rows, part.weeks, part.parts) == (None, 0, (), (), {})
    assert part.no_rows is not None
    assert part.no_weeks is not None


def test_a_number_of_so_few_that_rows_would_tell_who_they_are_has_neither_rows_nor_parts(view):
    few = [
        found
        for key, metric in catalogue().items()
        if metric.table in ("injury_case", "incident") and {*metric.windows} & {"now", "h24"}
        if (found := opened(view, CITY, key, "")).reading.value is not None and 0 < found.reading.n < 5
    ]
    of_persons = [found for found in few if found.no_rows is not None]
    assert of_persons
    assert all(found.rows == () and found.parts == {} for found in of_persons)


def test_each_part_opens_as_the_table_of_parts_told_it(view):
    for key in ("e6_p50", "cases_accepted", "orders_open"):
        found = opened(view, CITY, key, "")
        for by, parts in found.parts.items():
            for one in parts:
                part = opened(view, CITY, key, f"window={one.window.name}&{by}={one.dims[by] or '?'}")
                assert (part.reading.value, part.reading.n, part.reading.status) == (one.value, one.n, one.status), (
                    key,
                    by,
                    one.dims,
                )


def test_each_week_and_each_window_of_a_number_opens(view):
    for name in windows_of(metric_named("cases_accepted")):
        assert number(view, "cases_accepted", f"window={name}")
    found = opened(view, CITY, "cases_accepted", "")
    week = next(one for one in found.weeks[::-1] if one.n >= 5)
    own = opened(view, CITY, "cases_accepted", f"window=w53&week={week.dims['week']}")
    assert (own.reading.value, own.rows[0].count) == (week.value, week.n_total)


def test_late_and_interrupted_sources_are_said_and_zero_is_no_dash(view):
    late = replace(view, now=view.now + 10 * 86_400)
    assert "数据中断" in number(late, "incidents", "window=d365")
    assert opened(late, CITY, "incidents", "window=d365").reading.status is Status.STALE
    zero = number(view, "incidents", "window=d365&town=331081110")
    assert '"children": "0", "className": "number-value"' in zero or '"className": "number-value"' in zero
    assert opened(view, CITY, "incidents", "window=d365&town=331081110").reading.value == 0


@pytest.mark.parametrize(
    ("key", "query", "said"),
    [
        ("nothing", "", "there is no metric"),
        ("incidents", "window=r12", "not read in the window"),
        ("incidents", "town=999999999", "there is no town"),
        ("incidents", "station_id=XX", "has no part"),
    ],
)
def test_a_wrong_address_says_what_there_is(view, key, query, said):
    with pytest.raises(UnknownName, match=said):
        opened(view, CITY, key, query)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("asked", [Asked(), Asked(town=HERE), Asked(level=Level.PUBLIC)], ids=["city", "town", "visitors"])
def test_the_overview_for_the_phone_draws_six_numbers_and_the_towns(view, asked, language):
    text = drawn(overview_page(*values_of(view, CITY, asked), [], "/overview/state", language))
    assert text.count('"className": "card glance') == 6
    assert is_readable(text)
