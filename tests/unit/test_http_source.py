"""Interfaces of other machines: whole answers or none, within their deadline, every fault one sentence."""

import base64
import hashlib
import hmac
import time

import pytest
from pydantic import ValidationError

from cockpit.errors import BatchHeld, SourceError
from cockpit.site import Site, SourceConfig
from cockpit.source_places import Address
from etl.batch import Batch
from etl.client import FAILURES, PAUSE_S, TRIES
from etl.known import Known
from etl.sources.http import Source
from tests import faulty
from tests.faulty import Faulty, in_turn, pages, raw, rows, status, told

AS_OF = 1_614_945_600  # 2021-03-05 12:00 UTC
CALL = {"call_id": "id", "incident_id": "id", "event_at": "at", "cause": "word"}


def row(number, at="2021-03-05T10:00:00", word="Fire"):
    """Return a row as an interface gives it."""
    return {"id": str(number), "at": at, "word": word}


@pytest.fixture(scope="module")
def server():
    """Return a server that is told how to answer."""
    with Faulty() as running:
        yield running


class Steps:
    """A clock that only moves when somebody waits."""

    def __init__(self):
        self.now = 1000.0
        self.waits = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds


def source(url, *, header=("id", "at", "word"), complete=False, elapsed=time.monotonic, sleep=lambda s: None, **http):
    """Return a source of an address, as `site.toml` would say it."""
    read = {"table": "emergency_call", "fields": CALL, "complete": complete}
    place = {"url": url, "rows": "rows", "deadline_s": 20, **http}
    config = SourceConfig(key="s", kind="http", title="s", http=place, header=header, interval_s=60, reads=(read,))
    site = Site(folder="/", key="k", title="t", time_zone="Asia/Shanghai", date_floor="2021-03-01", sources=(config,))
    return Source(config, site, clock=lambda: 1_600_000_000.5, elapsed=elapsed, sleep=sleep)


def read(reader, cursor=None, as_of=AS_OF):
    """Read once, and return the batches and the reasons why something is held."""
    brought = list(reader.read(cursor or {}, as_of, Known(towns=frozenset("A"))))
    return [b for b in brought if isinstance(b, Batch)], [str(h) for h in brought if isinstance(h, BatchHeld)]


def calls(batch):
    """Return the identifiers of the calls of a batch."""
    return batch.rows["emergency_call"]["call_id"].tolist()


def fault(reader):
    """Return the one sentence with which a read fails."""
    with pytest.raises(SourceError) as failed:
        read(reader)
    sentence = str(failed.value)
    assert sentence.startswith("source s: http://127.0.0.1:")
    assert "\n" not in sentence
    return sentence.partition(": http://")[2].partition(": ")[2]


def test_rows_are_read_and_what_did_not_change_costs_nothing(server):
    server.answers["/a"] = rows(row(1), row(2))
    reader = source(server.url("/a"))
    (batch,), _ = read(reader)
    assert (calls(batch), batch.read_count, batch.is_whole) == (["1", "2"], 2, True)
    (again,), _ = read(reader, batch.cursor)
    assert (calls(again), again.read_count, again.complete) == ([], 0, {})
    assert again.cursor == batch.cursor


def test_numbers_keep_the_text_they_were_written_in(server):
    server.answers["/a"] = raw(
        b'{"rows": [{"id": 320102199003071234567, "at": "2021-03-05T10:00:00", "word": 0.10},'
        b' {"id": 1E5, "at": "2021-03-05T10:00:00", "word": true}]}'
    )
    (batch,), _ = read(source(server.url("/a")))
    assert batch.rows["emergency_call"][["call_id", "cause"]].to_numpy().tolist() == [
        ["320102199003071234567", "0.10"],
        ["1E5", "true"],
    ]


