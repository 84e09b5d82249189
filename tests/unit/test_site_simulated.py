"""A simulated site says that it is one, and each kind of source says where its rows come from."""

import pytest

from cockpit.errors import SiteError
from cockpit.site import SHIPPED, load_site
from etl.sources.demo import Source

HEAD = 'key = "s"\ntitle = "S"\ntime_zone = "Asia/Shanghai"\ndate_floor = 2004-01-01\n'
NOTICE = 'notice = { zh = "模拟数据", en = "Simulated 模拟数据" }\n'
SIMULATION = "[simulation]\nseed = 1\ngo_live = 2025-09-01\n"
READS = '[[sources.reads]]\ntable = "town"\nfields = { town_code = "a", name = "a" }\n'


def source(kind, *origins):
    """Return a source as `site.toml` would say it."""
    lines = [f'key = "x"\nkind = "{kind}"\ntitle = "X"\nheader = ["a"]\ninterval_s = 5', *origins]
    return "[[sources]]\n" + "\n".join(lines) + "\n" + READS


def site(folder, text):
    """Read a site of this text."""
    (folder / "site.toml").write_text(text, encoding="utf-8")
    return load_site(folder)


DEMO = source("demo", 'stream = "calls"')


def test_a_simulated_site_tells_three_years_by_default(tmp_path):
    assert site(tmp_path, HEAD + NOTICE + SIMULATION + DEMO).simulation.years == 3


@pytest.mark.parametrize(
    ("notice", "simulation", "said"),
    [
        ("", SIMULATION, "notice must say 模拟数据"),
        ('notice = "Data"\n', SIMULATION, "notice must say 模拟数据"),
        ('notice = { zh = "数据", en = "模拟数据" }\n', SIMULATION, "notice must say 模拟数据"),
        ('notice = { zh = "模拟数据", en = "Test" }\n', SIMULATION, "notice must say 模拟数据"),
        (NOTICE, "", r"no \[simulation\]"),
        (NOTICE, "[simulation]\nseed = 1\n", "go_live"),
        (NOTICE, SIMULATION + "years = 0\n", "years"),
        (NOTICE, SIMULATION + "weather = 1\n", "weather"),
    ],
)
def test_a_simulated_site_that_does_not_say_so_or_how_is_refused(tmp_path, notice, simulation, said):
    with pytest.raises(SiteError, match=said):
        site(tmp_path, HEAD + notice + simulation + DEMO)


@pytest.mark.parametrize(
    ("kind", "origins", "needs"),
    [
        ("csv", ('path = "x.csv"',), "path and encoding"),
        ("csv", ('encoding = "utf-8"',), "path and encoding"),
        ("csv", ('path = "x.csv"', 'encoding = "utf-8"', 'stream = "calls"'), "path and encoding"),
        ("replay", (), "path and encoding"),
        ("demo", (), "stream"),
        ("demo", ('stream = "calls"', 'path = "x.csv"'), "stream"),
    ],
)
def test_each_kind_of_source_needs_its_own_origin_and_no_other(tmp_path, kind, origins, needs):
    with pytest.raises(SiteError, match=f"source x is of kind {kind}: it needs {needs}, and nothing else"):
        site(tmp_path, HEAD + NOTICE + SIMULATION + source(kind, *origins))


def test_a_declared_header_that_the_stream_does_not_send_is_refused(tmp_path):
    made = site(tmp_path, HEAD + NOTICE + SIMULATION + DEMO)
    for name in ("towns", "stations", "vehicles", "hospitals", "aed_points"):
        (tmp_path / f"{name}.csv").write_bytes((SHIPPED / "wenling" / f"{name}.csv").read_bytes())
    with pytest.raises(SiteError, match="the header came"):
        Source(made.source("x"), made)


@pytest.mark.parametrize("name", ["towns", "stations", "vehicles", "hospitals", "aed_points"])
def test_a_simulated_site_without_a_list_is_refused(tmp_path, name):
    made = site(tmp_path, HEAD + NOTICE + SIMULATION + DEMO)
    for other in {"towns", "stations", "vehicles", "hospitals", "aed_points"} - {name}:
        (tmp_path / f"{other}.csv").write_bytes((SHIPPED / "wenling" / f"{other}.csv").read_bytes())
    with pytest.raises(SiteError, match=f"{name}.csv: a simulated site needs this list"):
        Source(made.source("x"), made)


def test_a_list_that_names_what_no_other_does_is_refused(tmp_path):
    made = site(tmp_path, HEAD + NOTICE + SIMULATION + DEMO)
    for name in ("towns", "stations", "vehicles", "hospitals", "aed_points"):
        text = (SHIPPED / "wenling" / f"{name}.csv").read_text(encoding="utf-8")
        (tmp_path / f"{name}.csv").write_text(text.replace(",S01,", ",S99,") if name == "vehicles" else text, encoding="utf-8")
    with pytest.raises(SiteError, match="S99 is in no list"):
        Source(made.source("x"), made)
