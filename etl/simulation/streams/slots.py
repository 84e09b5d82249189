"""`slots`: the appraisal sessions 鉴定场次 of the hospitals, a row when one is opened and one when it is over."""

import numpy as np

from etl.simulation.blocks import Block, block
from etl.simulation.draws import Codes, Random
from etl.simulation.injury.city import City, first_day
from etl.simulation.injury.parameters import InjuryParameters
from etl.simulation.sending import Cells, answers, stamps

HEADER = ("场次号", "修订", "医院", "开始", "容量", "已约", "爽约", "仅限在院")
MONTHS_BEFORE, MONTHS_AHEAD = 0, 1
WEEKDAY = 3
"""Thursday, counted from Monday."""
BEGINS_S, OVER_S, OPENED_DAYS = 48_600, 61_200, 14
"""From 13:30 to 17:00; booked from a fortnight before."""
CAPACITY_FACTOR, NO_SHOW_SHARE, INHOSP_CAPACITY, INHOSP_DAYS = 1.25, 0.04, 3, 14
"""Rooms are a quarter larger than appraisals need; some do not come; since going live a small session in the ward on Friday
morning every other week. [DEF]"""
WARD_S = 36_000


def block_of(city: City, month: int) -> Block:
    """Return a month's sessions."""
    random, year = city.random("slots", month), city.year
    days = np.arange(first_day(month), first_day(month + 1))
    open_days = days[np.isin(days, year.open_days)]
    usual, ward = open_days[(open_days + 3) % 7 == WEEKDAY], open_days[((open_days + 3) % 7 == WEEKDAY + 1)]
    ward = ward[(ward >= city.live_on) & (ward // 7 % 2 == 0)]
    n_hospitals = len(city.places.hospitals.codes)
    day = np.repeat(np.concatenate([usual, ward]), n_hospitals)
    hospital = np.tile(np.arange(n_hospitals), len(usual) + len(ward))
    is_ward = np.arange(len(day)) >= len(usual) * n_hospitals
    begin_at = year.at(day, np.where(is_ward, WARD_S, BEGINS_S))
    capacity, booked, absent = filled(random, city.parameters, is_ward, n_hospitals)
    opened_at = year.at(day - OPENED_DAYS, random.integers(30_600, 36_000, len(day)))
    over_at = year.at(day, OVER_S + random.integers(0, 1_800, len(day)))
    columns = (hospital, begin_at, capacity, booked, absent, is_ward, np.arange(len(day)))
    both = [np.concatenate([column, column]) for column in columns]
    rev = np.repeat([0, 1], len(day))

    def text(places: Codes) -> Cells:
        return cells(city, rev[places], [column[places] for column in both])

    return block(np.concatenate([opened_at, over_at]), np.concatenate([day, day]), text)


def filled(random: Random, parameters: InjuryParameters, is_ward: np.ndarray, hospitals: int) -> tuple[Codes, Codes, Codes]:
    """Return capacity, bookings and absences: as many as appraisals come to in a week."""
    a_week = parameters.appraised_share * parameters.recognised_per_year / 365.25 * 7 / hospitals
    capacity = np.where(is_ward, INHOSP_CAPACITY, round(a_week * CAPACITY_FACTOR))
    a_ward = parameters.inhosp_first_season / parameters.season_days * INHOSP_DAYS / hospitals
    booked = np.minimum(random.poisson(np.where(is_ward, a_ward, a_week)), capacity)
    return capacity, booked, random.binomial(booked, np.where(is_ward, 0.0, NO_SHOW_SHARE))


def cells(city: City, rev: Codes, columns: list[np.ndarray]) -> Cells:
    """Return sessions as the hospitals tell of them."""
    hospital, begin_at, capacity, booked, absent, is_ward, _ = columns
    codes = city.places.hospitals.codes[hospital]
    begins = stamps(begin_at, city.zone)
    return {
        "场次号": np.array([f"{code}-{at[:13]}" for code, at in zip(codes, begins, strict=True)], object),
        "修订": rev.astype(str).astype(object),
        "医院": codes,
        "开始": begins,
        "容量": capacity.astype(str).astype(object),
        "已约": np.where(rev == 0, 0, booked).astype(str).astype(object),
        "爽约": np.where(rev == 0, 0, absent).astype(str).astype(object),
        "仅限在院": answers(is_ward),
    }
