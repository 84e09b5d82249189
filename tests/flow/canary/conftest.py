"""A store of four towns before and after a canary is put into one of them, and the server of another."""

import pytest
from starlette.testclient import TestClient

from cockpit.app import build
from cockpit.scope import town_scope
from cockpit.site import load_site
from cockpit.view import open_view
from etl.books import note_source
from tests.canary import AS_OF, BASE, HERE, SECRET, TOWN_LIST


@pytest.fixture(scope="package")
def site():
    return load_site("wenling")


@pytest.fixture(scope="package")
def store(new_store, site):
    """A store with four towns, whose sources have all been read just now."""
    with new_store() as store:
        store.tell(as_of=AS_OF, town=TOWN_LIST, **BASE)
        with store.ledger.writing() as connection:
            for source in site.sources:
                note_source(connection, store.ledger, source.key, now=float(AS_OF), loaded_at=float(AS_OF))
        yield store


@pytest.fixture(scope="package")
def before(store, site):
    """The view without the canary."""
    return open_view(store.ledger, site, float(AS_OF))


@pytest.fixture(scope="package")
def after(store, site, before):
    """The view with it."""
    store.tell(as_of=AS_OF, **SECRET)
    return open_view(store.ledger, site, float(AS_OF))


@pytest.fixture(scope="package")
def url(store, after):
    """The URL of the store, the canary being in it."""
    return str(store.ledger.engine.url)


@pytest.fixture(scope="package")
def client(store, site, after):
    """The server of one town."""
    with TestClient(build(site, store.ledger, scope=town_scope(HERE)), base_url="http://127.0.0.1") as opened:
        yield opened
