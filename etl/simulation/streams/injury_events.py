"""`injury_events`: the case system 工伤办件系统, one row an event of a case."""

import numpy as np

from etl.simulation.blocks import Block
from etl.simulation.draws import Names
from etl.simulation.injury.accidents import Accidents, accidents
from etl.simulation.injury.city import City
from etl.simulation.injury.log import Log, log_block
from etl.simulation.injury.payloads import payloads
from etl.simulation.sending import UNLISTED, Cells, stamps

HEADER = ("事项流水号", "修订", "案件编号", "环节代码", "办理时间", "办理机构", "文书号", "附加内容")
MONTHS_BEFORE, MONTHS_AHEAD = 15, 0
"""Applications come up to 14 months after the accident."""
OFFICES = {
    "A": "SQR", "B": "SQR", "C": "RSJ-GS", "D": "RSJ-GS", "E": "YY", "F": "LJH",
    "G": "SBZX", "H": "TZZ", "R": "JYZX", "Z": "XT",
}  # fmt: skip
"""Who acts, by the lane of a step: applicant, the desk for work injuries, hospital, appraisal committee and others."""
EXCEPTIONS = {"B2": "RSJ-GS", "D8": "FY", "H4": "ZCY", "H5": "ZCY", "H6": "ZCY", "H7": "ZCY", "H8": "ZF", "H9": "FY"}
DOCUMENTS = {"C1": "受", "C2": "不受", "C3": "中止", "D1": "认", "D2": "视", "D3": "不认", "F4": "鉴", "F7": "再鉴", "H7": "裁"}


def block_of(city: City, month: int) -> Block:
    """Return the events about one month's accidents."""
    return log_block(accidents(city, month), cells)


def cells(told: Accidents, log: Log) -> Cells:
    """Return rows of events as the system writes them."""
    codes = [step[:2] for step in log.steps]
    ids = told.facts.ids[log.case]
    code = named(codes, log)
    return {
        "事项流水号": ids + "-" + named(list(log.steps), log),
        "修订": log.rev.astype(str).astype(object),
        "案件编号": ids,
        "环节代码": np.where(log.is_refused, UNLISTED, code).astype(object),
        "办理时间": stamps(log.at, told.city.zone, "blank"),
        "办理机构": named([EXCEPTIONS.get(code, OFFICES[code[0]]) for code in codes], log),
        "文书号": documents(codes, log, ids),
        "附加内容": payloads(told, log),
    }


def documents(codes: list[str], log: Log, ids: Names) -> Names:
    """Return the number of the document that goes with an event, '' where none does."""
    kind = named([DOCUMENTS.get(code, "") for code in codes], log)
    return np.where(kind == "", "", "温人社工" + kind + "字〔" + ids + "〕").astype(object)


def named(names: list[str], log: Log) -> Names:
    """Return for each row the name of its step."""
    return np.array(names, object)[log.step]
