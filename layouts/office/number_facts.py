"""What a number is and stands on, in words: its definition, its window, its n, its target, its sources."""

from typing import Any

from dash import html

from cockpit.formula import Completeness, Share, Within
from cockpit.freshness import AGE_TEXT, SourceAge
from cockpit.interval import COUNTED_IN_TOTAL, STATE_TEXT, Interval, State
from cockpit.metric import SCALE, UNIT_TEXT, Metric, Reading, Unit
from cockpit.numbers import NOTHING, whole_number
from cockpit.opened import Opened
from cockpit.text import Language
from layouts.office import number_words as words
from layouts.office.cells import is_of_time
from layouts.office.readings import FEW, counted, interval_text
from layouts.parts.moment import ago, moment
from layouts.parts.refused import effect_text
from layouts.parts.tables import grid
from layouts.theme import AGE_GLYPH
from layouts.words import PLATFORM_DEFAULT, listed

Fact = tuple[str, Any]


def facts_of(opened: Opened, language: Language) -> list[Fact]:
    """Return all that is said of a number besides its value."""
    reading, metric = opened.reading, opened.metric
    return [
        (words.DEFINITION(language), metric.definition(language)),
        (words.BASIS(language), (PLATFORM_DEFAULT if metric.is_platform_default else words.OFFICIAL)(language)),
        (words.WINDOW(language), window_text(opened, language)),
        (words.VALID_OF(language), FEW if reading.is_withheld else counted(reading)),
        *numerator(reading, language),
        (
            words.INTERVAL(language),
            words.NO_INTERVAL(language) if reading.low is reading.high is None else interval_text(reading, language),
        ),
        (words.STATUS(language), words.STATUS_MEANS[reading.status](language)),
        *why(reading, language),
        (words.TARGET(language), target_text(metric, language)),
        (words.DIRECTION(language), words.DIRECTIONS[metric.direction](language)),
        (words.LEAST_N(language), least_text(metric, language)),
        (words.THRESHOLDS(language), threshold_text(metric, language)),
        *states(reading, language),
        (words.REFUSED_EFFECT(language), refused_text(reading, language)),
        (words.KNOWN_AT(language), known_text(opened, language)),
    ]


def window_text(opened: Opened, language: Language) -> str:
    """Return from when to when a number is, on the site's clock; what simply is so, as of when."""
    span, local_time = opened.reading.window, opened.values.local_time
    if not span.from_at:
        return words.UP_TO_TICK(language).format(moment(local_time(opened.values.as_of)))
    return f"{moment(local_time(span.from_at))} – {moment(local_time(span.to_at))}"


def numerator(reading: Reading, language: Language) -> list[Fact]:
    """Return how many of n are counted as hits, where the number is a share."""
    if not isinstance(reading.metric.formula, Share | Within | Completeness):
        return []
    return [(words.NUMERATOR(language), FEW if reading.is_withheld else whole_number(reading.hit_count))]


def why(reading: Reading, language: Language) -> list[Fact]:
    """Return why there is no value, or what must be said of it."""
    if reading.reason is None:
        return []
    return [((words.WHY if reading.value is None else words.NOTE)(language), reading.reason(language))]


def target_text(metric: Metric, language: Language) -> str:
    """Return the target, and who says so."""
    if metric.target is None:
        return words.NO_TARGET(language)
    unit = metric.unit_text(language)
    between = "" if metric.unit in (Unit.PERCENT, Unit.PERMILLE) else " "
    return f"{metric.target.value:g}{between}{unit} · {metric.target.basis(language)}"


def least_text(metric: Metric, language: Language) -> str:
    """Return the fewest values for which a number is given."""
    least = metric.formula.minimum_n
    return words.LEAST_N_IS(language).format(least) if least else words.NO_LEAST_N(language)


def threshold_text(metric: Metric, language: Language) -> str:
    """Return up to how long something is within its limit, and from when a length is not believed."""
    formula, said = metric.formula, []
    if isinstance(formula, Within):
        said.append(words.WITHIN(language).format(*length(formula.limit_s, metric.unit, language)))
    interval = getattr(formula, "interval", None)
    if isinstance(interval, Interval) and interval.cap_s is not None:
        said.append(words.CAP(language).format(*length(interval.cap_s, metric.unit, language)))
    return ("；" if language == "zh" else "; ").join(said) or words.NO_THRESHOLD(language)


def length(seconds: int, unit: Unit, language: Language) -> tuple[str, str]:
    """Return a length of time and its unit: the number's own, or the largest that it is whole in."""
    whole = next((one for one in (Unit.DAYS, Unit.HOURS, Unit.MINUTES) if seconds % SCALE[one] == 0), Unit.SECONDS)
    own = unit if is_of_time(unit) else whole
    return f"{seconds / SCALE.get(own, 1):g}", UNIT_TEXT[own](language)


def states(reading: Reading, language: Language) -> list[Fact]:
    """Return how many rows became what: valid, out of order, still open."""
    told = [(State(state), count) for state, count in reading.states.items() if count]
    if not told or reading.is_withheld:
        return []
    order = [*COUNTED_IN_TOTAL, *(state for state in State if state not in COUNTED_IN_TOTAL)]
    said = [
        f"{STATE_TEXT[state](language)} {whole_number(count)}"
        for state, count in sorted(told, key=lambda one: order.index(one[0]))
    ]
    return [(words.STATES(language), listed(said, language))]


def refused_text(reading: Reading, language: Language) -> str:
    """Return what refused rows could do to a number."""
    if not reading.quarantined:
        return words.NONE_REFUSED(language)
    return words.REFUSED_ROWS(language).format(whole_number(reading.quarantined), effect_text(reading, language))


def known_text(opened: Opened, language: Language) -> str:
    """Return the tick that a number was known at."""
    values = opened.values
    return words.TICK_AS_OF(language).format(values.tick, moment(values.local_time(values.as_of)))


def sources_of(opened: Opened, language: Language) -> list[Any]:
    """Return the sources that feed a number, each with its state and age."""
    if not opened.feeders:
        return [html.P(words.NO_SOURCES(language), className="office-note")]
    heads = [word(language) for word in (words.SOURCE, words.STATE, words.LAST_READ, words.NEWEST)]
    return [grid(heads, [source_row(opened, age, language) for age in opened.feeders])]


def source_row(opened: Opened, age: SourceAge, language: Language) -> list[Any]:
    """Return one source."""
    state = html.Span([html.I(AGE_GLYPH[age.age]), AGE_TEXT[age.age](language)], className=f"age age-{age.age.value}")
    return [age.title(language), state, read_text(opened, age, language), moment(opened.values.local_time(age.observed_at))]


def read_text(opened: Opened, age: SourceAge, language: Language) -> Any:
    """Return how long ago a source was read; of a replayed moment, when it had been, for the browser counts from now."""
    if age.age_s is None:
        return NOTHING
    read_at = opened.now - age.age_s
    return ago(read_at, opened.now, language) if opened.values.asked.at is None else moment(opened.values.local_time(read_at))
