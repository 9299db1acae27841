"""What ratings add to the program."""

from app.web.slots import Slot
from procurement.oversight.ratings import slots

SLOTS: list[Slot] = [
    ("organization_page.aside", slots.on_organization),
    ("product_page.main", slots.on_product),
]