def test_a_column_may_lie_inside_others(server):
    server.answers["/a"] = told(
        {"data": {"items": [{"id": "1", "at": ["2021-03-05T10:00:00"], "x": {"word": "Fire"}, "more": 1}]}}
    )
    config = {"rows": "data.items", "header": ("id", "at.0", "x.word")}
    reader = source(server.url("/a"), **config)
    reader.config = reader.config.model_copy(
        update={
            "reads": (
                type(reader.config.reads[0])(table="emergency_call", fields={**CALL, "event_at": "at.0", "cause": "x.word"}),
            )
        }
    )
    (batch,), _ = read(reader)
    assert batch.rows["emergency_call"]["cause"].tolist() == ["Fire"]


def test_a_column_that_no_row_has_holds_the_answer(server):
    server.answers["/a"] = rows({"id": "1", "at": "2021-03-05T10:00:00", "what": "Fire"})
    batches, (held,) = read(source(server.url("/a")))
    assert batches == []
    assert "no row has word" in held


def test_pages_are_one_batch_up_to_an_empty_one(server):
    server.answers["/a"] = pages([row(1), row(2)], [row(3)])
    (batch,), _ = read(source(server.url("/a"), params={"page": "{page}"}, page="number"))
    assert calls(batch) == ["1", "2", "3"]


def test_two_pages_that_come_in_each_others_place_are_the_same_rows(server):
    contents = []
    for some in ([row(1)], [row(2)]), ([row(2)], [row(1)]):
        server.answers["/a"] = pages(*some)
        (batch,), _ = read(source(server.url("/a"), params={"page": "{page}"}, page="number"))
        contents.append((batch.content, sorted(calls(batch))))
    assert contents[0] == contents[1]


def test_pages_by_cursor_and_by_link_end_where_nothing_follows(server):
    server.answers["/a"] = in_turn(rows(row(1), next="b c"), rows(row(2), next=None))
    (batch,), _ = read(source(server.url("/a"), params={"after": "{cursor}"}, page="cursor", next_path="next"))
    assert (calls(batch), server.asked[-1].query) == (["1", "2"], {"after": "b c"})
    server.answers["/a"] = rows(row(1), next="/b?x=1")
    server.answers["/b"] = rows(row(2))
    (batch,), _ = read(source(server.url("/a"), page="link", next_path="next"))
    assert (calls(batch), server.asked[-1].query) == (["1", "2"], {"x": "1"})


