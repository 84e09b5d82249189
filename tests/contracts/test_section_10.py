"""The contracts are those of the domain specification, section 10.2: every table, every column, every allowed value."""

import pytest

from etl.catalogue import contracts

SECTION_10_2 = {
    "town": "town_code name kind short lon lat geom valid_from valid_to is_functional",
    "town_alias": "alias_code town_code note",
    "cn_workday": "d is_workday name",
    "enterprise": "enterprise_id name reg_town prod_town gb4754 risk_cat base_rate float_step size status insured_since "
    "is_dispatch project_flag valid_from valid_to",
    "enterprise_month": "enterprise_id ym headcount headcount_end wage_base premium_due premium_paid rate",
    "work_injury_case": "case_id person_key enterprise_id employer_town accident_town accident_at accident_lon accident_lat "
    "reported_at applied_at applicant accepted_at fast_flag clear_flag basis accident_type body_part injury_nature occupation "
    "insured_at_accident third_party decision decided_at delivered_at package hospital_id disability_grade care_level death_at "
    "lost_days age_band sex specialist_id accompanied advance_avoided",
    "case_event": "event_id case_id event_code event_time actor_org doc_no payload rev",
    "benefit_payment": "pay_id case_id item amount paid_on payer ym",
    "hospital": "hospital_id name town_code hosp_lv full_chain appr_site",
    "claim": "mdtrt_id setl_id fund person_key case_id hospital_id med_type begntime endtime ipt_days gend age adm_dept "
    "dscg_maindiag_code diag_codes oprn_codes medfee_sumamt inscp_amt fulamt_ownpay_amt fund_pay_sumamt cash_payamt setl_time "
    "setl_type refd_setl_flag init_setl_id",
    "claim_line": "feedetl_sn mdtrt_id setl_id fee_ocur_time med_list_codg hilist_code hilist_name list_type med_chrgitm_type "
    "cnt pric det_item_fee_sumamt pric_uplmt_amt chrgitm_lv inscp_amt spec unit rx_drord_no bilg_dr dept init_feedetl_sn",
    "claim_alert": "alert_id rule_id mdtrt_id line_ids amount_at_risk result_type severity score evidence state raised_at "
    "decided_at confirmed_amount rule_version",
    "emergency_call": "call_id incident_id channel t_ring t_answer t_accept_end t_located loc_source lon lat loc_error_m "
    "town_code kind priority cause work_injury_flag onekey needs_dispatch outcome time_precision",
    "vehicle_status": "event_id run_id incident_id vehicle_id station_id status event_time source lon lat speed_kmh "
    "hospital_id",
    "vehicle": "vehicle_id station_id type in_service crew_level",
    "station": "station_id name town_code lon lat",
    "town_colour_history": "town_code week_end O PY E sir theta z zstar A B C D E_part score raw_colour colour reason_text "
    "config_version data_as_of",
    "enterprise_risk": "enterprise_id run_week s1 s2 s3 s4 s5 idx grade gate theta p_gt_15 reason config_version",
    "risk_push": "state",
    "case_material": "case_id package materials card_only steps",
    "exchange_call": "call_id from_dept to_dept item called_at answered_at ok",
    "rectification_order": "order_id enterprise_id town_code kind level pushed_at signed_at inspected_at due_on rectified_at "
    "rechecked_at closed_at",
    "camera_minute": "hospital_id d scheduled up",
    "job_post": "post_id employer_id posted_on closed_on for_disabled",
    "specialist": "specialist_id hospital_id town_code role active",
    "appraisal_slot": "slot_id hospital_id start capacity booked no_show inhosp_only",
    "reemploy": "person_key case_id intent_at trained_at offered_at placed_at post_town employer_id",
    "config": "config_version effective_from json approved_by note",
}
"""Tables and columns as the section writes them; section 4.1 names the states of `risk_push`, and no columns."""

