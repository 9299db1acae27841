"""How a product looks in lists and on its page: the sign of its category and of its stage."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Tag
from marketplace.organizations.provision import CATEGORY_NAMES, Category
from marketplace.products.rules import REVISION_NAMES, STATUS_NAMES, ProductStatus, Revision, Stage

_TONES: Mapping[ProductStatus, str] = {
    ProductStatus.DRAFT: "off",
    ProductStatus.SUBMITTED: "wait",
    ProductStatus.IN_REVIEW: "wait",
    ProductStatus.CHANGES_REQUESTED: "need",
    ProductStatus.LISTED: "done",
    ProductStatus.SUSPENDED: "need",
    ProductStatus.DELISTED: "off",
    ProductStatus.REJECTED: "off",
    ProductStatus.WITHDRAWN: "off",
}
_REVISION_TONES: Mapping[Revision, str] = {
    Revision.DRAFT: "off",
    Revision.SUBMITTED: "wait",
    Revision.IN_REVIEW: "wait",
    Revision.CHANGES_REQUESTED: "need",
}

CATEGORY_TAGS: Mapping[Category, Tag] = {
    Category.LEGAL_EDUCATION: Tag("info", CATEGORY_NAMES[Category.LEGAL_EDUCATION], icon="megaphone"),
    Category.CONSULTATION: Tag("info", CATEGORY_NAMES[Category.CONSULTATION], icon="chat-dots"),
    Category.MEDIATION: Tag("info", CATEGORY_NAMES[Category.MEDIATION], icon="people"),
    Category.LEGAL_AID: Tag("info", CATEGORY_NAMES[Category.LEGAL_AID], icon="shield-check"),
    Category.NOTARIZATION: Tag("info", CATEGORY_NAMES[Category.NOTARIZATION], icon="patch-check"),
    Category.FORENSIC_APPRAISAL: Tag("info", CATEGORY_NAMES[Category.FORENSIC_APPRAISAL], icon="fingerprint"),
}

RATING_NAMES: Mapping[str, str] = {"4": N_("4 分以上"), "3": N_("3 分以上")}


def stage_tags(stage: Stage) -> list[Tag]:
    """Return the sign of the product's status and, while a next version is under way, of that."""
    tags = [Tag(_TONES[stage.status], STATUS_NAMES[stage.status])]
    if stage.revision is not Revision.NONE:
        tags.append(Tag(_REVISION_TONES[stage.revision], REVISION_NAMES[stage.revision]))
    return tags
