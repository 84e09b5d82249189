"""The page of data as a person at a desk, or with a phone, uses it: what is there, the lineage, and a file uploaded."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Cockpit, Watched, free_port, until
from tests.conftest import SmallCity

pytestmark = pytest.mark.browser
LIT = "[...document.querySelectorAll('.lineage-node.is-lit')].map((node) => node.dataset.key)"
HEADER = "station,name,town"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site that takes uploads of its list of stations, and that has refused a row and held a file."""
    city = SmallCity(tmp_path_factory.mktemp("data"))
    city.write("town", {"code": "A", "name": "Anning"}, {"code": "B", "name": "Beihe"})
    city.write("station", {"station": "s1", "name": "North", "town": "A"}, {"station": "s2", "name": "South", "town": "B"})
    city.write("emergency_call", {"call": "c1", "rev": "0", "incident": "i1", "called": "not a time"})
    city.write("vehicle_status")
    city.site()
    file = city.folder / "site.toml"
    parts = file.read_text(encoding="utf-8").replace("interval_s = 60", "interval_s = 1\nstatic = true").split("[[sources]]")
    parts = [
        f"{part}\n" if 'key = "station"' not in part else part.replace("static", "upload = true\nstatic") for part in parts
    ]
    file.write_text("[[sources]]".join(parts), encoding="utf-8")
    (city.folder / "vehicle_status2.csv").write_text("an,other,header\n1,2,3\n", encoding="utf-8")
    return city.folder


@pytest.fixture(scope="module")
def office(folder: Path) -> Iterator[Cockpit]:
    made = Cockpit(str(folder), folder / "cockpit.db", free_port())
    made.start("both")
    made.wait_ready()
    yield made
    made.stop()


def opened(office: Cockpit, watched: Watched, language: str = "zh") -> Page:
    watched.page.goto(f"{office.address}/data?lang={language}")
    watched.page.wait_for_selector("#lineage-drawing svg", timeout=30_000)
    return watched.page


def choose(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as choosing:
        page.locator('.choose-file[data-source="station"]').click()
    choosing.value.set_files(path)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768), (3840, 2160)])
def test_the_page_is_no_wider_than_the_screen_and_asks_nobody_else(
    office: Cockpit, watched: Watched, width: int, height: int, language: str
) -> None:
    watched.page.set_viewport_size({"width": width, "height": height})
    page = opened(office, watched, language)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight > innerHeight"), "the page can be scrolled to its end"
    page.mouse.wheel(0, 600)
    until(page, "scrollY > 0", 5)
    assert {urlsplit(url).hostname for url in watched.asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert watched.complaints == []


def test_words_are_of_the_language_that_was_asked_for(office: Cockpit, watched: Watched) -> None:
    said = "[...document.querySelectorAll('.office *')].filter((e) => !e.children.length && !e.closest('[lang=en], [lang=zh]'))"
    words = f"{said}.map((e) => e.textContent).join(' ')"
    page = opened(office, watched, "en")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in page.evaluate(words))
    page = opened(office, watched, "zh")
    for heading in ("来源", "上传文件", "最近批次", "隔离区", "数据流向"):
        assert page.get_by_role("heading", name=heading, exact=True).count() == 1
    heads = page.locator("th").all_inner_texts()
    assert heads
    assert not any(letter.isascii() and letter.isalpha() for head in heads for letter in head)


def test_a_held_batch_and_a_refused_row_say_what_to_do(office: Cockpit, watched: Watched) -> None:
    page = opened(office, watched)
    held = page.locator(".held-list li").inner_text()
    assert "vehicle_status2.csv" in held
    assert "the header came" in held
    page.locator(".show-group").click()
    page.wait_for_selector("#quarantine-rows table")
    listed = page.locator("#quarantine-rows").inner_text()
    assert "值读不懂" in listed
    assert "emergency_call.csv" in listed


def test_a_node_lights_what_it_rests_on_and_what_rests_on_it(office: Cockpit, watched: Watched) -> None:
    page = opened(office, watched)
    node = page.locator('[data-key="contract:vehicle_status"]')
    node.hover()
    lit = page.evaluate(LIT)
    assert {"source:vehicle_status", "derived:unit_run", "metrics:unit_run", "screen:emergency"} <= set(lit)
    assert not {"source:town", "contract:town", "contract:emergency_call"} & set(lit)
    page.mouse.move(0, 0)
    assert page.evaluate(LIT) == []
    node.focus()
    page.keyboard.press("Enter")
    page.locator("h1").hover()
    assert page.evaluate(LIT) == lit, "what was chosen stays lit"
    assert node.get_attribute("aria-pressed") == "true"
    node.click()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate(LIT) == []


def test_a_file_is_looked_at_confirmed_and_loaded_by_the_schedule(
    office: Cockpit, watched: Watched, tmp_path: Path, folder: Path
) -> None:
    page = opened(office, watched)
    page.evaluate("window.untouched = true")
    bad = tmp_path / "wrong.csv"
    bad.write_text("a,b\n1,2\n", encoding="utf-8")
    choose(page, bad)
    page.wait_for_selector("#upload-result .warning")
    assert "the header came without station, name, town" in page.locator("#upload-result").inner_text()
    assert page.locator(".confirm-upload").count() == 0

    good = tmp_path / "../更多 站点?.csv".replace("../", "")
    good.write_text(f"\ufeff{HEADER}\ns3,West,A\ns4,East,B\ns4,East,B\n,Nameless,A\n", encoding="utf-8")
    choose(page, good)
    page.wait_for_selector(".confirm-upload")
    told = page.locator("#upload-result").inner_text()
    assert "更多 站点?.csv" in told
    assert "读入 4 行" in told
    assert "可载入 2 行" in told
    assert "重复 1 行" in told
    assert "将拒绝 1 行" in told
    assert "必填却为空" in told
    assert "West" in told
    assert not (folder / "var" / "inbox" / "station").exists(), "nothing is stored before somebody confirms"

    page.locator(".confirm-upload").click()
    page.wait_for_selector(".submitted .batch-loaded", timeout=20_000)
    assert "已载入" in page.locator("#upload-result").inner_text()
    (brought,) = (folder / "var" / "inbox" / "station").iterdir()
    until(page, f"document.querySelector('#data-batches').innerText.includes('inbox/{brought.name}')", 10)
    assert page.evaluate("window.untouched === true")
    with urlopen(f"{office.address}/data/state") as answer:
        assert brought.name in json.dumps(json.load(answer))

    choose(page, good)
    page.wait_for_selector("#upload-result .warning")
    assert "已在" in page.locator("#upload-result").inner_text()
    assert page.locator(".confirm-upload").count() == 0, "the very same file would change nothing"
    assert watched.complaints == [said for said in watched.complaints if "400" in said], (
        "only the refused file is complained of"
    )


def test_the_page_says_so_when_the_server_is_gone(office: Cockpit, watched: Watched) -> None:
    page = opened(office, watched)
    assert not page.locator(".office-lost").is_visible()
    page.route("**/data/state**", lambda route: route.abort())
    page.clock.install()
    page.clock.run_for(200_000)
    page.wait_for_selector(".office-lost", state="visible", timeout=10_000)
    assert "失去联系" in page.locator(".office-lost").inner_text()
