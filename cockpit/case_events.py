"""What can happen to a work-injury case, and after what (domain specification, section 2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.text import Text

ANY: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseEvent:
    """One code: its name, what it means, and the events of which one must have come before it (none: any or no event)."""

    name: str
    title: Text
    after: tuple[str, ...] = ANY


BEGUN, DECIDED = ("A0",), ("D1", "D2", "D3")
RECOGNISED = ("D1", "D2")
PAYABLE = (*RECOGNISED, "F4")
APPRAISED = ("F4",)

CASE_EVENTS: Mapping[str, CaseEvent] = {
    "A0": CaseEvent("ACCIDENT", Text("事故发生", "Accident")),
    "A1": CaseEvent("REPORTED", Text("快报", "Reported"), BEGUN),
    "B1": CaseEvent("APPLIED", Text("提出认定申请", "Applied"), ("A0", "A1")),
    "B2": CaseEvent("SUPPLEMENT_ASKED", Text("一次性告知补正", "Supplement asked for"), ("B1",)),
    "B3": CaseEvent("SUPPLEMENTED", Text("补正", "Supplemented"), ("B2",)),
    "C1": CaseEvent("ACCEPTED", Text("受理", "Accepted"), ("B1", "B3")),
    "C2": CaseEvent("NOT_ACCEPTED", Text("不予受理", "Not accepted"), ("B1", "B3")),
    "C3": CaseEvent("SUSPENDED", Text("时限中止", "Suspended"), ("C1",)),
    "C4": CaseEvent("RESUMED", Text("时限恢复", "Resumed"), ("C3",)),
    "D1": CaseEvent("RECOGNISED", Text("认定", "Recognised"), ("C1", "C4")),
    "D2": CaseEvent("DEEMED", Text("视同", "Deemed"), ("C1", "C4")),
    "D3": CaseEvent("NOT_RECOGNISED", Text("不予认定", "Not recognised"), ("C1", "C4")),
    "D4": CaseEvent("DELIVERED", Text("送达", "Delivered"), DECIDED),
    "D8": CaseEvent("REVOKED", Text("决定被撤销", "Decision revoked"), DECIDED),
    "D9": CaseEvent("WITHDRAWN", Text("撤回申请", "Withdrawn"), ("B1", "B2", "B3", "C1", "C2", "C3", "C4")),
    "E0": CaseEvent("ADMITTED", Text("入院", "Admitted"), BEGUN),
    "E1": CaseEvent("DISCHARGED", Text("出院", "Discharged"), BEGUN),
    "F0": CaseEvent("APPR_BOOKED_INHOSP", Text("在院预约鉴定", "Appraisal booked in hospital"), ("E0",)),
    "F1": CaseEvent("APPR_APPLIED", Text("鉴定申请", "Appraisal applied for"), RECOGNISED),
    "F2": CaseEvent("APPR_ACCEPTED", Text("鉴定受理", "Appraisal accepted"), RECOGNISED),
    "F3": CaseEvent("APPR_EXAMINED", Text("现场鉴定", "Examined"), RECOGNISED),
    "F4": CaseEvent("APPR_CONCLUDED", Text("鉴定结论", "Appraisal concluded"), RECOGNISED),
    "F5": CaseEvent("APPR_DELIVERED", Text("结论送达", "Conclusion delivered"), RECOGNISED),
    "F6": CaseEvent("REAPPR_APPLIED", Text("再次鉴定申请", "Second appraisal applied for"), ("F5",)),
    "F7": CaseEvent("REAPPR_CONCLUDED", Text("再次鉴定结论", "Second appraisal concluded"), ("F5",)),
    "F8": CaseEvent("REVIEW_APPLIED", Text("复查鉴定申请", "Review applied for"), APPRAISED),
    "F9": CaseEvent("REVIEW_CONCLUDED", Text("复查鉴定结论", "Review concluded"), APPRAISED),
    "G1": CaseEvent("BENEFIT_APPLIED", Text("待遇申请", "Benefit applied for"), PAYABLE),
    "G2": CaseEvent("BENEFIT_ASSESSED", Text("待遇核定", "Benefit assessed"), PAYABLE),
    "G3": CaseEvent("PAID", Text("支付", "Paid"), PAYABLE),
    "H1": CaseEvent("MEDIATION_OPENED", Text("调解", "Mediation opened")),
    "H2": CaseEvent("MEDIATED", Text("调解成功", "Mediated")),
    "H3": CaseEvent("MEDIATION_FAILED", Text("调解不成", "Mediation failed")),
    "H4": CaseEvent("ARB_APPLIED", Text("仲裁申请", "Arbitration applied for")),
    "H5": CaseEvent("ARB_ACCEPTED", Text("仲裁受理", "Arbitration accepted")),
    "H6": CaseEvent("ARB_SETTLED", Text("仲裁调解", "Arbitration settled")),
    "H7": CaseEvent("ARB_AWARDED", Text("仲裁裁决", "Award")),
    "H8": CaseEvent("RECONSIDERED", Text("行政复议", "Reconsidered"), ("C2", *DECIDED, "G2")),
    "H9": CaseEvent("LITIGATED", Text("行政诉讼", "Litigated"), ("C2", *DECIDED, "G2")),
    "R1": CaseEvent("INTENT_FILED", Text("就业意向", "Wish to work filed"), APPRAISED),
    "R2": CaseEvent("TRAINED", Text("培训", "Trained"), APPRAISED),
    "R3": CaseEvent("POST_OFFERED", Text("岗位推荐", "Post offered"), APPRAISED),
    "R4": CaseEvent("PLACED", Text("上岗", "Placed"), APPRAISED),
    "Z1": CaseEvent("CLOSED", Text("办结", "Closed"), ("C2", "D3", "D4", "D9", "G3")),
}
"""The table names what must have come before by group; inside a group (F1 to F5, G1 to G3, R1 to R4) no order is asked, for
departments leave steps out. A case is closed (Z1) when it is paid or has ended."""
