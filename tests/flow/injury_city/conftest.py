"""One city, a fifth as large, filled once for all that is compared with the oracles of work injury."""

import pytest

from tests.injury_city.filled import empty_city, moments, small_site
from tests.injury_city.judged import Judged
from tests.injury_city.read import Read


@pytest.fixture(scope="package")
def site():
    with small_site() as small:
        yield small


@pytest.fixture(scope="package")
def compared(site, tmp_path_factory):
    """Return what was read and what was judged at each of the instants, by the cockpit and by the oracles."""
    with empty_city(tmp_path_factory.mktemp("injury_city"), site) as filled:
        read, judged = Read(filled.ledger, filled.departments), Judged()
        for moment in moments(filled):
            read.compare(filled, moment)
            judged.compare(filled, moment)
        yield read, judged


@pytest.fixture(scope="package")
def read(compared):
    return compared[0]


@pytest.fixture(scope="package")
def judged(compared):
    return compared[1]
