"""Contracts every domain leans on: the towns of the city."""

from cockpit.ledger.tables import Column, Kind, Table
from cockpit.text import Text

TOWN = Table(
    name="town",
    title=Text("乡镇（街道）", "Town"),
    grain="one row per town or functional zone",
    key=("town_code",),
    columns=(
        Column("town_code", Kind.TEXT, Text("乡镇代码", "Code, text byte for byte"), required=True),
        Column("name", Kind.TEXT, Text("名称", "Name"), required=True),
        Column("name_en", Kind.TEXT, Text("英文名", "Name in English")),
        Column("kind", Kind.TEXT, Text("类别", "Street, town or other kind")),
        Column("is_functional", Kind.BOOLEAN, Text("功能区", "A functional zone: counted in the city, never ranked")),
    ),
)
