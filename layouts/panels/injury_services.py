"""What goes with a work-injury case: packages, specialists, disputes, and the exchange between departments."""

from typing import Any

from dash import html

from cockpit.code_names import PACKAGES, ROLES
from cockpit.freshness import SourceAge
from cockpit.metric import Reading, Unit
from cockpit.numbers import NOTHING, whole_number, written
from cockpit.panel import Need, Panel, Values
from cockpit.text import Language, Text
from layouts import words
from layouts.panels.injury import NOW, YEAR
from layouts.parts.frame import frame
from layouts.parts.moment import duration
from layouts.parts.reading import n_text, reason_text, value_text, with_unit
from layouts.parts.refused import refused_mark

DAY = "h24"
OUTSIDE = Text("套餐外", "outside")
UNNAMED = Text("套餐名称待业务确认", "names to be confirmed")
PACKAGE_FACTS = (
    ("package_coverage", Text("覆盖", "covered")),
    ("materials_per_case", Text("每件材料", "papers")),
    ("card_only_share", Text("凭卡即办", "card only")),
)
ROLE_COLUMNS = (
    ("specialists", NOW, "role", Text("在岗", "staff")),
    ("accompany_cnt", YEAR, "specialist_role", Text("陪跑", "cases")),
    ("mediated", YEAR, "mediator_role", Text("调成", "solved")),
    ("trained", YEAR, "trainer_role", Text("培训", "taught")),
)
DISPUTE_ROWS = (
    ("dispute_share", Text("争议占比", "Disputed")),
    ("mediated_ok", Text("调解成功率", "Mediated")),
    ("mediation_days_p50", Text("调解用时中位", "Median days")),
    ("arbitrations", Text("仲裁申请", "Arbitrations")),
    ("awards", Text("仲裁裁决", "Awards")),
    ("legal_45d", Text("45日内裁决", "Award in 45 d")),
)
AIM = Text("/目标{}%", "/{}%")
EACH = Text("人均办件", "load")
WORST_SHOWN = 3
"""How many departments are named: those whose calls fail most often."""

EXCHANGE_FACTS = (
    (Text("调用", ""), "exchange_calls"),
    (Text("成功率", "Success"), "exchange_success"),
    (Text("应答P95", "P95"), "exchange_latency_p95"),
)
WORST = Text("成功率最低的部门", "Least success")
OLDEST = Text("最久未闻", "Unheard for")


def packages(values: Values, language: Language) -> list[Any]:
    """Draw how often each package is used, how many applications are inside one, and what they ask for."""
    title = Text("办理套餐", "Packages")(language)
    facts = [values.one(key, YEAR) for key, _ in PACKAGE_FACTS]
    parts = {r.dims["package"]: r for r in values.parts("cases_applied", YEAR, "package")}
    total = sum(r.n for r in parts.values())
    note = f"{words.LAST_12M(language)} · {UNNAMED(language)}"
    said = [fact_text(one, name, language) for one, (_, name) in zip(facts, PACKAGE_FACTS, strict=True)]
    line = html.Div([*said, refused_mark(language, *facts)], className="facts two-columns")
    if not total:
        nothing = reason_text(facts[0], language) or words.NO_CASE(language)
        return frame(title, note, html.Div(nothing, className="nothing"), line)
    named = [(code, values.label("package", code)(language)) for code in PACKAGES]
    counts = [(f"{code} {name}", parts[code].n if code in parts else 0) for code, name in named]
    counts.append((OUTSIDE(language), parts[None].n if None in parts else 0))
    rows = [usage_row(name, n, total, language) for name, n in counts]
    return frame(title, note, html.Div(rows, className="two-columns"), line)


def usage_row(name: str, n: int, total: int, language: Language) -> html.Div:
    """Return one package: its name and share on a bar as long as the share."""
    return html.Div(
        [
            html.I(style={"width": f"{100 * n / total:.1f}%"}),
            html.Span(name),
            html.Span(f"{written(100 * n / total, Unit.PERCENT, language)}%"),
        ],
        className="filled",
        title=f"n={whole_number(n)}",
    )


def fact_text(reading: Reading, name: Text, language: Language) -> html.Span:
    """Return a number under a short name, with its target where it has one, marked when it is clearly missed."""
    target = reading.metric.target
    is_below = target is not None and reading.high is not None and reading.high < target.value
    mark = html.I("◆ ", className="is-over") if is_below else ""
    aim = AIM(language).format(f"{target.value:g}") if target and reading.value is not None else ""
    return html.Span([mark, f"{name(language)} ", html.B(with_unit(reading, language)), aim], title=n_text(reading))


def specialists(values: Values, language: Language) -> list[Any]:
    """Draw the five kinds of specialist: at work, what each did, and the load of all."""
    title = Text("五大专员", "Five specialists")(language)
    whole, load = values.one("specialists", NOW), values.one("load_per_specialist", YEAR)
    found = [{r.dims[by]: r for r in values.parts(key, window, by)} for key, window, by, _ in ROLE_COLUMNS]
    head = html.Tr([html.Th(refused_mark(language, load)), *(html.Th(name(language)) for *_, name in ROLE_COLUMNS)])
    body = [role_row(values, role, found, language) for role in ROLES]
    each = f"{EACH(language)} {with_unit(load, language)}"
    said = f"{words.IN_ALL(language).format(with_unit(whole, language))} · {each}"
    table = html.Table([html.Thead(head), html.Tbody(body)], className="list dense small")
    return frame(title, words.LAST_12M(language), table, html.Div(said, className="left-out foot"))


