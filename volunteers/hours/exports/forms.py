"""Which days, and how the file is written."""

from datetime import date

import msgspec

from volunteers.hours.exports.rules import Encoding


class ExportForm(msgspec.Struct):
    """First and last day of service, both included."""

    from_day: date
    until_day: date
    encoding: Encoding = Encoding.UTF8
    full_numbers: bool = False
