"""How readings are given to programs: the shape that `cockpit metrics --json` and the HTTP interface share."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cockpit.by_week import windows_of
from cockpit.errors import UnknownName
from cockpit.evaluate import WEEK, catalogue, metric_named
from cockpit.metric import Metric, Reading
from cockpit.scope import Scope
from cockpit.text import Language
from cockpit.view import View
from cockpit.window import WEEKS, WINDOW_TEXT


def iso(view: View, instant: float | None) -> str | None:
    """Return an instant in ISO 8601 with the site's offset."""
    moment = view.local_time(instant)
    return None if moment is None else moment.isoformat(timespec="seconds")


def reading_answer(view: View, reading: Reading, scope: Scope, language: Language) -> dict[str, Any]:
    """Return one reading as plain values."""
    metric = reading.metric
    return {
        "key": metric.key,
        "title": metric.title(language),
        "unit": metric.unit.value,
        "direction": metric.direction,
        "window": {
            "name": reading.window.name,
            "from": iso(view, reading.window.from_at),
            "to": iso(view, reading.window.to_at),
        },
        "dims": dict(reading.dims),
        "value": reading.value,
        "n": reading.n,
        "n_total": reading.n_total,
        "hits": reading.hit_count,
        "low": reading.low,
        "high": reading.high,
        "status": reading.status.value,
        "reason": reading.reason(language) if reading.reason else None,
        "is_platform_default": metric.is_platform_default,
        "states": dict(reading.states),
        "quarantined": quarantined_answer(reading),
        "observed_at": iso(view, view.observed_at(metric.table, scope)),
    }


def quarantined_answer(reading: Reading) -> dict[str, Any] | None:
    """Return how many refused rows may concern a reading, and the ends between which its value would lie with them.

    An end that is open is None; so are both where the effect is not `bounded`. Without such rows there is nothing to say.
    """
    if not reading.quarantined:
        return None
    return {"rows": reading.quarantined, "bounded": reading.is_bounded, "low": reading.least, "high": reading.most}


def quarantined_text(answer: Mapping[str, Any] | None) -> str:
    """Return what an answer says of refused rows as the end of a line, or nothing."""
    if answer is None:
        return ""
    low, high = ("…" if end is None else f"{end:.10g}" for end in (answer["low"], answer["high"]))
    return f"  quarantined={answer['rows']} " + (f"{{{low}, {high}}}" if answer["bounded"] else "without a bound")


def parts_of(metric: Metric, name: str) -> tuple[str, ...]:
    """Return the dimensions that a metric is given by in a window: a window of weeks is a series."""
    return (WEEK,) if name in WEEKS else metric.by


def metrics_answer(
    view: View,
    scope: Scope,
    language: Language,
    *,
    key: str | None = None,
    name: str | None = None,
    with_parts: bool = False,
) -> Mapping[str, Any]:
    """Return the readings of all metrics or one, of all windows or one, of the scope and perhaps its parts.

    Raises: UnknownName.
    """
    if name is not None and name not in WINDOW_TEXT:
        raise UnknownName(f"there is no window {name!r}; there are {', '.join(WINDOW_TEXT)}")
    wanted = [metric_named(key)] if key else list(catalogue().values())
    answers = [
        reading_answer(view, reading, scope, language)
        for metric in wanted
        for window_name in ([name] if name else metric.windows)
        if window_name in windows_of(metric)
        for dimension in (None, *(parts_of(metric, window_name) if with_parts else ()))
        for reading in view.readings(metric.key, window_name, scope, dimension)
    ]
    return {
        "site": view.site.key,
        "notice": view.site.notice(language) if view.site.notice else None,
        "scope": scope.code,
        "tick": view.tick.number,
        "as_of": iso(view, view.tick.as_of),
        "committed_at": datetime.fromtimestamp(view.tick.committed_at, UTC).isoformat(timespec="milliseconds"),
        "metrics": answers,
    }
