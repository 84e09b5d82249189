"""Every error the cockpit raises on purpose, in one tree.

CockpitError            one plain line for a person; exit code 1
├── SiteError           a site folder or its site.toml is wrong
├── SourceError         a source cannot be read at all
│   └── BatchHeld       it can be read, but loading it would be wrong: the batch waits for a person
├── StoreError          the store cannot be opened, or is not safe to use
│   └── AlreadyLoaded   this very batch is in the store; loading it again changes nothing
├── BackupError         a backup cannot be written, is damaged, or does not fit the store
├── ScopeError          a read outside what the scope allows
├── UnknownName         a metric, window, tick or screen that does not exist
│   └── NoSuchMoment    a past moment that cannot be shown: before the first tick, in the future, or not to be read
└── SchedulerRunning    another process already runs the schedule of this store
    └── Fenced          it took over from this one, which must not write any more
"""

from collections.abc import Mapping
from typing import Any

from cockpit.text import Text


class CockpitError(Exception):
    """What happened, where, and what to do, in one sentence fit for a person."""


class SiteError(CockpitError):
    """A site folder or its `site.toml` is wrong."""


class SourceError(CockpitError):
    """A source cannot be read at all."""


class BatchHeld(SourceError):
    """The batch can be read, but loading it would be wrong; nothing of it was loaded.

    `origin` is the file or address, empty for the whole source; `cursor`, where there is one, makes the next read pass over it.
    """

    def __init__(self, message: str, *, origin: str = "", cursor: Mapping[str, Any] | None = None) -> None:
        """Remember what is held."""
        super().__init__(message)
        self.origin, self.cursor = origin, cursor


class StoreError(CockpitError):
    """The store cannot be opened, or is not safe to use."""


class AlreadyLoaded(StoreError):
    """The very same batch, known by the hash of what was read, is in the store already."""


class BackupError(CockpitError):
    """A backup cannot be written, is damaged, or does not fit the store it should be put into."""


class ScopeError(CockpitError):
    """A read outside what the scope allows."""


class UnknownName(CockpitError):
    """A metric, window, tick or screen that does not exist."""


class NoSuchMoment(UnknownName):
    """A past moment that cannot be shown; `said` is the sentence in the languages of the screens."""

    def __init__(self, said: Text) -> None:
        """Remember what to say."""
        super().__init__(said.en)
        self.said = said


class SchedulerRunning(CockpitError):
    """Another process already runs the schedule of this store."""


class Fenced(SchedulerRunning):
    """Another process has taken the schedule over, since this one stood still; nothing of this transaction was written."""