@pytest.mark.parametrize(
    ("answer", "config", "sentence"),
    [
        (pages([row(1)], [row(2)], [row(2)]), {}, "page 3 is page 2 again"),
        (
            pages([row(1)], [], [row(3)], total=3),
            {"total_path": "total"},
            "its pages hold 1 rows, but it says that there are 3",
        ),
        (pages(*([row(i)] for i in range(50))), {"max_pages": 20}, "its pages do not end after 20"),
    ],
    ids=["a page twice", "an empty page in between", "pages without end"],
)
def test_pages_that_make_no_whole_load_nothing(server, answer, config, sentence):
    server.answers["/a"] = answer
    assert fault(source(server.url("/a"), params={"page": "{page}"}, page="number", **config)).startswith(sentence)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (raw(b"<html>down</html>"), "it answers with what is no JSON"),
        (raw(b'{"rows": [NaN]}'), "it answers with what is no JSON"),
        (raw(b"[" * 100_000), "it answers with what is no JSON"),
        (raw(b"\xff\xfe\x00"), "it answers with what is no JSON"),
        (raw(b""), "it answers with what is no JSON"),
        (told({"data": []}), "its answer holds no list at 'rows'"),
        (told({"rows": [1, 2]}), "its answer holds a list at 'rows', but not of objects"),
        (status(401), "it answers 401; is the token or key in the environment right?"),
        (status(404), "it answers 404"),
        (status(500), "it answers 500"),
        (status(302, Location="/a"), "it redirects in a circle"),
        (status(302, Location="http://other.example/"), "it points to another machine (other.example)"),
        (status(302, Location="https://127.0.0.1/"), "it points to another machine (127.0.0.1)"),
        (faulty.truncate, "the connection failed"),
        (faulty.reset, "the connection failed"),
        (faulty.gibberish, "the connection failed"),
        (faulty.pour, "it sent more than 1 MB"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_every_fault_is_one_sentence(server, answer, sentence):
    server.answers["/a"] = answer
    assert fault(source(server.url("/a"), max_mb=1)).startswith(sentence)


@pytest.mark.parametrize("answer", [faulty.hang, faulty.drip, faulty.drip_headers], ids=["hangs", "1 byte", "header bytes"])
def test_whatever_the_other_side_does_the_deadline_holds(server, answer):
    server.answers["/a"] = answer
    begun = time.monotonic()
    assert fault(source(server.url("/a"), deadline_s=1)) == "the answer was not there within 1 s"
    assert time.monotonic() - begun < 3


def test_a_machine_that_is_not_there_or_cannot_be_trusted_is_one_sentence(server):
    assert fault(source("http://127.0.0.1:9/")).startswith("the connection failed")
    reader = source("https://127.0.0.1:1/")
    reader.place = reader.place.model_copy(update={"url": server.url("/a").replace("http:", "https:")})
    with pytest.raises(SourceError, match="TLS certificate or protocol is not to be trusted"):
        read(reader)


def test_what_may_be_over_soon_is_tried_again_after_a_random_while_or_as_long_as_is_asked_for(server):
    clock = Steps()
    server.answers["/a"] = in_turn(faulty.reset, status(503), status(429, Retry_After="7"), rows(row(1)))
    (batch,), _ = read(source(server.url("/a"), elapsed=clock, sleep=clock.sleep))
    assert (calls(batch), len(clock.waits)) == (["1"], TRIES - 1)
    assert clock.waits[2] == 7
    assert all(0 <= wait <= 2 for wait in clock.waits[:2])


def test_a_pause_that_would_pass_the_deadline_is_not_waited_for(server):
    clock = Steps()
    server.answers["/a"] = status(429, Retry_After="3600")
    assert fault(source(server.url("/a"), elapsed=clock, sleep=clock.sleep)).startswith("it answers 429")
    assert clock.waits == []


def test_after_five_failures_it_is_left_alone_for_a_while(server):
    clock = Steps()
    server.answers["/a"] = status(404)
    reader = source(server.url("/a"), elapsed=clock)
    for _ in range(FAILURES):
        said = fault(reader)
    assert "it is asked only every 10 minutes now" in said
    asked = len(server.asked)
    assert (fault(reader), len(server.asked)) == (said, asked)
    clock.now += PAUSE_S
    server.answers["/a"] = rows(row(1))
    assert calls(read(reader)[0][0]) == ["1"]


def test_days_are_asked_for_one_by_one_and_the_last_ones_again(server):
    server.answers["/a"] = rows(row(1))
    config = {"params": {"from": "{since}", "to": "{until}"}, "window_days": 1, "compare_days": 2, "complete": True}
    reader = source(server.url("/a"), **config)
    asked = len(server.asked)
    batches, _ = read(reader)
    assert [request.query["from"] for request in server.asked[asked:]] == [f"2021-03-0{day}T00:00:00" for day in range(1, 6)]
    assert server.asked[-1].query["to"] == "2021-03-06T00:00:00"
    assert batches[0].complete == {"emergency_call": (1_614_528_000, 1_614_614_400)}  # a day of Shanghai
    assert [batch.is_whole for batch in batches] == [True] * 4 + [False]  # today is not over
    asked = len(server.asked)
    server.answers["/a"] = in_turn(rows(row(1)), rows(row(1), row(2)))
    (batch,), _ = read(reader, batches[-1].cursor)
    assert [request.query["from"] for request in server.asked[asked:]] == ["2021-03-04T00:00:00", "2021-03-05T00:00:00"]
    assert calls(batch) == ["1", "2"]


def test_a_day_that_is_held_is_asked_for_again_and_stops_no_other(server):
    server.answers["/a"] = in_turn(rows(row(1)), rows({"id": "2"}), rows(row(3)))
    reader = source(server.url("/a"), params={"from": "{since}"}, window_days=1, begin="2021-03-03")
    batches, (held,) = read(reader)
    assert ([calls(batch) for batch in batches], "2021-03-04: no row has at, word" in held) == ([["1"], ["3"]], True)
    asked = len(server.asked)
    read(reader, batches[-1].cursor)
    assert server.asked[asked].query["from"] == "2021-03-03T00:00:00"


def test_some_days_can_be_read_once_more(server):
    server.answers["/a"] = rows(row(1))
    reader = source(server.url("/a"), params={"from": "{since}"}, window_days=1)
    brought = list(reader.history((1_614_528_000, 1_614_700_800), AS_OF, Known()))
    assert [batch.origin[-10:] for batch in brought] == ["2021-03-01", "2021-03-02"]


def test_a_request_is_signed_as_declared_and_holds_its_secrets_from_the_environment(server, monkeypatch):
    monkeypatch.setenv("S_TOKEN", "t0ken")
    monkeypatch.setenv("S_KEY", "k3y")
    monkeypatch.setenv("S_APP", "app")
    server.answers["/a"] = rows(row(1))
    signed = {
        "key_env": "S_KEY",
        "header": "X-Sign",
        "sign": "{timestamp}\n{method}\n{path}\n{body_sha256}",
        "encoding": "base64",
    }
    config = {"method": "POST", "body": {"page": "{page}", "from": ["{since}"]}, "bearer_env": "S_TOKEN", "hmac": signed}
    read(source(server.url("/a"), headers={"X-Time": "{timestamp_ms}"}, headers_env={"X-App": "S_APP"}, **config))
    asked = server.asked[-1]
    assert asked.body == b'{"page": 1, "from": [""]}'
    text = f"1600000000\nPOST\n/a\n{hashlib.sha256(asked.body).hexdigest()}"
    made = hmac.new(b"k3y", text.encode(), "sha256").digest()
    told_headers = [asked.headers[name] for name in ("authorization", "x-time", "x-app", "x-sign")]
    assert told_headers == ["Bearer t0ken", "1600000000500", "app", base64.b64encode(made).decode()]


def test_a_secret_that_is_not_there_is_named(server):
    assert fault(source(server.url("/a"), bearer_env="S_NOT_THERE")).endswith(
        "S_NOT_THERE is not set, or is not one line of plain characters"
    )


def test_an_answer_that_says_it_is_no_success_is_none(server):
    server.answers["/a"] = told({"code": 401, "rows": []})
    config = {"success_path": "code"}
    assert fault(source(server.url("/a"), **config)) == "it answers code = '401', which is no success"
    server.answers["/a"] = told({"code": 0, "rows": [row(1)]})
    assert calls(read(source(server.url("/a"), **config))[0][0]) == ["1"]


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({"url": "http://example.org/"}, "url must begin with https://"),
        ({"url": "ftp://127.0.0.1/"}, "url must begin with https://"),
        ({"url": "https://u:p@example.org/"}, "must not hold a user or password"),
        ({"url": "https://example.org/{what}"}, "{what} is not known"),
        ({"url": "https://example.org/", "bearer_env": "not a name"}, "write the name of an environment variable"),
        ({"url": "https://example.org/", "page": "cursor"}, "need next_path"),
        ({"url": "https://example.org/", "page": "number"}, "needs {page}"),
        ({"url": "https://example.org/", "window_days": 1}, "window_days needs {since}"),
        ({"url": "https://example.org/", "body": {}}, 'a body needs method = "POST"'),
    ],
)
def test_a_wrong_address_says_what_is_wrong(place, sentence):
    with pytest.raises(ValidationError, match=sentence.replace("{", r"\{")):
        Address(**place)
