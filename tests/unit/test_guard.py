"""What changes something is done for pages of ours, and for nobody in somebody else's name."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from callbacks.guard import Guard

HERE = "http://127.0.0.1:8050"


@pytest.fixture
def client():
    async def answer(_request):
        return PlainTextResponse("done")

    methods = ["GET", "POST", "PUT", "DELETE", "PATCH"]
    app = Starlette(routes=[Route("/any", answer, methods=methods)])
    return TestClient(Guard(app, list), base_url=HERE)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
)
def test_a_page_of_another_site_changes_nothing(client, method, headers):
    told = client.request(method, "/any", headers=headers)
    assert told.status_code == 403
    assert "another site" in told.text
    assert "content-security-policy" in told.headers


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin", "Origin": HERE}, {"Origin": HERE}, {}],
    ids=["a page of ours", "a page of ours in an old browser", "a program"],
)
def test_a_page_of_ours_and_a_program_on_this_machine_may(client, headers):
    assert client.post("/any", headers=headers).text == "done"


def test_reading_is_asked_for_by_links_from_anywhere(client):
    assert client.get("/any", headers={"Sec-Fetch-Site": "cross-site"}).text == "done"


def test_only_this_machine_may_ask(client):
    assert client.get("/any", headers={"Host": "cockpit.example"}).status_code == 421
    assert client.post("/any", headers={"Host": "cockpit.example", "Origin": "http://cockpit.example"}).status_code == 421
