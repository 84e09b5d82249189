"""The catalogue by domain: each file of `cockpit/metrics` that says what it is about, with the files that carry it on.

`work_injury_times` carries on `work_injury`; a file's own `DOMAIN` is the title of its domain.
"""

import importlib
import pkgutil
from functools import cache
from typing import NamedTuple

import cockpit.metrics
from cockpit.evaluate import declared
from cockpit.metric import Metric
from cockpit.text import Text


class Domain(NamedTuple):
    """What some metrics are about, by the name of its file."""

    key: str
    title: Text
    metrics: tuple[Metric, ...]


@cache
def domains() -> tuple[Domain, ...]:
    """Return every metric once, by domain, in the order of the files and of the declarations in them.

    Raises: ValueError for a file with metrics of no domain.
    """
    names = [info.name for info in pkgutil.iter_modules(cockpit.metrics.__path__)]
    modules = {name: importlib.import_module(f"cockpit.metrics.{name}") for name in names}
    titles = {name: vars(module)["DOMAIN"] for name, module in modules.items() if "DOMAIN" in vars(module)}
    found: dict[str, dict[str, Metric]] = {name: {} for name in titles}
    placed: set[str] = set()
    for name, module in modules.items():
        own = [metric for metric in declared(vars(module)) if metric.key not in placed]
        if own:
            found[domain_of(name, tuple(titles))].update({metric.key: metric for metric in own})
        placed.update(metric.key for metric in own)
    return tuple(Domain(key, titles[key], tuple(metrics.values())) for key, metrics in found.items() if metrics)


def domain_of(name: str, keys: tuple[str, ...]) -> str:
    """Return the domain of a file: itself, or the one whose name it begins with. Raises: ValueError."""
    fitting = [key for key in keys if name == key or name.startswith(f"{key}_")]
    if not fitting:
        raise ValueError(f"cockpit/metrics/{name}.py has metrics and no domain: give it a DOMAIN, its title in both languages")
    return max(fitting, key=len)
