"""Why a town has its colour, in a sentence made of a row of its history (domain specification, section 3.4)."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from cockpit.judging.rounding import half_up
from cockpit.text import Language, Text

NAME: Mapping[str, Text] = MappingProxyType(
    {"绿": Text("绿", "green"), "黄": Text("黄", "yellow"), "橙": Text("橙", "orange"), "红": Text("红", "red")}
)
UNKNOWN = "—"
LEVEL = Text("标化比{sir}(z*={zstar}){level}分；", "standardised ratio {sir} (z*={zstar}) {level}; ")
CHANGE = Text("同比{change_text}{change}分；", "year on year {change_text} {change}; ")
CHANGE_FROM_0 = Text("上年同期为0，同比{change}分；", "no case in the year before, {change}; ")
SEVERITY = Text("严重度{quotient}倍{severity}分；", "severity {quotient} times {severity}; ")
OVERDUE = Text("超期整改{overdue_count}/{open_count} {overdue}分；", "overdue orders {overdue_count}/{open_count} {overdue}; ")
NO_ORDERS = Text("无在办整改 {overdue}分；", "no open orders {overdue}; ")
REPEAT = Text("重复企业占{share}% {repeat}分。", "cases of repeating firms {share}% {repeat}.")
SCORED = Text("得分{score}({raw})：", "Score {score} ({raw}): ")

THIN = Text("样本不足：期望案件少于5件。", " Too little evidence: fewer than 5 cases expected.")
DEATH = Text("近90日有工亡，至少橙。", " A death at work in 90 days, at least orange.")
DEATHS = Text("近90日工亡不止一人，至少红。", " More than one death at work in 90 days, at least red.")
RAISED = Text("另有升级规定，至少{floor}。", " Raised for another reason, at least {floor}.")
HELD = Text("按升降规则现为{colour}。", " By the rules of rising and falling it stands at {colour}.")
FROZEN = Text(
    "全市本周受理量不到常量的四成，疑似数据中断，颜色冻结。", " The city's intake fell below 40% of usual: colours are frozen."
)
SILENT = Text("数据中断：该镇久无数据，不评分、不着色。", "Nothing was heard of this town for too long: no score, no colour.")
NOT_SCORED = Text("资料不足，未评分。", "Too little is known for a score.")

LEADING: Mapping[str, Text] = MappingProxyType(
    {
        "level_score": Text("发生率高于全市", "incidence above the city's"),
        "change_score": Text("发生率同比上升", "incidence rose on last year"),
        "severity_score": Text("伤情偏重", "injuries are graver"),
        "overdue_score": Text("整改超期", "orders are overdue"),
        "repeat_score": Text("集中在少数企业", "few firms, many cases"),
    }
)
"""What a part of the score says when it gives the most points."""

DIED = Text("近期有工亡", "a recent death at work")
DEATH_FLOOR: Mapping[str, Text] = MappingProxyType({"橙": DEATH, "红": DEATHS})


def reason(row: Mapping[str, Any], language: Language) -> str:
    """Return why a row of `town_colour_history` has its colour; counts of deaths are not told, since they are small cells."""
    if row.get("is_silent") is True or row.get("is_silent") == 1:
        return SILENT(language)
    if number(row, "score") is None:
        return NOT_SCORED(language) + FROZEN(language) * bool(row.get("is_frozen"))
    told = values(row, language)
    return "".join(part(language).format(**told) for part in (SCORED, *parts(row), *notes(row)))


def leading(row: Mapping[str, Any]) -> Text:
    """Return the one reason that weighs most, in a few words: a death, or the part of the score that gives the most points."""
    if row.get("floor") in DEATH_FLOOR and (number(row, "death_count") or 0) >= 1:
        return DIED
    most = max(LEADING, key=lambda name: number(row, name) or 0.0)
    return LEADING[most] if number(row, most) else NOT_SCORED


def values(row: Mapping[str, Any], language: Language) -> dict[str, str]:
    """Return everything that the sentence may name, as it is written."""
    observed, repeated = number(row, "observed_count"), number(row, "repeat_case_count")
    scores = {name: written(number(row, f"{name}_score"), 1) for name in ("level", "change", "severity", "overdue", "repeat")}
    names = {
        key: named(row.get(column), language)
        for key, column in (("raw", "raw_colour"), ("floor", "floor"), ("colour", "colour"))
    }
    return {
        **scores,
        **names,
        "score": written(number(row, "score"), 1),
        "sir": written(number(row, "sir"), 2),
        "zstar": written(number(row, "zstar"), 2),
        "change_text": change_text(row),
        "quotient": written(number(row, "severity_ratio"), 2),
        "overdue_count": written(number(row, "overdue_order_count"), 0),
        "open_count": written(number(row, "open_order_count"), 0),
        "share": written(100 * (repeated or 0) / observed if observed else 0.0, 0),
    }


def parts(row: Mapping[str, Any]) -> tuple[Text, ...]:
    """Return the sentences of the five parts of a score."""
    was_none = number(row, "observed_before") == 0 and number(row, "person_years_before")
    return (
        LEVEL,
        CHANGE_FROM_0 if was_none else CHANGE,
        SEVERITY,
        OVERDUE if number(row, "open_order_count") else NO_ORDERS,
        REPEAT,
    )


def notes(row: Mapping[str, Any]) -> Iterator[Text]:
    """Yield what besides the score made the colour."""
    floor, deaths = row.get("floor"), number(row, "death_count") or 0
    if row.get("is_thin"):
        yield THIN
    if isinstance(floor, str):
        yield DEATH_FLOOR[floor] if floor in DEATH_FLOOR and deaths >= 1 + (floor == "红") else RAISED
    if row.get("is_frozen"):
        yield FROZEN
    if isinstance(row.get("colour"), str) and row["colour"] != row.get("raw_colour"):
        yield HELD


def change_text(row: Mapping[str, Any]) -> str:
    """Return by how much the rate changed from the year before, as +15.9%."""
    now, then = (number(row, name) for name in ("observed_count", "observed_before"))
    years, years_before = (number(row, name) for name in ("person_years", "person_years_before"))
    if now is None or not then or not years or not years_before:
        return UNKNOWN
    return f"{float(half_up(100 * (now / years / (then / years_before) - 1), 1)):+.1f}%"


def named(colour: Any, language: Language) -> str:
    """Return a colour's name."""
    return NAME[colour](language) if isinstance(colour, str) else UNKNOWN


def number(row: Mapping[str, Any], name: str) -> float | None:
    """Return a number of a row; None where it is unknown."""
    value = row.get(name)
    return None if value is None or value != value else float(value)  # noqa: PLR0124 NaN is not itself


def written(value: float | None, digits: int) -> str:
    """Return a number with so many digits, rounded half up."""
    return UNKNOWN if value is None else f"{float(half_up(value, digits)):.{digits}f}"
