"""Every figure of the rulebook is shown with the name of its unit."""

from decimal import Decimal

from app.core import database
from app.rulebook.wording import UNITS, unit_of
from app.web.i18n import speaking, translate


async def test_every_unit_of_a_seeded_figure_has_a_name(db: None) -> None:
    units = {row["unit"] for row in await database.fetch("SELECT DISTINCT unit FROM law_rule")}
    assert len(units) > 10
    assert units <= set(UNITS)


def test_one_of_a_unit_is_said_in_the_singular_where_the_language_has_one() -> None:
    for value, english in ((1, "working day"), (Decimal(1), "working day"), (0, "working days"), (20, "working days")):
        with speaking("en"):
            assert translate(unit_of("working_days", value)) == english
        with speaking("zh"):
            assert translate(unit_of("working_days", value)) == "个工作日"
    with speaking("en"):
        assert translate(unit_of("minutes", 30)) == "minutes"
