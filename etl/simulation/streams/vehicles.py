"""`vehicles`: the vehicles' terminals 车载终端, one row a status event, by button, by geofence or written down later."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.demand import BEHIND, UNARRIVED
from etl.simulation.draws import Instants, Mask, Random, between, happens
from etl.simulation.runs import Runs
from etl.simulation.sending import Cells, Sent, corrected, late, prompt, refused, sent, stamps, texts, twice
from etl.simulation.world import Told

HEADER = ("EVT_ID", "REV", "RUN_NO", "CASE_NO", "CAR_NO", "STA_NO", "ST", "EVT_TIME", "SRC", "HOSP")
DISPATCHED, ACK, EN_ROUTE, ON_SCENE, FENCE, AT_PATIENT, LEFT, AT_HOSPITAL, HANDOVER, AVAILABLE, HOME, CANCELLED = range(12)
STATUS = np.array(["10", "11", "20", "30", "30", "31", "40", "50", "51", "60", "70", "90"], object)
BUTTON, GEOFENCE, BACKFILLED = "A", "G", "B"
WITH_HOSPITAL = (LEFT, AT_HOSPITAL, HANDOVER)
SINGLY_MISSING = (ACK, EN_ROUTE, AT_PATIENT, LEFT, AT_HOSPITAL, HANDOVER, AVAILABLE)
"""Stamps that are lost one by one; the dispatch is the centre's own, and coming home ends a run for certain."""
BY_TERMINAL = (ACK, EN_ROUTE, ON_SCENE, FENCE, AT_PATIENT, LEFT, AT_HOSPITAL, HANDOVER, AVAILABLE, HOME)
FENCE_SD_S, FENCE_WITHIN_S = 20, 60
SKEW_S = (121, 400)
BEHIND_S = (10, 600)
BACKFILLED_AFTER_S = (600, 2400)
CORRECTION_S = (30, 180)


@dataclass(frozen=True)
class Events:
    """Status events of a day's runs, one row a run and one column a status (UTC s): when they were, and as stamped."""

    true_at: Instants
    stamped_at: Instants
    is_there: Mask
    is_backfilled: Mask


def sent_about(told: Told) -> Sent:
    """Return the rows about one day's status events."""
    random, parameters = told.day.random("vehicles"), told.parameters
    events = stamped(told, random)
    run, status = np.nonzero(events.is_there)
    true_at, stamped_at = events.true_at[run, status], events.stamped_at[run, status]
    is_backfilled = events.is_backfilled[run] & ((status == DISPATCHED) | (status == EN_ROUTE))
    delay_s = np.where(is_backfilled, between(random, *BACKFILLED_AFTER_S, len(run)), 0)
    known_at = np.maximum(true_at, stamped_at) + delay_s
    sent_at = late(
        random, prompt(random, known_at), hours_share=parameters.hours_late_share, day_share=parameters.day_late_share
    )
    wrong_at = stamped_at - between(random, *CORRECTION_S, len(run))
    source = np.select([is_backfilled, status == FENCE], [BACKFILLED, GEOFENCE], BUTTON).astype(object)
    runs = told.runs
    cells: Cells = {
        "EVT_ID": runs.ids[run] + np.array([f"-{code:02d}" for code in range(12)], object)[status],
        "rev": np.full(len(run), "0", object),
        "RUN_NO": runs.ids[run],
        "CASE_NO": told.demand.incidents.ids[runs.incident[run]],
        "CAR_NO": told.places.vehicles[runs.vehicle[run]],
        "STA_NO": told.places.stations.codes[told.places.home[runs.vehicle[run]]],
        "ST": refused(random, STATUS[status], parameters.refused_share),
        "EVT_TIME": stamps(stamped_at, told.day.zone, "slash"),
        "SRC": source,
        "HOSP": texts(told.places.hospitals.codes, np.where(np.isin(status, WITH_HOSPITAL), runs.hospital[run], -1)),
    }
    which = happens(random, parameters.status_corrected_share, len(run))
    first = {"EVT_TIME": stamps(wrong_at, told.day.zone, "slash")}
    cells, sent_at = corrected(random, cells, sent_at, which, first)
    cells, sent_at = twice(random, cells, sent_at, parameters.duplicate_share)
    return sent({**cells, "REV": cells["rev"]}, sent_at)


