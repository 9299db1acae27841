"""The tariff of a day: the family that subsidies are priced by, and which published set decides."""

from collections.abc import Sequence
from datetime import date

import msgspec

from procurement.tariffs.engine.model import Step
from procurement.tariffs.queries import PublishedSet

FAMILY = "legal_service_subsidy"


def set_on(sets: Sequence[PublishedSet], day: date) -> PublishedSet | None:
    """Return the set in force on a day; its last day is one of them, as it stands in the document."""
    return next((s for s in sets if s.effective_from <= day <= (s.effective_to or date.max)), None)


def stored_trace(steps: Sequence[Step]) -> str:
    """Return a trace as it is stored."""
    return msgspec.json.encode(steps).decode()
