"""What people send to close a year: nothing but the press of a button."""

import msgspec


class CloseForm(msgspec.Struct):
    """A year is named by the address; there is nothing to type."""
