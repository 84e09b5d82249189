"""Person-years, cases and rates by industry and risk category: parts that add up to the city, each rate of its own workers."""

from calendar import monthrange

import pytest

from cockpit.columns import load_columns
from cockpit.evaluate import catalogue, read_metric
from cockpit.ledger.read import tick_at
from cockpit.metric import Status
from cockpit.scope import CITY
from cockpit.site import load_site
from cockpit.window import window
from tests.injury_logs import case, log

AS_OF = 1_767_600_000  # 2026-01-05 16:00 in China; the twelve months before end on 4 January
PUMPS, SHOES, UNNAMED = ("3441", 4), ("1954", 5), (None, None)
YEAR = [f"2025-{month:02}" for month in range(1, 13)]
WINDOW = "r12"


def firm(name, industry, town="A"):
    code, category = industry
    return {"enterprise_id": name, "prod_town": town, "reg_town": town, "gb4754": code, "risk_cat": category}


def insured(name, months, headcount=1200):
    return [{"enterprise_id": name, "month": month, "headcount": headcount} for month in months]


def accepted(number, firm_name, day):
    """Return the list's row and the log of a case that was accepted so many days after 14 November 2023."""
    name = f"c{number}"
    return case(case_id=name, enterprise_id=firm_name, basis="14.1"), log(f"A0 0, B1 1, C1 {day}", case_id=name)


def known(store):
    """Return what the metrics here read of a store."""
    with store.ledger.reading() as connection:
        return load_columns(
            connection, store.ledger, ("injury_case", "exposure", "quarantine"), tick_at(connection, store.ledger)
        )


def read(columns, key, by=None):
    """Return the readings of a metric over twelve months, by the value of a dimension."""
    return {one.dims.get(by): one for one in read_metric(columns, load_site("wenling"), catalogue()[key], CITY, WINDOW, by)}


def tell(store, firms, months, cases):
    told = [accepted(number, *one) for number, one in enumerate(cases)]
    store.tell(
        as_of=AS_OF,
        enterprise=firms,
        enterprise_month=months,
        work_injury_case=[row for row, _ in told],
        case_event=[row for _, rows in told for row in rows],
    )


@pytest.fixture(scope="module")
def city(new_store):
    """What is known of a city of three industries; shoes are told to June only, and one firm is of no known industry."""
    firms = [firm("pumps", PUMPS), firm("shoes", SHOES), firm("unnamed", UNNAMED)]
    months = [*insured("pumps", YEAR), *insured("shoes", YEAR[:6]), *insured("unnamed", YEAR, 600)]
    with new_store() as store:
        tell(store, firms, months, [("pumps", 600), ("pumps", 601), ("shoes", 500), ("unnamed", 610), ("of no list", 620)])
        yield known(store)


def test_an_industry_that_ended_amid_the_window_has_the_rate_of_the_days_on_which_it_had_workers(city):
    found = read(city, "incidence", "division")
    span = window(WINDOW, AS_OF, load_site("wenling").zone)
    days_of_shoes = sum(monthrange(2025, month)[1] for month in range(1, 7)) - 4  # the window begins on 5 January
    assert span.days[1] - span.days[0] == 365
    assert found["19"].value == pytest.approx(1000 / (1200 * (6 - 4 / 31) / 12))
    assert read(city, "person_years", "division")["19"].n == days_of_shoes
    assert found["34"].status is Status.OK


@pytest.mark.parametrize("by", ["town", "division", "risk_cat"])
@pytest.mark.parametrize("key", ["cases_accepted", "cases_production", "person_years"])
def test_the_parts_of_a_count_add_up_to_the_city_the_unknown_among_them(key, by, city):
    (whole,) = read(city, key).values()
    parts = read(city, key, by)
    assert sum(part.value for part in parts.values()) == pytest.approx(whole.value)
    assert None not in parts
    assert "?" in parts or by == "town"


@pytest.mark.parametrize(("key", "count"), [("incidence", "cases_accepted"), ("incidence_prod", "cases_production")])
@pytest.mark.parametrize("by", ["division", "risk_cat"])
def test_the_rates_of_the_parts_weighed_by_their_person_years_are_the_citys(key, count, by, city):
    (whole,), years = read(city, key).values(), read(city, "person_years", by)
    parts = read(city, key, by)
    assert parts.keys() == years.keys() == read(city, count, by).keys()
    total = sum(year.value for year in years.values())
    assert sum(part.value * years[name].value for name, part in parts.items()) == pytest.approx(whole.value * total)


def test_no_industry_has_a_rate_while_the_city_is_not_covered(store):
    tell(store, [firm("pumps", PUMPS), firm("shoes", SHOES)], insured("pumps", YEAR[:6]), [("pumps", 500), ("shoes", 501)])
    found = read(known(store), "incidence", "division")
    assert {name: (one.value, one.reason.zh) for name, one in found.items()} == {
        "34": (None, "参保人数未覆盖整个时段"),
        "19": (None, "参保人数未知"),
    }


def test_the_rate_at_work_is_held_against_five_percent_less_than_last_year():
    metric = catalogue()["incidence_prod_yoy"]
    assert (metric.target.value, metric.target.basis.zh) == (-5.0, "本平台默认口径")
