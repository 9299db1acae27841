"""Every figure of the rulebook is shown with the name of its unit."""

from app.core import database
from app.rulebook.wording import UNITS


async def test_every_unit_of_a_seeded_figure_has_a_name(db: None) -> None:
    units = {row["unit"] for row in await database.fetch("SELECT DISTINCT unit FROM law_rule")}
    assert len(units) > 10
    assert units <= set(UNITS)
