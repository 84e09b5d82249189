"""The dictionary names every metric once, in a domain that has a title in both languages."""

import json
from collections import Counter
from html import unescape

import pytest
from plotly.utils import PlotlyJSONEncoder

from callbacks.dictionary import dimension
from cockpit.domains import domain_of, domains
from cockpit.evaluate import catalogue, tables_of, unknowable
from cockpit.ledger.store import QUARANTINE
from cockpit.numbers import written
from cockpit.site import load_site
from cockpit.text import LANGUAGES
from etl.catalogue import tables
from layouts.office.dictionary import Entry, dictionary_page

TABLES = {**tables(), QUARANTINE.name: QUARANTINE}


def test_every_metric_stands_in_one_domain():
    counted = Counter(metric.key for domain in domains() for metric in domain.metrics)
    assert counted == Counter({*catalogue()})


def test_a_domain_has_a_title_in_both_languages_and_no_two_share_one():
    for language in LANGUAGES:
        titles = [domain.title(language) for domain in domains()]
        assert all(title.strip() for title in titles)
        assert len({*titles}) == len(titles)


def test_a_file_carries_on_the_longest_name_that_it_begins_with():
    assert domain_of("work_injury_times", ("work", "work_injury")) == "work_injury"
    assert domain_of("emergency", ("emergency",)) == "emergency"
    with pytest.raises(ValueError, match="give it a DOMAIN"):
        domain_of("emergencies", ("emergency",))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["wenling", "dublin"])
def test_the_dictionary_says_of_every_metric_what_it_is_and_what_its_example_gives(name, language):
    site = load_site(name)
    entries = {
        key: Entry(
            metric,
            tuple(TABLES[table].title for table in metric.sources),
            tuple(dimension([TABLES[table] for table in sorted(tables_of(metric))], by) for by in metric.by),
            unknowable(site, metric),
        )
        for key, metric in catalogue().items()
    }
    text = unescape(
        json.dumps(dictionary_page(site, entries, domains(), [], language), cls=PlotlyJSONEncoder, ensure_ascii=False)
    )
    for key, metric in catalogue().items():
        example = f"→ {written(metric.example.value, metric.unit, language, 'text')} {metric.unit_text(language)}"
        assert f'id=\\"{key}\\"' in text
        assert all(part in text for part in (metric.title(language), metric.definition(language), example)), key
