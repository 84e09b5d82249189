"""`linkage`: the joint-response desk 协同应急, one row a department asked to join an incident."""

import numpy as np

from etl.simulation.draws import Names, between, happens, pick
from etl.simulation.sending import Sent, prompt, sent, stamps
from etl.simulation.world import Told

HEADER = ("通知单号", "案件号", "联动单位", "通知时间")
NOTIFIED_AFTER_S = (60, 360)


def sent_about(told: Told) -> Sent:
    """Return the notices of one day's joint incidents."""
    random, parameters, one = told.day.random("linkage"), told.parameters, told.demand.incidents
    n = len(one.ids)
    is_joint = (one.unit_count > 0) & happens(random, parameters.joint_share, n)
    has_second = is_joint & happens(random, parameters.second_department_share, n)
    first, second = pick(random, parameters.departments, n), pick(random, parameters.departments, n)
    has_second &= first != second
    which = np.concatenate([np.flatnonzero(is_joint), np.flatnonzero(has_second)])
    department: Names = np.concatenate([first[is_joint], second[has_second]])
    notified_at = one.answer_at[which] + between(random, *NOTIFIED_AFTER_S, len(which))
    number = np.array(["-1"] * int(is_joint.sum()) + ["-2"] * int(has_second.sum()), object)
    cells = {
        "通知单号": "L" + one.ids[which] + number,
        "案件号": one.ids[which],
        "联动单位": department,
        "通知时间": stamps(notified_at, told.day.zone, "compact"),
    }
    return sent(cells, prompt(random, notified_at))
