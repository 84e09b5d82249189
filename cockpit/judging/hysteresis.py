"""Colours that last: up at once or after two weeks, down one level after four (domain specification, section 3.4)."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from cockpit.judging.colour_rules import COLOURS, ColourRules


class JudgedWeek(NamedTuple):
    """One closed week of a town: its Sunday (days since 1970), score, colour demanded at least; skipped: frozen or silent."""

    week_end_on: int
    score: float | None
    floor: str | None
    is_skipped: bool


class Standing(NamedTuple):
    """A town's colour after a week, and the Sunday of the week that gave it; None: it was never judged."""

    colour: str | None
    since_on: int | None


def standings(
    weeks: Sequence[JudgedWeek], rules: ColourRules, begin: Standing | None = None, *, before: Sequence[JudgedWeek] = ()
) -> list[Standing]:
    """Return a town's standing after each of its weeks, oldest first.

    `begin` is how it stood before them; `before` are the weeks that led there, oldest first, whose scores count on for "2 of
    the last 3" and "4 in a row" but which are not judged again. Skipped weeks change nothing and count for nothing. The first
    week that is judged at all takes the colour of its score. [DEF]
    """
    scores = newest_scores(before, max(rules.up_of, rules.down_weeks))
    standing, found = begin or Standing(None, None), []
    for week in weeks:
        if not week.is_skipped and week.score is not None:
            scores.append(week.score)
            colour = COLOURS[level_after(standing, week, scores, rules)]
            if colour != standing.colour:
                standing = Standing(colour, week.week_end_on)
        found.append(standing)
    return found


def newest_scores(weeks: Sequence[JudgedWeek], count: int) -> list[float]:
    """Return the scores of the newest weeks that were judged, oldest first: as many as any rule looks back."""
    judged = (week.score for week in reversed(weeks) if not week.is_skipped and week.score is not None)
    return list(islice(judged, count))[::-1]


def level_after(standing: Standing, week: JudgedWeek, scores: Sequence[float], rules: ColourRules) -> int:
    """Return the place in COLOURS that a town has after a week, whose score is the last."""
    demanded = COLOURS.index(week.floor) if week.floor else 0
    if standing.colour is None or standing.since_on is None:
        return max(demanded, level(scores[-1], rules))
    now = COLOURS.index(standing.colour)
    up = max(demanded, risen(scores, rules))
    if up > now:
        return up
    may_fall = now > 0 and not week.floor and week.week_end_on - standing.since_on >= rules.least_days
    return now - 1 if may_fall and has_fallen(scores, rules.cuts[now - 1], rules) else now


def level(score: float, rules: ColourRules) -> int:
    """Return the place in COLOURS of a score."""
    return bisect_right(rules.cuts, score)


def risen(scores: Sequence[float], rules: ColourRules) -> int:
    """Return the highest place that the scores reach: its cut in 2 of the last 3 weeks, or 10 above it in the last."""
    second = sorted(scores[-rules.up_of :], reverse=True)[rules.up_weeks - 1 : rules.up_weeks]
    return max(level(second[0], rules) if second else 0, level(scores[-1] - rules.jump, rules))


def has_fallen(scores: Sequence[float], cut: float, rules: ColourRules) -> bool:
    """Return whether the last 4 scores all lie 5 or more below a cut."""
    last = scores[-rules.down_weeks :]
    return len(last) == rules.down_weeks and max(last) <= cut - rules.back
