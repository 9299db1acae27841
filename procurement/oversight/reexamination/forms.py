"""What is asked about a past purchase."""

from datetime import date

import msgspec


class OtherDay(msgspec.Struct):
    """The other day whose law a purchase is compared with."""

    on: date | None = None
