"""The way to the figures from one's own hours."""

from app.core.access import Principal
from app.web.slots import Fill


async def on_my_hours(principal: Principal) -> Fill:
    """Fill ``my_hours.aside``."""
    del principal
    return Fill("volunteers/dispatch/explanations/fairness/ask.html")
