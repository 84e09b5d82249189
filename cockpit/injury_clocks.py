"""The 21 clocks of a work-injury case 工伤时限: what starts and stops each, how long it runs, and on whose authority.

Source: domain specification, section 2.2, with the law that each record names. What no law says is [DEF], this platform's
default 本平台默认口径; a city may set limits and units in its `config` (see `etl/derive/injury_clock_rules.py`).
"""

from cockpit.case_events import DECIDED
from cockpit.errors import UnknownName
from cockpit.injury_clock import ClockKind, ClockUnit, InjuryClock
from cockpit.text import Text

DAY, WORKDAY, MONTH, YEAR = ClockUnit
AGENCY, PARTY, NOT_BEFORE, LEAVE = ClockKind

CLOCKS: tuple[InjuryClock, ...] = (
    InjuryClock(
        id="L1",
        title=Text("单位申请认定", "Application by the employer"),
        starts=("A0",),
        stops=("B1",),
        limit=30,
        unit=DAY,
        kind=PARTY,
        basis=Text("《工伤保险条例》第17条；《浙江省工伤保险条例》第12条", "WI art. 17; ZJ art. 12"),
        extended_by=("B1",),
    ),
    InjuryClock(
        id="L2",
        title=Text("职工、近亲属或工会申请认定", "Application by worker, kin or union"),
        starts=("A0",),
        stops=("B1",),
        limit=1,
        unit=YEAR,
        kind=PARTY,
        basis=Text("《工伤保险条例》第17条；《浙江省工伤保险条例》第12条", "WI art. 17; ZJ art. 12"),
    ),
    InjuryClock(
        id="L3",
        title=Text("受理审查", "Acceptance"),
        starts=("B1",),
        stops=("C1", "C2", "B2"),
        limit=5,
        unit=WORKDAY,
        kind=AGENCY,
        basis=Text("《浙江省工伤保险条例》第16条；《工伤认定办法》第8条", "ZJ art. 16; recognition rules art. 8"),
        ends=("D9", *DECIDED),
    ),
    InjuryClock(
        id="L4",
        title=Text("补正后不予受理", "Refusal after supplement"),
        starts=("B3",),
        stops=("C2",),
        limit=3,
        unit=DAY,
        kind=AGENCY,
        basis=Text("《浙江省工伤保险条例》第16条", "ZJ art. 16"),
        ends=("C1", "D9", *DECIDED),
    ),
    InjuryClock(
        id="L5",
        title=Text("工伤认定", "Recognition"),
        starts=("C1", "D8"),
        stops=DECIDED,
        limit=60,
        unit=DAY,
        kind=AGENCY,
        basis=Text("《工伤保险条例》第20条", "WI art. 20"),
        ends=("D9", "C2"),
        is_pausable=True,
    ),
    InjuryClock(
        id="L6",
        title=Text("工伤认定（事实清楚）", "Recognition, facts clear"),
        starts=("C1", "D8"),
        stops=DECIDED,
        limit=15,
        unit=DAY,
        kind=AGENCY,
        basis=Text("《工伤保险条例》第20条", "WI art. 20"),
        ends=("D9", "C2"),
        is_pausable=True,
    ),
    InjuryClock(
        id="L7",
        title=Text("工伤认定（简易）", "Recognition, fast track"),
        starts=("C1", "D8"),
        stops=DECIDED,
        limit=3,
        unit=WORKDAY,
        kind=AGENCY,
        basis=Text("本地简易工伤规定；单位为本平台默认口径", "Local fast track; its unit is this platform's default"),
        ends=("D9", "C2"),
        is_pausable=True,
        is_default=True,
    ),
    InjuryClock(
        id="L8",
        title=Text("决定送达", "Decision delivered"),
        starts=DECIDED,
        stops=("D4",),
        limit=20,
        unit=DAY,
        kind=AGENCY,
        basis=Text("《工伤认定办法》第22条", "Recognition rules art. 22"),
        ends=("D8",),
    ),
    InjuryClock(
        id="L9",
        title=Text("鉴定材料审核", "Appraisal papers"),
        starts=("F1",),
        stops=("F2",),
        limit=5,
        unit=WORKDAY,
        kind=AGENCY,
        basis=Text("《劳动能力鉴定管理办法》（2025）", "Appraisal rules of 2025"),
        ends=("F4",),
    ),
    InjuryClock(
        id="L10",
        title=Text("劳动能力鉴定", "Appraisal"),
        starts=("F1",),
        stops=("F4",),
        limit=60,
        unit=DAY,
        kind=AGENCY,
        basis=Text("《工伤保险条例》第25条", "WI art. 25"),
        extended_by=("F2",),
    ),
    InjuryClock(
        id="L11",
        title=Text("鉴定结论送达", "Conclusion delivered"),
        starts=("F4",),
        stops=("F5",),
        limit=15,
        unit=DAY,
        kind=AGENCY,
        basis=Text("《劳动能力鉴定管理办法》（2025）", "Appraisal rules of 2025"),
        ends=("F6",),
    ),
    InjuryClock(
        id="L12",
        title=Text("申请再次鉴定", "Applying for a second appraisal"),
        starts=("F5",),
        stops=("F6",),
        limit=15,
        unit=DAY,
        kind=PARTY,
        basis=Text("《工伤保险条例》第26条", "WI art. 26"),
    ),
    InjuryClock(
        id="L13",
        title=Text("再次鉴定、复查鉴定", "Second appraisal, review"),
        starts=("F6", "F8"),
        stops=("F7", "F9"),
        limit=60,
        unit=DAY,
        kind=AGENCY,
        basis=Text("《工伤保险条例》第29条", "WI art. 29"),
        extended_by=("F6", "F8"),
    ),
    InjuryClock(
        id="L14",
        title=Text("复查鉴定最早申请", "Earliest review"),
        starts=("F4",),
        stops=("F8",),
        limit=1,
        unit=YEAR,
        kind=NOT_BEFORE,
        basis=Text("《工伤保险条例》第28条", "WI art. 28"),
    ),
    InjuryClock(
        id="L15",
        title=Text("停工留薪期", "Paid leave"),
        starts=("A0",),
        stops=("F4",),
        limit=12,
        unit=MONTH,
        kind=LEAVE,
        basis=Text("《工伤保险条例》第33条", "WI art. 33"),
        ends=("D3", "D9", "C2"),
    ),
    InjuryClock(
        id="L16",
        title=Text("待遇支付", "Payment of a benefit"),
        starts=("G1",),
        stops=("G3",),
        limit=20,
        unit=WORKDAY,
        kind=AGENCY,
        basis=Text("本平台默认口径，待按本地办事指南设置", "This platform's default, to be set to the local guide"),
        is_default=True,
    ),
    InjuryClock(
        id="L17",
        title=Text("调解", "Mediation"),
        starts=("H1",),
        stops=("H2", "H3"),
        limit=15,
        unit=DAY,
        kind=AGENCY,
        basis=Text("《劳动争议调解仲裁法》第14条", "ARB art. 14"),
        ends=("H4",),
    ),
    InjuryClock(
        id="L18",
        title=Text("仲裁受理", "Acceptance of arbitration"),
        starts=("H4",),
        stops=("H5",),
        limit=5,
        unit=DAY,
        kind=AGENCY,
        basis=Text("《劳动争议调解仲裁法》第29条", "ARB art. 29"),
        ends=("H6", "H7"),
    ),
    InjuryClock(
        id="L19",
        title=Text("申请书副本送达", "Copy to the respondent"),
        starts=("H5",),
        stops=("H5",),
        limit=5,
        unit=DAY,
        kind=AGENCY,
        basis=Text("《劳动争议调解仲裁法》第30条", "ARB art. 30"),
        ends=("H6", "H7"),
    ),
    InjuryClock(
        id="L20",
        title=Text("仲裁裁决", "Award"),
        starts=("H5",),
        stops=("H6", "H7"),
        limit=45,
        unit=DAY,
        kind=AGENCY,
        basis=Text("《劳动争议调解仲裁法》第43条", "ARB art. 43"),
        extended_by=("H5",),
    ),
    InjuryClock(
        id="L21",
        title=Text("申请仲裁时效", "Time to apply for arbitration"),
        starts=("H4",),
        stops=("H4",),
        limit=1,
        unit=YEAR,
        kind=PARTY,
        basis=Text("《劳动争议调解仲裁法》第27条", "ARB art. 27"),
    ),
)
"""L5, L6 and L7 are alternatives: L7 on the fast track, else L6 where the facts are clear, else L5. L1 is asked where the
employer applied, L2 where somebody else did, both while nobody has. L19 ends on the day that its H5 names (`served_on`), L21
begins on the day that its H4 names (`known_on`); L16 is one clock for each item (`item`)."""

BY_ID = {clock.id: clock for clock in CLOCKS}

RECOGNITION = {"fast": "L7", "clear": "L6", "ordinary": "L5"}
"""The clock of recognition on each track."""


def clock_named(key: str) -> InjuryClock:
    """Return a clock by its id. Raises: UnknownName."""
    if key not in BY_ID:
        raise UnknownName(f"there is no clock {key!r} of work injury; there are {', '.join(BY_ID)}")
    return BY_ID[key]
