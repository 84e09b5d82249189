"""Contracts every domain leans on: the towns of the city, other codes for them, and the days on which it works."""

from cockpit.ledger.tables import Column, Kind, Pii, Table
from cockpit.text import Text

TOWN = Table(
    name="town",
    title=Text("乡镇（街道）", "Town"),
    grain="one row per town or functional zone",
    key=("town_code",),
    pii=Pii.NONE,
    columns=(
        Column("town_code", Kind.TEXT, Text("乡镇代码", "Code, text byte for byte"), required=True),
        Column("name", Kind.TEXT, Text("名称", "Name"), required=True),
        Column("name_en", Kind.TEXT, Text("英文名", "Name in English")),
        Column("short", Kind.TEXT, Text("简称", "Short name")),
        Column("kind", Kind.TEXT, Text("类别", "Street, town or other kind")),
        Column("lon", Kind.REAL, Text("经度", "Longitude of its seat, WGS 84"), bounds=(-180, 180), unit="°"),
        Column("lat", Kind.REAL, Text("纬度", "Latitude of its seat, WGS 84"), bounds=(-90, 90), unit="°"),
        Column("valid_from_on", Kind.DAY, Text("启用日期", "First day of the code")),
        Column("valid_to_on", Kind.DAY, Text("停用日期", "Last day of the code")),
        Column("is_functional", Kind.BOOLEAN, Text("功能区", "A functional zone: counted in the city, never ranked")),
    ),
)
"""Outlines come from the site's boundaries file; kinds differ from country to country."""

TOWN_ALIAS = Table(
    name="town_alias",
    title=Text("乡镇别名", "Other code of a town"),
    grain="one row per code that records use and the list of towns does not have",
    key=("alias_code",),
    pii=Pii.NONE,
    columns=(
        Column("alias_code", Kind.TEXT, Text("别名代码", "Code as records have it"), required=True),
        Column("town_code", Kind.TEXT, Text("乡镇代码", "Town it stands for; none: nobody can say which"), references="town"),
        Column("note", Kind.TEXT, Text("说明", "Why")),
    ),
)

CN_WORKDAY = Table(
    name="cn_workday",
    title=Text("工作日历", "Working days"),
    grain="one row per day of a year whose official notice is out",
    key=("day_on",),
    is_common=True,
    pii=Pii.NONE,
    columns=(
        Column("day_on", Kind.DAY, Text("日期", "Day"), required=True),
        Column("is_workday", Kind.BOOLEAN, Text("工作日", "A working day, make-up days among them"), required=True),
        Column("name", Kind.TEXT, Text("名称", "Name of the holiday or make-up day")),
    ),
)
