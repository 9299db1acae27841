"""How large the demonstration is: one town, one district, or the whole city."""

from dataclasses import dataclass
from enum import StrEnum


class ScaleName(StrEnum):
    """The three sizes of `fahui demo --scale`."""

    TOWN = "town"
    DISTRICT = "district"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Scale:
    """What is generated, in numbers; ``place_code`` is the prefix of every place that takes part."""

    name: ScaleName
    place_code: str
    volunteers: int
    lawyers: int
    organizations: int
    products_per_category: int
    duty_shifts_per_station: int
    village_visits: int
    lectures: int
    mediations: int
    home_visits: int
    orders_per_district: int
    own_sign_ups: int
    open_next_week: int
    solve_seconds: int

    @property
    def people(self) -> int:
        """Return how many people are registered."""
        return self.volunteers + self.lawyers


SCALES = {
    ScaleName.TOWN: Scale(ScaleName.TOWN, "330127100", 60, 14, 10, 3, 10, 12, 3, 4, 3, 6, 12, 8, 5),
    ScaleName.DISTRICT: Scale(ScaleName.DISTRICT, "330127", 340, 60, 14, 4, 7, 70, 14, 24, 16, 24, 60, 30, 8),
    ScaleName.CITY: Scale(ScaleName.CITY, "3301", 5000, 800, 26, 12, 10, 1250, 260, 420, 250, 20, 600, 240, 22),
}
