"""Why an enterprise has its index: one short sentence, from the columns of its row."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cockpit.judging.risk_index import Mask, Words
from cockpit.judging.risk_rules import GRADES, INDICATORS, RiskRules
from cockpit.statistics import Numbers
from cockpit.text import Language, Text

SHOWN = 3
"""How many indicators a sentence names: those that carry most of the index. [DEF]"""

FIGURE = {
    "count": Text("发生{0:.0f}起", "{0:.0f} cases"),
    "rate": Text("发生率θ={0:.2f}", "rate θ={0:.2f}"),
    "trend": Text("同比{0:.2f}倍", "{0:.2f} times last year"),
    "severity": Text("伤残{0:.2f}倍", "severity {0:.2f} times the usual"),
    "cost": Text("支缴比{0:.0%}", "cost ratio {0:.0%}"),
}
"""How the figure of each indicator is written."""

COLUMN = {
    "count": "observed_count",
    "rate": "theta",
    "trend": "trend",
    "severity": "severity_ratio",
    "cost": "cost_ratio",
}
"""The column of each indicator's figure; that of the trend is a logarithm."""

NAMES = ("idx", "grade", "floor", "is_gated", *COLUMN.values(), *(f"{name}_score" for name in INDICATORS))
"""The columns that a sentence is made of."""

SCORE = Text("{figure} {score:.1f}分", "{figure}: {score:.1f}")
SEPARATOR = Text("；", "; ")
HEAD = Text("指数{idx:.1f}({grade})：", "index {idx:.1f} ({grade}): ")
NOTHING = Text("各项均为0分", "nothing scores")
GATED = Text("；证据不足：24个月不足{cases}件", "; too little evidence: fewer than {cases} cases in 24 months")
FLOORED = {
    "橙": Text("12个月内有工亡或1–4级，至少为橙", "a death or a grade 1 to 4 within 12 months: at least orange"),
    "红": Text("12个月内多人工亡，定为红", "several deaths within 12 months: red"),
}
NO_COST = Text("；支缴比不明，按其余四项计", "; cost ratio unknown, the other four weigh in its place")
NO_INDEX = Text("参保人数不明，不计指数", "insured workers unknown, so no index")
GRADE_WORDS = {"绿": "green", "黄": "yellow", "橙": "orange", "红": "red"}

Columns = Mapping[str, Any]


def reason(row: Columns, language: Language, rules: RiskRules | None = None) -> str:
    """Return the sentence of one row of `enterprise_risk`."""
    columns = {name: np.array([row[name]], object) for name in NAMES}
    return str(reasons(columns, language, rules or RiskRules())[0])


def reasons(columns: Columns, language: Language, rules: RiskRules) -> Words:
    """Return the sentence of each row, from columns of `enterprise_risk` as they are stored, rounded."""
    idx = numbers(columns["idx"])
    has_index = ~np.isnan(idx)
    told = np.full(len(idx), NO_INDEX(language), object)
    scored = {name: np.asarray(columns[name])[has_index] for name in NAMES}
    if has_index.any():
        told[has_index] = sentences(scored, language, rules)
    floor = np.asarray(columns["floor"], object)
    for grade, text in FLOORED.items():
        told[floor == grade] += SEPARATOR(language) + text(language)
    return told


def sentences(columns: Columns, language: Language, rules: RiskRules) -> Words:
    """Return the sentences of rows with an index: the index, what carries it, and what holds it back."""
    scores = np.column_stack([numbers(columns[f"{name}_score"]) for name in INDICATORS])
    told: Words = heads(numbers(columns["idx"]), columns["grade"], language) + carried(columns, scores, language, rules)
    told[np.isnan(scores[:, INDICATORS.index("cost")])] += NO_COST(language)
    told[truths(columns["is_gated"])] += GATED(language).format(cases=rules.gate_cases)
    return told


def heads(idx: Numbers, grade: Words, language: Language) -> Words:
    """Return the beginning of each sentence; there are at most four thousand different ones."""
    code = np.round(idx * 10).astype(np.int64) * len(GRADES) + np.array([GRADES.index(one) for one in grade.tolist()], np.int64)
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    named = [one if language == "zh" else GRADE_WORDS[one] for one in grade[first].tolist()]
    texts = [HEAD(language).format(idx=value, grade=word) for value, word in zip(idx[first].tolist(), named, strict=True)]
    return np.array(texts, object)[place]


def carried(columns: Columns, scores: Numbers, language: Language, rules: RiskRules) -> Words:
    """Return the indicators that carry each index, the heaviest first; those that score nothing carry nothing."""
    weight = np.nan_to_num(scores) * rules.weights
    order = np.argsort(-weight, axis=1, kind="stable")[:, :SHOWN]
    shown = np.take_along_axis(weight, order, axis=1) > 0
    texts = np.column_stack([written(name, columns, scores[:, i], language) for i, name in enumerate(INDICATORS)])
    chosen = np.take_along_axis(texts, order, axis=1)
    told: Words = np.where(shown[:, 0], chosen[:, 0], NOTHING(language))
    for place in range(1, SHOWN):
        told = told + np.where(shown[:, place], SEPARATOR(language) + chosen[:, place], "")
    return told


def written(name: str, columns: Columns, scores: Numbers, language: Language) -> Words:
    """Return one indicator of each row with its figure and its score, each different pair written once."""
    values = numbers(columns[COLUMN[name]])
    code = np.nan_to_num(np.round(values * 1000) * 2000 + np.round(scores * 10)).astype(np.int64)
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    told = np.exp(values[first]) if name == "trend" else values[first]
    score, figure = SCORE(language), FIGURE[name](language)
    pairs = zip(told.tolist(), scores[first].tolist(), strict=True)
    return np.array([score.format(figure=figure.format(value), score=points) for value, points in pairs], object)[place]


def numbers(values: Any) -> Numbers:
    """Return a column of numbers, NaN where there is none."""
    return np.asarray(values, np.float64) if not isinstance(values, np.ndarray) else values.astype(np.float64)


def truths(values: Any) -> Mask:
    """Return which of a column's values are true."""
    found: Mask = np.asarray(values, object) == True  # noqa: E712 of missing ones too
    return found
