"""What becomes of a seat that came free."""

from enum import StrEnum


class Outcome(StrEnum):
    """Offered to somebody else, planned anew, taken by somebody already, left to call-outs, or over."""

    OFFERED = "offered"
    REPLANNED = "replanned"
    FILLED = "filled"
    CALLED = "called"
    OVER = "over"
