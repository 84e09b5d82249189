"""`injury_clock`: every start of every clock of each work-injury case 工伤时限, with its due days, warnings and state."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cockpit.injury_clock import ClockKind, ClockState
from cockpit.injury_clocks import BY_ID, CLOCKS, RECOGNITION
from cockpit.ledger.tables import EVENT_LOCAL, Column, Kind, Pii, Table
from cockpit.scope import UNKNOWN_TOWN
from cockpit.text import Text
from cockpit.window import DAY_S
from etl.derive.injury_clock_due import judged
from etl.derive.injury_clock_spans import spans
from etl.derive.injury_log import NUMBERS, ordered
from etl.derived import Derived, Lookup

INJURY_CLOCK_TABLE = Table(
    name="injury_clock",
    title=Text("工伤时限", "Clock of a work-injury case"),
    grain="one row per case, clock and start",
    key=("case_id", "clock", "start_no"),
    by=("case_id",),
    town="town",
    pii=Pii.PERSONAL,
    columns=(
        Column("case_id", Kind.TEXT, Text("案件编号", "Case"), required=True),
        Column("clock", Kind.TEXT, Text("时限", "Clock, L1 to L21"), required=True, allowed=(*BY_ID,)),
        Column("start_no", Kind.INTEGER, Text("第几次起算", "Which start of it, from 1"), required=True, unit="1"),
        Column("town", Kind.TOWN, Text("单位所在乡镇", "Town of the production site"), required=True),
        Column("track", Kind.TEXT, Text("办理方式", "Track"), allowed=(*RECOGNITION,)),
        Column("kind", Kind.TEXT, Text("类别", "Whom it binds"), allowed=tuple(ClockKind)),
        Column("event_at", Kind.INSTANT, Text("起算时刻", "When it started"), required=True),
        EVENT_LOCAL,
        Column("stopped_at", Kind.INSTANT, Text("终止时刻", "When it ended")),
        Column("stop_code", Kind.TEXT, Text("终止事件", "What ended it")),
        Column("state", Kind.TEXT, Text("状态", "State"), allowed=tuple(ClockState)),
        Column("limit_days", Kind.INTEGER, Text("期限（日历日）", "Calendar days from start to strict due day"), unit="d"),
        Column("paused_days", Kind.INTEGER, Text("中止天数", "Days of its pauses that are over"), unit="d"),
        Column("used_s", Kind.INTEGER, Text("用时", "From day to day without pauses; none while it runs"), unit="s"),
        Column("limit_used_pct", Kind.REAL, Text("时限用去比例", "Days used, in per cent of the limit"), unit="%"),
        Column("strict_due_on", Kind.DAY, Text("届满日（不顺延）", "Last day, not rolled forward")),
        Column("due_on", Kind.DAY, Text("届满日", "Last day")),
        Column("strict_due_at", Kind.INSTANT, Text("届满时刻（不顺延）", "First instant after the strict last day: red")),
        Column("due_at", Kind.INSTANT, Text("届满时刻", "First instant after the last day: overdue")),
        Column("blue_at", Kind.INSTANT, Text("蓝色预警时刻", "When the blue warning begins")),
        Column("yellow_at", Kind.INSTANT, Text("黄色预警时刻", "When the yellow warning begins")),
        Column("orange_at", Kind.INSTANT, Text("橙色预警时刻", "When the orange warning begins")),
        Column("is_provisional", Kind.BOOLEAN, Text("暂定", "Its year's notice of holidays is not out")),
    ),
)


def injury_clock(current: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Derive the clocks of the cases that were touched; an event of a case that no list has, starts none."""
    cases = placed(current["work_injury_case"], current["enterprise"])
    events = current["case_event"]
    log = ordered(events[events["case_id"].isin(cases["case_id"])])
    found = judged(spans(log, cases), current["cn_workday"], current["config"])
    return worded(numbered(found), cases)


def placed(cases: pd.DataFrame, enterprises: pd.DataFrame) -> pd.DataFrame:
    """Return the cases with the town of the enterprise's production site, if known, else the listed one, and their track."""
    town = cases["enterprise_id"].map(enterprises.set_index("enterprise_id")["prod_town"])
    is_known = town.notna() & (town != UNKNOWN_TOWN)
    is_fast, is_clear = cases["is_fast"].eq(True), cases["is_clear"].eq(True)  # noqa: FBT003 a value: unknown is not true
    track = np.select([is_fast, is_clear], ["fast", "clear"], "ordinary")
    return cases.assign(town=town.where(is_known, cases["employer_town"]), track=track)


def numbered(found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the number of each start, counted from 1 in each case and clock."""
    found = found.sort_values(["row", "clock", "from_at"], kind="stable", ignore_index=True)
    own = found["row"].to_numpy() * len(CLOCKS) + found["clock"].to_numpy()
    begins = np.flatnonzero(np.diff(own, prepend=-1) != 0)
    lengths = np.diff(np.append(begins, len(own)))
    return found.assign(start_no=np.arange(len(own)) - np.repeat(begins, lengths) + 1)


def worded(found: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as the table has them, with words where numbers stood for them."""
    row, clock = found["row"].to_numpy(), found["clock"].to_numpy()
    words = {
        **{name: cases[name].to_numpy(object)[row] for name in ("case_id", "town", "track")},
        "clock": np.array([one.id for one in CLOCKS], object)[clock],
        "kind": np.array([str(one.kind) for one in CLOCKS], object)[clock],
        "stop_code": np.array([*NUMBERS, None], object)[found["to_code"].to_numpy(np.int64)],
    }
    names = {"from_at": "event_at", "from_local": "event_local", "to_at": "stopped_at"}
    told = found.drop(columns="clock").rename(columns=names)
    told["limit_used_pct"] = 100 * told["used_s"] / DAY_S / told["limit_days"].where(told["limit_days"] > 0)
    for name, values in words.items():
        told[name] = pd.Series(values, dtype=object)
    return told[list(INJURY_CLOCK_TABLE.names)]


INJURY_CLOCK = Derived(
    table=INJURY_CLOCK_TABLE,
    sources=("work_injury_case", "case_event"),
    by="case_id",
    frame=injury_clock,
    lookups=(Lookup("enterprise", "work_injury_case", "enterprise_id"), Lookup("cn_workday"), Lookup("config")),
)