def role_row(values: Values, role: str, found: list[dict[str | None, Reading]], language: Language) -> html.Tr:
    """Return one kind of specialist; where a column has rows at all, a kind without any has none."""
    cells = [
        html.Td(value_text(column[role], language) if role in column else whole_number(0) if column else NOTHING)
        for column in found
    ]
    return html.Tr([html.Td(values.label("role", role)(language)), *cells])


def disputes(values: Values, language: Language) -> list[Any]:
    """Draw how many cases are disputed, and how disputes end."""
    title = Text("争议化解", "Disputes")(language)
    readings = [(values.one(key, YEAR), name(language)) for key, name in DISPUTE_ROWS]
    refused = html.Div(refused_mark(language, *(r for r, _ in readings)), className="left-out foot")
    rows = [
        html.Tr(
            [html.Td(name), html.Td(with_unit(r, language))],
            title=f"{n_text(r)} {reason_text(r, language)}",
            className="is-thin" if r.is_thin else "",
        )
        for r, name in readings
    ]
    return frame(title, words.LAST_12M(language), html.Table(html.Tbody(rows), className="list dense small"), refused)


def exchange(values: Values, language: Language) -> list[Any]:
    """Draw the calls between departments of a day, the departments that fail most often, and the source unheard longest."""
    title = Text("多跨协同", "Exchange")(language)
    said = [(name, values.one(key, DAY)) for name, key in EXCHANGE_FACTS]
    note = [f"{words.LAST_24H(language)} ", refused_mark(language, *(r for _, r in said))]
    facts = [html.Span([f"{name(language)} ", html.B(with_unit(r, language))], title=n_text(r)) for name, r in said]
    head = html.Tr([html.Th(WORST(language)), html.Th(words.LAST_28D(language))])
    nothing = html.Tr([html.Td(NOTHING), html.Td(reason_text(said[0][1], language))])
    body = [worst_row(values, r, language) for r in worst_departments(values)] or [nothing]
    table = html.Table([html.Thead(head), html.Tbody(body)], className="list dense small")
    oldest = html.Div(oldest_text(values.ages, language), className="left-out foot wraps")
    return frame(title, note, html.Div(facts, className="facts"), table, oldest)


def worst_departments(values: Values) -> list[Reading]:
    """Return the departments whose answers could be used least often, of those with enough calls to say so."""
    known = [r for r in values.parts("exchange_success", "d28", "to_dept") if r.value is not None and r.dims["to_dept"]]
    return sorted(known, key=lambda r: r.value or 0)[:WORST_SHOWN]


def worst_row(values: Values, reading: Reading, language: Language) -> html.Tr:
    """Return one department with the share of calls that it answered well."""
    name = values.label("to_dept", reading.dims["to_dept"])(language)
    said = [html.Span(f"{n_text(reading)} ", className="soft"), f"{written(reading.value, reading.metric.unit, language)}%"]
    return html.Tr([html.Td(name), html.Td(said)])


def oldest_text(ages: tuple[SourceAge, ...], language: Language) -> str:
    """Return which live source was not heard for longest, and for how long."""
    live = [age for age in ages if not age.is_static]
    never = next((age for age in live if age.age_s is None), None)
    if never is not None:
        return f"{OLDEST(language)} {NOTHING} · {never.title(language)}"
    oldest = max(live, key=lambda age: age.age_s or 0, default=None)
    return "" if oldest is None else f"{OLDEST(language)} {duration(oldest.age_s or 0, language)} · {oldest.title(language)}"


PACKAGE_MIX = Panel(
    key="packages",
    is_for_staff=True,
    title=Text("办理套餐", "Packages"),
    draw=packages,
    needs=(*(Need(key, YEAR) for key, _ in PACKAGE_FACTS), Need("cases_applied", YEAR, "package")),
)
SPECIALISTS = Panel(
    key="specialists",
    title=Text("五大专员", "Five specialists"),
    draw=specialists,
    needs=(
        Need("specialists", NOW),
        Need("load_per_specialist", YEAR),
        *(Need(key, window, by) for key, window, by, _ in ROLE_COLUMNS),
    ),
)
DISPUTES = Panel(
    key="disputes",
    title=Text("争议化解", "Disputes"),
    draw=disputes,
    needs=tuple(Need(key, YEAR) for key, _ in DISPUTE_ROWS),
)
EXCHANGE = Panel(
    key="exchange",
    title=Text("多跨协同", "Between departments"),
    draw=exchange,
    needs=(
        *(Need(key, DAY) for _, key in EXCHANGE_FACTS),
        Need("exchange_success", "d28", "to_dept"),
    ),
)