def stamped(told: Told, random: Random) -> Events:
    """Return the status events of a day's runs, with what goes wrong with stamps."""
    runs, parameters = told.runs, told.parameters
    n = len(runs.ids)
    fault = told.demand.incidents.fault[runs.incident]
    true_at = happened(random, runs)
    is_there = came_to_pass(runs)
    at = true_at.copy()
    fence_s = np.clip(random.normal(0, FENCE_SD_S, n), -FENCE_WITHIN_S, FENCE_WITHIN_S).astype(np.int64)
    is_skewed = happens(random, parameters.skewed_share, n)
    skew_s = between(random, *SKEW_S, n) * np.where(happens(random, 0.5, n), 1, -1)
    at[:, FENCE] += np.where(is_skewed, 0, fence_s)
    at[:, ON_SCENE] += np.where(is_skewed, skew_s, 0)
    is_backfilled = happens(random, parameters.backfilled_share, n)
    at[is_backfilled, EN_ROUTE] = at[is_backfilled, DISPATCHED]
    is_there[is_backfilled, ACK] = False
    is_early = happens(random, parameters.negative_share, n)
    accept_at = told.demand.incidents.accept_at[runs.incident]
    at[:, DISPATCHED] = np.where(is_early & ~is_backfilled, accept_at - between(random, 1, 10, n), at[:, DISPATCHED])
    is_hasty = happens(random, parameters.negative_share, n)
    at[:, HANDOVER] = np.where(is_hasty, at[:, AT_HOSPITAL] - between(random, 5, 120, n), at[:, HANDOVER])
    answer_at = told.demand.incidents.answer_at[runs.incident]
    behind_s = runs.onscene_at - answer_at + FENCE_WITHIN_S + SKEW_S[1] + between(random, *BEHIND_S, n)
    at[:, BY_TERMINAL] -= np.where(fault == BEHIND, behind_s, 0)[:, None]
    for status in SINGLY_MISSING:
        is_there[:, status] &= ~happens(random, parameters.stamp_missing_share, n)
    lacks = random.random(n)  # of an arrival either the button or the geofence is lost, never both but in a dead spot
    is_there[:, ON_SCENE] &= (fault != UNARRIVED) & (lacks >= parameters.button_missing_share)
    is_there[:, FENCE] &= (fault != UNARRIVED) & (lacks < 1 - parameters.fence_missing_share)
    return Events(true_at, at, is_there, is_backfilled)


def happened(random: Random, runs: Runs) -> Instants:
    """Return when each status of each run truly began."""
    n = len(runs.ids)
    ack_at = runs.dispatch_at + np.minimum(between(random, 5, 30, n), runs.enroute_at - runs.dispatch_at)
    patient_at = np.minimum(runs.onscene_at + between(random, 60, 240, n), runs.leave_at)
    columns = (
        runs.dispatch_at,
        ack_at,
        runs.enroute_at,
        runs.onscene_at,
        runs.onscene_at,
        patient_at,
        runs.leave_at,
        runs.hospital_at,
        runs.handover_at,
        runs.back_at,
        runs.home_at,
        runs.cancel_at,
    )
    return np.stack(columns, axis=1)


def came_to_pass(runs: Runs) -> Mask:
    """Return which statuses each run reached."""
    is_there = np.ones((len(runs.ids), 12), np.bool_)
    is_there[:, CANCELLED] = runs.is_cancelled
    for status in (ON_SCENE, FENCE):
        is_there[:, status] = ~runs.is_cancelled
    for status in (AT_PATIENT, LEFT, AT_HOSPITAL, HANDOVER):
        is_there[:, status] = runs.has_transport
    is_there[:, EN_ROUTE] = ~runs.is_cancelled | (runs.enroute_at <= runs.cancel_at)
    return is_there
