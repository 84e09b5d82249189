"""Claims of workers' compensation, by a site file alone: read as the oracle works out from the raw lines.

One claim in five of a record of a hundred thousand; every one of them under COCKPIT_TORTURE=full.
"""

import random
from collections import Counter
from datetime import datetime, timedelta
from functools import cache

import pytest

from cockpit.app import open_ledger
from cockpit.columns import load_columns
from cockpit.ledger.read import rows_known, tick_at
from cockpit.ledger.store import QUARANTINE
from cockpit.scope import CITY
from cockpit.site import load_site
from etl.schedule import Schedule
from tests.conftest import Clock
from tests.oracle import windows, workers_compensation
from tests.oracle.comparison import differences
from tests.oracle.days import DAY_S
from tests.oracle.metrics import METRICS
from tests.oracle.oracle import Oracle

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(not workers_compensation.FILE.is_file(), reason=workers_compensation.ABSENT),
]

MOMENTS = (datetime(1995, 6, 1, 9, 30), datetime(2005, 1, 1, 1, 0), datetime(2006, 7, 1, 12, 0), datetime(2008, 7, 1))
KEYS = [key for key, metric in METRICS.items() if metric.table == "work_injury_days"]
READ = ("work_injury_days", QUARANTINE.name)
"""All that these metrics read; the other tables of a hundred thousand cases take a while."""
PIECE = 500


def opened(folder):
    """Return the site in a folder of its own, where a file that comes is whole at once, and its ledger there."""
    declared = (workers_compensation.FOLDER / "site.toml").read_text(encoding="utf-8")
    at_once = declared.replace('kind = "parquet"', 'kind = "parquet"\nsettle_s = 0')
    (folder / "site.toml").write_text(at_once, encoding="utf-8")
    site = load_site(folder).model_copy(update={"replay": None})
    return site, open_ledger(site, f"sqlite:///{folder / 'cockpit.db'}")


def deliver(lines, folder, number):
    """Write lines as one file of the source."""
    workers_compensation.write(lines, folder / f"workerscomp_100k_{number}.parquet")


def utc(local):
    return windows.utc(local, workers_compensation.CITY.zone)


@pytest.fixture(scope="module")
def site_and_ledger(tmp_path_factory):
    """The claims, delivered as they were reported, in four pieces."""
    site, ledger = opened(tmp_path_factory.mktemp("claims"))
    clock = Clock()
    schedule = Schedule(site, ledger, clock)
    for number, (after, moment) in enumerate(zip((datetime.min, *MOMENTS), MOMENTS, strict=False)):
        lines = [line for line in workers_compensation.raw_lines() if after < line["RepDate"] <= moment]
        deliver(lines, site.folder, number)
        clock.now = float(utc(moment))
        schedule.run_due(everything=True)
    yield site, ledger
    ledger.engine.dispose()


@pytest.fixture(scope="module")
def columns_at(site_and_ledger):
    _, ledger = site_and_ledger

    @cache
    def columns_at(moment):
        with ledger.reading() as connection:
            return load_columns(connection, ledger, READ, tick_at(connection, ledger, as_of=utc(moment)))

    return columns_at


@pytest.fixture(scope="module")
def oracle_at():
    return cache(lambda moment: Oracle(workers_compensation.records(moment), workers_compensation.CITY, utc(moment)))


def cases(ledger):
    """Return every case as it is known now, by its number."""
    with ledger.reading() as connection:
        rows = rows_known(connection, ledger, "work_injury_days", CITY).to_dict("records")
        assert rows_known(connection, ledger, "quarantine", CITY).empty
    return {row.pop("case_id"): {n: v for n, v in row.items() if n != "id"} for row in rows}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_cockpit_and_oracle_read_the_same(moment, key, columns_at, oracle_at, site_and_ledger):
    assert columns_at(moment).tick.as_of == utc(moment)
    differing, compared = differences(columns_at(moment), site_and_ledger[0], oracle_at(moment), key)
    assert compared
    assert differing == []


def test_the_moments_have_medians_to_compare(oracle_at):
    known = [moment for moment in MOMENTS if oracle_at(moment).answers("report_delay_p50", "d365")["whole city"].value]
    assert len(known) == 3  # of the last year before 2008-07 no accident is told


def test_the_days_of_every_case_are_those_between_its_stamps_and_those_that_the_record_says(site_and_ledger):
    known = cases(site_and_ledger[1])
    assert len(known) == 100_000 // workers_compensation.STEP
    for line in workers_compensation.raw_lines():
        row = known[line["ClaimNumber"]]
        days = (line["RepDate"].date() - line["AccDate"].date()).days
        assert (row["report_delay_state"], row["report_delay_s"]) == ("VALID", days * DAY_S)
        assert days == line["RepDelay"]
        assert row["event_at"] == utc(workers_compensation.happened(line))


def test_cases_count_the_same_by_month(site_and_ledger):
    began = datetime(1970, 1, 1)
    found = Counter(f"{began + timedelta(seconds=row['event_local']):%Y-%m}" for row in cases(site_and_ledger[1]).values())
    assert found == Counter(f"{line['AccYear']}-{line['AccMonth']:02}" for line in workers_compensation.raw_lines())


def test_claims_in_pieces_in_any_order_give_the_same(tmp_path, site_and_ledger):
    order = random.Random(42876)
    lines = order.sample(workers_compensation.raw_lines(), 4 * PIECE)
    site, ledger = opened(tmp_path)
    schedule = Schedule(site, ledger, Clock(float(utc(MOMENTS[-1]))))
    for number in range(4):
        deliver(lines[number * PIECE : (number + 1) * PIECE], tmp_path, number)
        schedule.run_due(everything=True)
    whole = cases(site_and_ledger[1])
    assert cases(ledger) == {line["ClaimNumber"]: whole[line["ClaimNumber"]] for line in lines}
    ledger.engine.dispose()
