"""What the simulated emergency service 急救 is calibrated on: published figures, and our own choices marked [DEF].

How the improvements of going live compose (EM-01, page [S3]: handling −30 s, dispatch −1 min, arrival −2 min). The means
of Kunshan hold before the site's go-live date and arrival comes 120 s sooner after it. Handling is the first part of the
response and dispatch the second, so they give 30 s and 60 s of the 120 s; travel gives the remaining 30 s (routes that
avoid jams), turn-out nothing. The mean of E6 in seconds, same town:

    part              before            after
    E2 call taking    E2_MEAN + 30      E2_MEAN
    E3 dispatch       E3_MEAN + 60      E3_MEAN
    E4 turn-out       E4_MEAN           E4_MEAN
    E5 travel         what is left of 12.4 min        30 s less
    E6                744               624

How stamps come to be missing. Of 8 % of incidents E6 has no value: of one eighth of them the answering was not stamped, of the
others nobody's arrival was (a dead spot 无信号 at the scene hides button and geofence of every unit). Besides, each other
stamp of a call or run is missing by itself in 2 %, the button of an arrival in 5 % and its geofence in 3 %.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Shares:
    """Parts of a whole, by name. Raises: ValueError when they do not add up to it."""

    parts: Mapping[str, float]

    def __post_init__(self) -> None:
        """Check the sum."""
        if not math.isclose(sum(self.parts.values()), 1):
            raise ValueError(f"{self.parts} add up to {sum(self.parts.values())}, not 1")


@dataclass(frozen=True, kw_only=True)
class Locating:
    """How callers are located: the share of each source, and how often each is right to 50 m. [DEF]"""

    mix: Shares
    ok: Mapping[str, float]

    @property
    def ok_share(self) -> float:
        """Share of located calls whose position is within 50 m of the scene."""
        return sum(share * self.ok[source] for source, share in self.mix.parts.items())


LOCATING_BEFORE = Locating(
    mix=Shares({"GPS": 0.25, "基站": 0.35, "口述": 0.40}),
    ok={"GPS": 0.80, "基站": 0.30, "口述": 0.6125},
)
LOCATING_AFTER = Locating(
    mix=Shares({"三重复合": 0.60, "GPS": 0.20, "基站": 0.10, "口述": 0.10}),
    ok={"三重复合": 0.95, "GPS": 0.85, "基站": 0.35, "口述": 0.75},
)
"""55 % are right to 50 m before going live and 85 % after it, 30 points more; the 55 % are our own choice. [DEF]"""

DAY_HOURS = (
    *(2.2, 1.9, 1.6, 1.5, 1.6, 2.2, 3.6, 5.0, 6.6, 6.9, 6.5, 5.2),
    *(4.3, 4.1, 4.2, 4.5, 4.8, 5.2, 6.3, 6.6, 6.0, 4.4, 3.3, 2.7),
)
WEEKEND_HOURS = (
    *(3.0, 2.7, 2.2, 1.9, 1.8, 2.1, 3.0, 4.2, 5.9, 6.5, 6.3, 5.3),
    *(4.6, 4.3, 4.3, 4.5, 4.8, 5.3, 6.4, 6.9, 6.5, 5.0, 4.1, 3.5),
)
"""How calls fall on the hours of a day: double peaks 8–11 and 18–21 h (domain 6.4), the rest our own choice. [DEF]"""


CHANNELS_BEFORE = Shares({"120电话": 0.86, "浙里办一键": 0.02, "110/119/122联动": 0.08, "短信": 0.01, "其他": 0.03})
CHANNELS_AFTER = Shares({"120电话": 0.75, "浙里办一键": 0.12, "110/119/122联动": 0.09, "短信": 0.01, "其他": 0.03})
KINDS = Shares({"急救": 0.90, "非急救": 0.04, "转运": 0.04, "公共事件": 0.01, "保障": 0.01})
PRIORITIES = Shares({"P1": 0.10, "P2": 0.45, "P3": 0.35, "P4": 0.10})
CAUSES = Shares({"创伤": 0.31, "心脑血管": 0.27, "呼吸": 0.10, "中毒": 0.05, "产科": 0.03, "儿科": 0.06, "其他": 0.18})
NO_DISPATCH_OUTCOMES = Shares({"指导": 0.30, "误拨": 0.42, "骚扰": 0.13, "转他台": 0.15})
DEPARTMENTS = Shares({"公安110": 0.42, "消防119": 0.20, "交警122": 0.30, "应急管理": 0.08})
"""Of what callers say and are, and of the departments that join: our own choice. [DEF]"""


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Every figure of the simulator. `_s` are seconds, `_min` minutes, `_share` parts of one, `_sigma` of a lognormal."""

    # Volume
    residents: float = 1_400_000  # 6.4
    runs_per_1000_residents_a_year: float = 15  # Kunshan: 154,234 cases in five years [src: KS]
    runs_per_day: float = 58  # 10.4; what the two above come to
    calls_per_run: float = 2.5  # 6.4 [DEF]
    two_units_share: float = 0.07  # of incidents [DEF]
    second_call_share: float = 0.08  # of incidents somebody else rings for, too: 重复 [DEF]
    unmet_share: float = 0.01  # of needs for a vehicle, passed on to another centre: 急救呼叫满足率 99 % [DEF]
    called_off_share: float = 0.015  # of needs for a vehicle, called off before dispatch [DEF]
    weekend_factor: float = 0.92  # of the mean day, Saturday and Sunday [DEF]
    day_hours: tuple[float, ...] = DAY_HOURS
    weekend_hours: tuple[float, ...] = WEEKEND_HOURS

    # Intervals
    e1_median_s: float = 8  # Jinan answers within 8 s [src: JN]
    e1_sigma: float = 0.25
    e2_mean_s: float = 75  # [DEF]
    e2_sigma: float = 0.45
    e3_mean_s: float = 36  # most within 60 s, as Hangzhou asks [src: HZ]
    e3_sigma: float = 0.6
    e4_median_s: float = 100  # about 93 % within 180 s; 95 % is the national aim [src: EMS2020]
    e4_sigma: float = 0.4
    e5_sigma: float = 0.87  # so that before going live 56.8 % arrive within 12 min [src: KS]
    e6_same_mean_min: float = 12.4  # Kunshan 12.40 [src: KS]
    e6_cross_mean_min: float = 15.7  # Kunshan 15.65 [src: KS]
    e6_within_12_share: float = 0.568  # Kunshan [src: KS]; for reference only, it follows from the others
    cross_share: float = 0.374  # of runs, by a station of another town [src: KS]
    e7_mean_s: float = 15 * 60  # [DEF]
    e7_sigma: float = 0.45
    e8_mean_s: float = 12 * 60  # [DEF]
    e8_sigma: float = 0.5
    e9_mean_s: float = 12 * 60  # [DEF]; P90 near 20 min
    e9_sigma: float = 0.495

    # What going live improves [S3]
    handling_gain_s: float = 30
    dispatch_gain_s: float = 60
    arrival_gain_s: float = 120
    located_gain_share: float = 0.30

    # What callers say and are: our own choice [DEF]
    channels_before: Shares = CHANNELS_BEFORE
    channels_after: Shares = CHANNELS_AFTER
    locating_before: Locating = LOCATING_BEFORE
    locating_after: Locating = LOCATING_AFTER
    located_share: float = 0.97
    kinds: Shares = KINDS
    priorities: Shares = PRIORITIES
    causes: Shares = CAUSES
    no_dispatch_outcomes: Shares = NO_DISPATCH_OUTCOMES
    work_injury_share: float = 0.20  # of injuries 创伤

    # What becomes of runs: our own choice [DEF]
    cancelled_share: float = 0.06  # of runs, before arrival
    empty_share: float = 0.10  # of runs that arrive, 空跑
    backfilled_share: float = 0.02  # of runs: dispatch and turn-out written down later, in one
    skewed_share: float = 0.02  # of geofence arrivals: the button is off by more than 120 s
    ahead_share: float = 0.88  # of transports send the patient's data ahead 上车即入院
    ahead_mean_min: float = 8
    ahead_sd_min: float = 2.5
    ahead_late_share: float = 0.03  # of transports send it, but it comes after the patient
    joint_share: float = 0.06  # of incidents, with another department
    departments: Shares = DEPARTMENTS
    second_department_share: float = 0.2  # of joint incidents
    aed_per_day: float = 0.5  # guided uses
    video_up_share: float = 0.96  # of scheduled minutes
    outage_share: float = 0.02  # of vehicles a day lose their picture for some hours
    outage_h: tuple[int, int] = (2, 8)

    # Dirt
    missing_share: float = 0.08  # of E6, 10.4
    negative_share: float = 0.005  # of E6, 10.4; as often of E3 and of E9
    stamp_missing_share: float = 0.02  # of each other stamp [DEF]
    button_missing_share: float = 0.05  # of arrivals [DEF]
    fence_missing_share: float = 0.03  # of arrivals [DEF]
    unknown_town_share: float = 0.015  # of calls: no code, or one that is in no list [DEF]
    hours_late_share: float = 0.01  # of status events [DEF]
    day_late_share: float = 0.001  # of status events [DEF]
    call_late_share: float = 0.002  # of calls, some hours [DEF]
    call_corrected_share: float = 0.005  # [DEF]
    status_corrected_share: float = 0.003  # [DEF]
    duplicate_share: float = 0.005  # of calls and status events, sent again as they were [DEF]
    refused_share: float = 0.0005  # of calls and status events, with a code that is in no list [DEF]

    @property
    def incidents_per_day(self) -> float:
        """Incidents that get at least one vehicle."""
        return self.runs_per_day / (1 + self.two_units_share)

    @property
    def needs_per_day(self) -> float:
        """Incidents that need a vehicle, whether they get one or not."""
        return self.incidents_per_day / (1 - self.unmet_share - self.called_off_share)

    @property
    def calls_per_day(self) -> float:
        """Calls of every kind."""
        return self.calls_per_run * self.runs_per_day

    def part_means_s(self, *, is_live: bool) -> tuple[float, float]:
        """Return the mean of E2 and of E3, after or before going live."""
        before = 0.0 if is_live else 1.0
        return self.e2_mean_s + before * self.handling_gain_s, self.e3_mean_s + before * self.dispatch_gain_s

    def travel_mean_s(self, *, is_cross: bool, is_live: bool) -> float:
        """Return the mean of E5: what the other parts leave of the mean of E6."""
        e4_mean_s = self.e4_median_s * math.exp(self.e4_sigma**2 / 2)
        whole_s = 60 * (self.e6_cross_mean_min if is_cross else self.e6_same_mean_min)
        return whole_s - self.arrival_gain_s * is_live - sum(self.part_means_s(is_live=is_live)) - e4_mean_s
