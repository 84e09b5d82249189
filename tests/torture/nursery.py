"""A process that runs passes of a schedule, and lets children run them that have to die: so each begins as fast as a pass is.

Compiling the statements of a pass takes many times as long as running them, and a forked child inherits them compiled.
"""

import logging
import os
import tempfile
import traceback
from multiprocessing.connection import Connection
from typing import NamedTuple

from cockpit.ledger.store import Ledger
from cockpit.site import load_site
from etl.catalogue import tables
from etl.lease import alone
from etl.schedule import Schedule


class Asked(NamedTuple):
    """One pass: the site's folder, when (UTC s), how it shall fail, and whether a child runs it that may die."""

    folder: str
    now: float
    fail: str
    is_mortal: bool


def nurse(url: str, scratch: str, pipe: Connection) -> None:
    """Run passes as asked, until asked for none: a child's number and then its end, or what went wrong here."""
    os.environ["TMPDIR"], tempfile.tempdir = scratch, None
    logging.disable()
    ledger = Ledger(url, tables())
    while (asked := received(pipe)) is not None:
        if asked.is_mortal:
            ledger.engine.dispose()
            child = os.fork()
            if child == 0:
                live(ledger, asked)
            pipe.send(child)
            pipe.send(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        else:
            pipe.send(told(ledger, asked))


def received(pipe: Connection) -> Asked | None:
    """Return what is asked for, None when whoever asks is gone."""
    try:
        asked: Asked | None = pipe.recv()
    except EOFError:
        return None
    return asked


def live(ledger: Ledger, asked: Asked) -> None:
    """Run a pass as a child, and end."""
    os.environ["COCKPIT_FAIL"] = asked.fail
    os._exit(1 if told(ledger, asked) else 0)


def told(ledger: Ledger, asked: Asked) -> str:
    """Do what `cockpit etl run` does; return what went wrong, '' when nothing did."""
    try:
        one_pass(ledger, asked)
    except Exception:  # noqa: BLE001 whatever it is, whoever asked is told
        return traceback.format_exc(limit=-3)
    finally:
        ledger.engine.dispose()
    return ""


def one_pass(ledger: Ledger, asked: Asked) -> None:
    """Run everything at an instant, and let time make its tick."""
    ledger.create()
    with alone(ledger):
        schedule = Schedule(load_site(asked.folder), ledger, lambda: asked.now)
        schedule.run_due(everything=True)  # waits for every read, however slow the machine is
        schedule.pass_time()
