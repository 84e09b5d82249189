"""`prearrival`: the hospitals' interface 上车即入院, one row a transmission of a patient's data; no vital values."""

import numpy as np

from etl.simulation.draws import between
from etl.simulation.sending import Sent, prompt, sent, stamps
from etl.simulation.world import Told

HEADER = ("报文号", "事件编号", "出车编号", "接收医院", "接收时间")
LATE_S = (20, 240)


def sent_about(told: Told) -> Sent:
    """Return the transmissions of one day's transports."""
    random, parameters, runs = told.day.random("prearrival"), told.parameters, told.runs
    n = len(runs.ids)
    ahead_s = 60 * np.maximum(random.normal(parameters.ahead_mean_min, parameters.ahead_sd_min, n), 0.5)
    draw = random.random(n)
    is_late = draw >= parameters.ahead_share
    received_at = runs.hospital_at - np.where(is_late, -between(random, *LATE_S, n), ahead_s.astype(np.int64))
    received_at = np.maximum(received_at, runs.onscene_at + 60)
    which = np.flatnonzero(runs.has_transport & (draw < parameters.ahead_share + parameters.ahead_late_share))
    cells = {
        "报文号": "R" + runs.ids[which],
        "事件编号": told.demand.incidents.ids[runs.incident[which]],
        "出车编号": runs.ids[which],
        "接收医院": told.places.hospitals.codes[runs.hospital[which]],
        "接收时间": stamps(received_at[which], told.day.zone, "blank"),
    }
    return sent(cells, prompt(random, received_at[which]))