PLACES = "the instant that places a row in a window is event_at in every contract"
MONTH = "a month is named by the word"
DAY = "a day is named by the word"
WORD = "a letter of a formula says nothing outside of it"
SHORT = "the house's word, without the unit's abbreviation in it"
OTHERWISE: dict[str, tuple[str | None, str]] = {
    "town.geom": (None, "outlines come from the site's boundaries file, checked when the site is read"),
    "cn_workday.d": ("day_on", DAY),
    "camera_minute.d": ("day_on", DAY),
    "enterprise_month.ym": ("month", MONTH),
    "benefit_payment.ym": ("month", MONTH),
    "work_injury_case.accident_at": ("event_at", PLACES),
    "case_event.event_time": ("event_at", PLACES),
    "vehicle_status.event_time": ("event_at", PLACES),
    "claim.setl_time": ("event_at", PLACES),
    "claim_line.fee_ocur_time": ("event_at", PLACES),
    "claim_alert.raised_at": ("event_at", PLACES),
    "exchange_call.called_at": ("event_at", PLACES),
    "rectification_order.pushed_at": ("event_at", PLACES),
    "enterprise.project_flag": ("is_project", SHORT),
    "work_injury_case.third_party": ("has_third_party", "it is had, not been"),
    "claim.begntime": ("begin_at", "a whole word"),
    "claim.endtime": ("end_at", "as begin_at"),
    "claim.medfee_sumamt": ("medfee_sum_fen", SHORT),
    "claim.inscp_amt": ("inscp_fen", SHORT),
    "claim.fulamt_ownpay_amt": ("ownpay_fen", SHORT),
    "claim.fund_pay_sumamt": ("fund_pay_fen", SHORT),
    "claim.cash_payamt": ("cash_pay_fen", SHORT),
    "claim.refd_setl_flag": ("is_refund", SHORT),
    "claim_line.det_item_fee_sumamt": ("det_item_fee_fen", SHORT),
    "claim_line.pric_uplmt_amt": ("pric_uplmt_e4", SHORT),
    "claim_line.inscp_amt": ("inscp_fen", SHORT),
    "claim_alert.confirmed_amount": ("confirmed_fen", SHORT),
    "emergency_call.work_injury_flag": ("is_work_injury", SHORT),
    "town_colour_history.O": ("observed_count", WORD),
    "town_colour_history.PY": ("person_years", WORD),
    "town_colour_history.E": ("expected_count", WORD),
    "town_colour_history.A": ("level_score", WORD),
    "town_colour_history.B": ("change_score", WORD),
    "town_colour_history.C": ("severity_score", WORD),
    "town_colour_history.D": ("overdue_score", WORD),
    "town_colour_history.E_part": ("repeat_score", WORD),
    "enterprise_risk.s1": ("count_score", WORD),
    "enterprise_risk.s2": ("rate_score", WORD),
    "enterprise_risk.s3": ("trend_score", WORD),
    "enterprise_risk.s4": ("severity_score", WORD),
    "enterprise_risk.s5": ("cost_score", WORD),
    "enterprise_risk.gate": ("is_gated", "a truth"),
    "case_material.materials": ("material_count", "what is counted"),
    "case_material.steps": ("step_count", "what is counted"),
    "appraisal_slot.start": ("begin_at", "as claim.begin_at"),
    "appraisal_slot.capacity": ("capacity_count", "what is counted"),
    "appraisal_slot.booked": ("booked_count", "what is counted"),
    "appraisal_slot.no_show": ("no_show_count", "what is counted"),
}
"""Where our name is neither that of the section nor that name with the house's mark of its kind: ours, and why."""

