"""Wenling's simulated departments of work injury, their text cells read by the standard library as the site's file says."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from tests.oracle.records import Row, current
from tests.oracle.wenling import YES_NO, Cells, instant, listed, town, towns

DECISIONS = {"10": "认定", "11": "视同", "20": "不予认定", "30": "不予受理", "40": "撤回", "": None}
LANES = {
    "A": "01",
    "B": "123",
    "C": "1234",
    "D": "123489",
    "E": "01",
    "F": "0123456789",
    "G": "123",
    "H": "123456789",
    "R": "1234",
    "Z": "1",
}
CODES = frozenset(lane + number for lane, numbers in LANES.items() for number in numbers)
CHINA_S = 8 * 3600
"""The clocks of China stand eight hours before UTC, summer and winter."""


def text(cell: str) -> str | None:
    return cell or None


def whole(cell: str) -> int | None:
    return int(cell) if cell else None


def fen(cell: str) -> int | None:
    return int(Decimal(cell) * 100) if cell else None


def day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def local(at: int | None) -> int | None:
    return None if at is None else at + CHINA_S


def firm(cells: Cells) -> Row:
    return {
        "enterprise_id": cells["统一社会信用代码"],
        "prod_town": town(cells["生产乡镇"]),
        "gb4754": text(cells["行业代码"]),
        "risk_cat": whole(cells["风险类别"]),
    }


def month(cells: Cells) -> Row:
    return {
        "enterprise_id": cells["统一社会信用代码"],
        "month": cells["所属期"],
        "rev": int(cells["修订"]),
        "headcount": whole(cells["月均人数"]),
        "premium_due_fen": fen(cells["应缴保费元"]),
    }


def case(cells: Cells) -> Row:
    """Read a case. Raises: KeyError for a town or a decision in no list."""
    if cells["单位乡镇"] not in towns():
        raise KeyError(cells["单位乡镇"])
    happened = instant(cells["事故时间"])
    return {
        "case_id": cells["案件编号"],
        "rev": int(cells["修订"]),
        "event_at": happened,
        "event_local": local(happened),
        "person_key": text(cells["人员标识"]),
        "enterprise_id": text(cells["用人单位代码"]),
        "employer_town": town(cells["单位乡镇"]),
        "accident_town": town(cells["事故乡镇"]),
        "reported_at": instant(cells["报告时间"]),
        "applied_at": instant(cells["申请时间"]),
        "applicant": text(cells["申请人"]),
        "is_fast": YES_NO[cells["简易"]],
        "is_clear": YES_NO[cells["事实清楚"]],
        "basis": text(cells["依据"]),
        "accident_type": text(cells["事故类别"]),
        "injury_nature": text(cells["受伤性质"]),
        "is_insured_at_accident": YES_NO[cells["参保"]],
        "has_third_party": YES_NO[cells["第三人"]],
        "decision": DECISIONS[cells["决定"]],
        "decided_at": instant(cells["决定时间"]),
        "package": text(cells["套餐"]),
        "hospital_id": text(cells["医院"]),
        "disability_grade": whole(cells["伤残等级"]),
        "death_at": instant(cells["死亡时间"]),
        "lost_days": whole(cells["损失日"]),
        "specialist_id": text(cells["专员"]),
        "is_accompanied": YES_NO[cells["陪跑"]],
        "advance_avoided_fen": fen(cells["免垫付元"]),
    }


def event(cells: Cells) -> Row:
    """Read an event. Raises: KeyError for a code in no list."""
    if cells["环节代码"] not in CODES:
        raise KeyError(cells["环节代码"])
    at = instant(cells["办理时间"])
    return {
        "event_id": cells["事项流水号"],
        "rev": int(cells["修订"]),
        "case_id": cells["案件编号"],
        "event_code": cells["环节代码"],
        "event_at": at,
        "event_local": local(at),
        "payload": text(cells["附加内容"]),
    }


def payment(cells: Cells) -> Row:
    return {
        "pay_id": cells["支付流水号"],
        "case_id": cells["案件编号"],
        "item": text(cells["项目"]),
        "amount_fen": fen(cells["金额元"]),
        "paid_on": day(cells["支付日期"]),
        "payer": text(cells["支付方"]),
    }


@cache
def aliases() -> dict[str, str]:
    """Return the town that each other word stands for, where it stands for one."""
    return {row["alias"]: row["town"] for row in listed("town_alias") if row["town"]}


def order(cells: Cells) -> Row:
    return {
        "order_id": cells["指令编号"],
        "rev": int(cells["修订"]),
        "town_code": town(aliases().get(cells["乡镇"], cells["乡镇"])),
        "event_at": instant(cells["推送时间"]),
        "due_on": day(cells["整改期限"]),
        "closed_at": instant(cells["销号时间"]),
    }


def material(cells: Cells) -> Row:
    return {
        "case_id": cells["案件编号"],
        "package": text(cells["套餐"]),
        "material_count": whole(cells["材料份数"]),
        "is_card_only": YES_NO[cells["凭卡即办"]],
    }


def back_to_work(cells: Cells) -> Row:
    steps = {"intent_at": "意向登记", "trained_at": "培训", "offered_at": "推荐", "placed_at": "上岗"}
    return {
        "case_id": cells["案件编号"],
        "rev": int(cells["修订"]),
        **{name: instant(cells[header]) for name, header in steps.items()},
    }


def post(cells: Cells) -> Row:
    return {
        "post_id": cells["岗位编号"],
        "rev": int(cells["修订"]),
        "employer_id": text(cells["单位代码"]),
        "posted_on": day(cells["发布日期"]),
        "closed_on": day(cells["关闭日期"]),
    }


def session(cells: Cells) -> Row:
    return {
        "slot_id": cells["场次号"],
        "rev": int(cells["修订"]),
        "hospital_id": text(cells["医院"]),
        "begin_at": instant(cells["开始"]),
        "capacity_count": whole(cells["容量"]),
        "booked_count": whole(cells["已约"]),
        "no_show_count": whole(cells["爽约"]),
    }


def hearing(cells: Cells) -> Row:
    return {
        "hearing_id": cells["庭审编号"],
        "case_id": cells["案件编号"],
        "event_at": instant(cells["开庭时间"]),
        "mode": text(cells["庭审方式"]),
        "is_cross_region": YES_NO[cells["跨区域"]],
        "is_tolerance_accepted": YES_NO[cells["容缺受理"]],
    }


def call(cells: Cells) -> Row:
    return {
        "call_id": cells["CALL_ID"],
        "from_dept": text(cells["FROM_DEPT"]),
        "to_dept": text(cells["TO_DEPT"]),
        "event_at": instant(cells["CALLED"]),
        "answered_at": instant(cells["ANSWERED"]),
        "is_ok": YES_NO[cells["OK"]],
    }


READ: dict[str, tuple[str, Callable[[Cells], Row], tuple[str, ...]]] = {
    "enterprises": ("enterprise", firm, ("enterprise_id",)),
    "headcounts": ("enterprise_month", month, ("enterprise_id", "month")),
    "injury_cases": ("work_injury_case", case, ("case_id",)),
    "injury_events": ("case_event", event, ("event_id",)),
    "benefits": ("benefit_payment", payment, ("pay_id",)),
    "materials": ("case_material", material, ("case_id",)),
    "reemployment": ("reemploy", back_to_work, ("case_id",)),
    "posts": ("job_post", post, ("post_id",)),
    "slots": ("appraisal_slot", session, ("slot_id",)),
    "hearings": ("arb_hearing", hearing, ("hearing_id",)),
    "exchange": ("exchange_call", call, ("call_id",)),
    "orders": ("rectification_order", order, ("order_id",)),
}
"""Stream → the contract that it fills, how a row is read, and what it is known by."""

CONTRACTS = (*(table for table, _, _ in READ.values()), "specialist", "cn_workday", "town")


class InjuryDepartments:
    """All that the departments have sent so far."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {table: [] for table, _, _ in READ.values()}
        self.firms: set[str] = set()
        self.refused: Counter[tuple[str, str]] = Counter()
        self.known_refused: set[tuple[str, ...]] = set()

    def hear(self, stream: str, header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
        """Read what a stream has sent; a row with a code, a town or a firm in no list so far is refused, once."""
        table, read, _ = READ[stream]
        for line in lines:
            try:
                row = self.of_listed_firm(table, read(dict(zip(header, line, strict=True))))
            except KeyError:
                if (table, *line) not in self.known_refused:
                    self.known_refused.add((table, *line))
                    self.refused[table, "not_allowed" if table == "case_event" else "unknown_reference"] += 1
                continue
            self.rows[table].append(row)
            if table == "enterprise":
                self.firms.add(row["enterprise_id"])

    def of_listed_firm(self, table: str, row: Row) -> Row:
        """Return a row unless it is a case of a firm in no list so far. Raises: KeyError."""
        if table == "work_injury_case" and row["enterprise_id"] not in self.firms:
            raise KeyError(row["enterprise_id"])
        return row

    def records(self) -> dict[str, list[Row]]:
        """Return the current rows of every contract."""
        keys = {table: key for table, _, key in READ.values()}
        return {**{name: current(rows, *keys[name]) for name, rows in self.rows.items()}, "specialist": specialists()}


def specialists() -> list[Row]:
    return [
        {
            "specialist_id": row["specialist"],
            "role": text(row["role"]),
            "town_code": town(row["town"]),
            "is_active": {"true": True, "false": False, "": None}[row["active"]],
        }
        for row in listed("specialists")
    ]
