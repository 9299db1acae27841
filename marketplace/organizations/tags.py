"""How an organization and its papers look: the sign of their status."""

from collections.abc import Mapping

from app.web.components import Tag
from marketplace.organizations.qualifications.rules import STATE_NAMES, PaperState
from marketplace.organizations.rules import STATUS_NAMES, OrganizationStatus

STATUS_TAGS: Mapping[OrganizationStatus, Tag] = {
    OrganizationStatus.APPLIED: Tag("wait", STATUS_NAMES[OrganizationStatus.APPLIED]),
    OrganizationStatus.VERIFIED: Tag("done", STATUS_NAMES[OrganizationStatus.VERIFIED]),
    OrganizationStatus.REFUSED: Tag("need", STATUS_NAMES[OrganizationStatus.REFUSED]),
    OrganizationStatus.SUSPENDED: Tag("need", STATUS_NAMES[OrganizationStatus.SUSPENDED]),
}

PAPER_TAGS: Mapping[PaperState, Tag] = {
    PaperState.PENDING: Tag("wait", STATE_NAMES[PaperState.PENDING]),
    PaperState.REFUSED: Tag("need", STATE_NAMES[PaperState.REFUSED]),
    PaperState.VALID: Tag("done", STATE_NAMES[PaperState.VALID]),
    PaperState.NOT_YET: Tag("wait", STATE_NAMES[PaperState.NOT_YET]),
    PaperState.EXPIRED: Tag("need", STATE_NAMES[PaperState.EXPIRED]),
}
