"""Why a listing is suspended; the database lets it follow its provider, and brings back only what fell with it."""

from collections.abc import Mapping
from enum import StrEnum

from app.core.text import N_
from app.rulebook.blocks import LawRefusal, Source


class Ground(StrEnum):
    """What a suspension rests on."""

    DECISION = "decision"  # a reviewer's, with reasons
    LICENCE = "licence"  # 采购法实施条例 art. 19: the licence ran out
    ORGANIZATION = "organization"  # the provider was suspended


GROUND_NAMES: Mapping[Ground, str] = {
    Ground.DECISION: N_("审查人员决定暂停"),
    Ground.LICENCE: N_("证照到期"),
    Ground.ORGANIZATION: N_("提供单位被暂停，恢复后自动重新上架"),
}


class ProviderNotVerified(LawRefusal):
    """A listing needs a verified provider."""

    code, status = "provider_not_verified", 409
    source, compared = Source("政府采购法", "第22条"), N_("没有核验，或已暂停")
    reason = N_("提供单位没有通过核验或已被暂停，不能上架。")
    remedy = N_("请先在“单位核验”办理。")
