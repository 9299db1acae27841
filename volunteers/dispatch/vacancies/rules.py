"""What becomes of a seat that came free."""

from enum import StrEnum


class Outcome(StrEnum):
    """Planned anew, taken by somebody already, left to the call-outs of the last day, or nothing to do any more."""

    REPLANNED = "replanned"
    FILLED = "filled"
    CALLED = "called"
    OVER = "over"
