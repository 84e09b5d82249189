"""Rules that a row may break and still be loaded (domain specification, section 10.3, severity W): each is one record."""

from collections.abc import Mapping
from dataclasses import dataclass

from cockpit.text import Text


@dataclass(frozen=True)
class Rule:
    """What is doubtful about a row of a table, and why."""

    key: str
    of_table: str
    title: Text


WI_APPLIED_LATE = Rule(
    "WI_APPLIED_LATE", "work_injury_case", Text("事故一年后才申请", "Applied over a year after the accident")
)
WI_STAMP_ORDER = Rule(
    "WI_STAMP_ORDER", "work_injury_case", Text("时点先后颠倒", "Applied before the accident, or decided before")
)
WI_GRADE_UNCONCLUDED = Rule(
    "WI_GRADE_UNCONCLUDED", "work_injury_case", Text("有等级而无鉴定结论", "A grade without a concluded appraisal")
)
WI_NOT_ACCEPTED = Rule("WI_NOT_ACCEPTED", "case_event", Text("未受理即决定", "Decided without being accepted"))
WI_TWO_DECISIONS = Rule("WI_TWO_DECISIONS", "case_event", Text("未撤销又决定", "Decided again without being revoked"))
WI_NOT_ASSESSED = Rule("WI_NOT_ASSESSED", "case_event", Text("未核定即支付", "Paid without being assessed"))
WI_TRANSITION = Rule("WI_TRANSITION", "case_event", Text("环节顺序不合", "Does not follow from what came before"))
ENT_NO_HEADCOUNT = Rule(
    "ENT_NO_HEADCOUNT", "enterprise_month", Text("参保而缺当月人数", "Insured, but no headcount of that month")
)
ENT_HEADCOUNT_JUMP = Rule("ENT_HEADCOUNT_JUMP", "enterprise_month", Text("人数环比突变", "Headcount jumped by more than half"))
MED_ENDS_BEFORE = Rule("MED_ENDS_BEFORE", "claim", Text("结束早于开始", "Ends before it begins"))
MED_OUTSIDE_STAY = Rule("MED_OUTSIDE_STAY", "claim_line", Text("费用在就诊期外", "Charged outside the stay"))
EM_RUN_ORDER = Rule("EM_RUN_ORDER", "unit_run", Text("出车时序颠倒", "Stamps of a run out of order"))
EM_INCIDENT_ORDER = Rule("EM_INCIDENT_ORDER", "incident", Text("事件时序颠倒", "Stamps of an incident out of order"))
SR_STATUS_BEHIND = Rule(
    "SR_STATUS_BEHIND", "service_request", Text("有办结时间而登记未办结", "Stamped as closed, and said to be open")
)
SR_STAMP_COPIED = Rule(
    "SR_STAMP_COPIED", "service_request", Text("办结时间系复制提出时间", "Closed in the second it was made: a copied stamp")
)
SR_STAMP_ORDER = Rule("SR_STAMP_ORDER", "service_request", Text("办结早于提出", "Closed before it was made"))

RULES: Mapping[str, Rule] = {rule.key: rule for rule in list(vars().values()) if isinstance(rule, Rule)}
