"""What an auditor types about samples."""

from typing import Annotated

import msgspec

from procurement.oversight.samples.rules import Outcome, Population
from procurement.oversight.samples.service import SampleWish


class SampleForm(msgspec.Struct):
    """A sample to draw."""

    population: Population
    place_code: Annotated[str, msgspec.Meta(max_length=12)]
    year: int
    size: int
    seed: Annotated[str, msgspec.Meta(max_length=60)]

    def wish(self) -> SampleWish:
        """Return the same as the service takes it."""
        return SampleWish(**msgspec.structs.asdict(self))


class FindingForm(msgspec.Struct):
    """What was found in a drawn thing; the button says which."""

    outcome: Outcome = Outcome.SOUND
    words: Annotated[str, msgspec.Meta(max_length=600, extra={"input": "textarea"})] = ""
