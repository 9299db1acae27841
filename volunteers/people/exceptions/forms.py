"""What a person types about days away and extra hours."""

from datetime import date, datetime, time

import msgspec

from volunteers.people.exceptions import rules
from volunteers.people.exceptions.rules import Stretch


class AwayForm(msgspec.Struct):
    """From one day to another, both included."""

    from_day: date
    until_day: date

    def stretch(self, now: datetime) -> Stretch:
        """Return the same as the service takes it."""
        return rules.away(self.from_day, self.until_day, now)


class ExtraForm(msgspec.Struct):
    """Some hours of one day."""

    day: date
    begins: time
    stops: time

    def stretch(self, now: datetime) -> Stretch:
        """Return the same as the service takes it."""
        return rules.free(self.day, self.begins, self.stops, now)
