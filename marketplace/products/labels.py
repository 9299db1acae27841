"""What the fields of a product are called on its pages."""

from app.core.text import N_
from marketplace.products.content import FIELD_NAMES

LABELS = {
    **FIELD_NAMES,
    "more_areas": N_("其他乡镇、村社"),
    "monthly_units": N_("每月可接数量"),
    "organization": N_("提供单位"),
    "category": N_("类别"),
    "qualifications": N_("证照和材料"),
}