ENUMS = {
    "enterprise.float_step": "50 80 100 120 150",
    "enterprise.size": "大 中 小 微 个体",
    "enterprise.status": "存续 注销 吊销 迁出",
    "work_injury_case.applicant": "用人单位 职工 近亲属 工会",
    "work_injury_case.decision": "认定 视同 不予认定 不予受理 撤回",
    "work_injury_case.package": "P1 P2 P3 P4 P5 P6 P7",
    "work_injury_case.sex": "1 2",
    "benefit_payment.item": "医疗费 伙食补助 伤残补助金 医疗补助金 伤残津贴 护理费 丧葬 工亡补助金 抚恤金 辅助器具 康复",
    "benefit_payment.payer": "基金 单位",
    "hospital.hosp_lv": "01 02 03 04 05 06 07 08 09 10 11",
    "claim.fund": "工伤 职工医保 居民医保",
    "claim.setl_type": "联网 手工",
    "claim_line.list_type": "药品 诊疗 材料 服务设施",
    "claim_line.med_chrgitm_type": "01 02 03 04 05 06 07 08 09 10 11 12 13 14",
    "claim_line.chrgitm_lv": "01 02 03",
    "claim_alert.result_type": "违规 可疑",
    "emergency_call.channel": "120电话 浙里办一键 110/119/122联动 短信 其他",
    "emergency_call.outcome": "派车 指导 重复 误拨 骚扰 转他台 取消",
    "emergency_call.time_precision": "s min",
    "emergency_call.loc_source": "GPS 基站 口述 三重复合",  # a SET in the section; 三重复合 is all three
    "vehicle_status.status": "DISPATCHED ACK EN_ROUTE ON_SCENE AT_PATIENT LEFT_SCENE AT_HOSPITAL HANDOVER AVAILABLE HOME "
    "CANCELLED",
    "vehicle_status.source": "按键 GPS围栏 调度补录",
    "vehicle.type": "监护 普通 负压 特种",
    "rectification_order.level": "红 橙 黄",
    "specialist.role": "政策宣传员 安全制度监督员 代办陪跑员 矛盾纠纷调处员 再就业培训指导员",
    "risk_push.state": "PUSHED SIGNED INSPECTED ORDERED RECTIFIED RECHECKED CLOSED ESCALATED RATE_SUGGESTED",
}
BOUNDS = {
    "enterprise.risk_cat": (1, 8),
    "work_injury_case.disability_grade": (1, 10),
    "work_injury_case.care_level": (0, 3),
}
LATE_DAYS = {
    "work_injury_case": 800,
    "case_event": 800,
    "enterprise_month": 762,  # 24 months, and the month itself
    "claim": 400,
    "claim_line": 400,
    "emergency_call": 30,
    "vehicle_status": 30,
}


def ours(table: str, name: str) -> str | None:
    """Return our name of a column of the section, None when it is left out for a reason."""
    if f"{table}.{name}" in OTHERWISE:
        return OTHERWISE[f"{table}.{name}"][0]
    plain = name.removesuffix("_flag")
    marked = (name, f"{name}_on", f"{name}_at", f"{name}_fen", f"{name}_e4", f"{name}_min", f"is_{plain}")
    return next((one for one in marked if one in contracts()[table].names), f"no column for {table}.{name}")


@pytest.mark.parametrize("name", SECTION_10_2)
def test_every_table_of_the_section_is_a_contract_with_every_column(name):
    wanted = [ours(name, column) for column in SECTION_10_2[name].split()]
    assert {column for column in wanted if column} <= {*contracts()[name].names}
    assert len({*wanted}) == len(wanted)


def test_what_is_named_otherwise_is_a_column_of_the_section_and_says_why():
    for where, (_, reason) in OTHERWISE.items():
        table, name = where.split(".")
        assert name in SECTION_10_2[table].split()
        assert reason


@pytest.mark.parametrize("where", ENUMS)
def test_allowed_values_are_those_of_the_section(where):
    table, name = where.split(".")
    assert {*contracts()[table].column(str(ours(table, name))).allowed} == {*ENUMS[where].split()}


def test_every_list_of_allowed_values_is_held_against_its_source():
    listed = {where.replace(".", " ") for where in ENUMS}
    elsewhere = {
        "work_injury_case basis",  # section 2.10
        "work_injury_case accident_type",  # section 2.10
        "case_event event_code",  # section 2.1
        "case_material package",  # as that of the case
        "claim_alert state",  # section 5.3
        "town_colour_history raw_colour",  # section 3.4
        "town_colour_history colour",
        "town_colour_history floor",
        "enterprise_risk grade",  # section 4
        "enterprise_risk grade_before",
        "enterprise_risk floor",
        "enterprise_risk rate_advice",  # section 4.1
    }
    found = {f"{table.name} {c.name}" for table in contracts().values() for c in table.columns if c.allowed}
    assert {one for one in found if one.split()[0] in SECTION_10_2} == listed | elsewhere


@pytest.mark.parametrize("where", BOUNDS)
def test_bounds_are_those_of_the_section(where):
    table, name = where.split(".")
    assert contracts()[table].column(name).bounds == BOUNDS[where]


@pytest.mark.parametrize("name", LATE_DAYS)
def test_rows_may_come_as_late_as_section_10_1_says(name):
    assert contracts()[name].late_days == LATE_DAYS[name]
