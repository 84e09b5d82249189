"""What each unit did and when: the true times of a day's runs."""

from dataclasses import dataclass

import numpy as np

from etl.simulation.demand import CROSS, SAME, SHORTEST_TRAVEL_S, Incidents
from etl.simulation.dispatch import Demand, Tasks
from etl.simulation.draws import Codes, Instants, Mask, Names
from etl.simulation.geography import Geography

HOSPITAL_REACH_KM = 6.0
"""The likeliest hospital is the nearest; one this much further is chosen e times less often. [DEF]"""


@dataclass(frozen=True, kw_only=True)
class Runs:
    """A day's runs. Instants are true ones in UTC seconds; those that did not come to pass are masked by the flags."""

    ids: Names
    incident: Codes
    vehicle: Codes
    hospital: Codes
    is_cross: Mask
    is_cancelled: Mask
    is_empty: Mask
    dispatch_at: Instants
    enroute_at: Instants
    onscene_at: Instants
    leave_at: Instants
    hospital_at: Instants
    handover_at: Instants
    back_at: Instants
    home_at: Instants
    cancel_at: Instants

    @property
    def has_transport(self) -> Mask:
        """Whether a patient was taken to a hospital."""
        return ~self.is_cancelled & ~self.is_empty


def runs(demand: Demand, vehicle: Codes, places: Geography) -> Runs:
    """Return the true times of runs, now that it is known who drives."""
    told, task = demand.incidents, demand.tasks
    is_cross = places.stations.town[places.home[vehicle]] != task.town
    onscene_at = arrivals(told, task, is_cross)
    turned_out_at = np.minimum(task.dispatch_at + task.turnout_s, onscene_at - SHORTEST_TRAVEL_S)
    enroute_at = np.maximum(turned_out_at, task.dispatch_at)
    leave_at = onscene_at + task.scene_s
    hospital_at = leave_at + task.transport_s
    handover_at = hospital_at + task.handover_s
    cancel_at = task.dispatch_at + ((onscene_at - task.dispatch_at) * task.cancel_part).astype(np.int64)
    ended_at = np.select([task.is_cancelled, task.is_empty], [cancel_at, leave_at], handover_at)
    return Runs(
        ids=told.ids[task.incident] + np.where(task.unit == 1, "-1", "-2").astype(object),
        incident=task.incident,
        vehicle=vehicle,
        hospital=hospitals(demand, places),
        is_cross=is_cross,
        is_cancelled=task.is_cancelled,
        is_empty=task.is_empty,
        dispatch_at=task.dispatch_at,
        enroute_at=enroute_at,
        onscene_at=onscene_at,
        leave_at=leave_at,
        hospital_at=hospital_at,
        handover_at=handover_at,
        back_at=ended_at + task.tidy_s,
        home_at=ended_at + task.tidy_s + task.return_s,
        cancel_at=cancel_at,
    )


def arrivals(told: Incidents, task: Tasks, is_cross: Mask) -> Instants:
    """Return when units arrive: the first one of an incident as drawn for its station, the other one after it."""
    leader_is_cross = np.zeros(len(told.ids), np.bool_)
    leader_is_cross[task.incident[task.is_leader]] = is_cross[task.is_leader]
    arrives_s = np.where(leader_is_cross, told.arrives_s[CROSS], told.arrives_s[SAME])
    found: Instants = told.answer_at[task.incident] + arrives_s[task.incident] + task.lag_s
    return found


def hospitals(demand: Demand, places: Geography) -> Codes:
    """Return the hospital that each run would go to, a near one more likely."""
    random = demand.day.random("hospitals")
    draw = random.random(len(demand.tasks.town))
    weights = np.exp(-places.hospital_km / HOSPITAL_REACH_KM)[demand.tasks.town]
    edges = np.cumsum(weights, axis=1)
    found: Codes = (draw[:, None] * edges[:, -1:] >= edges).sum(axis=1)
    return found
