"""Setting the villages' yearly quotas."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core import audit, database
from app.core.access import Permission, Principal
from app.core.audit import Entry
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.blocks import LawRefusal
from procurement.deliveries.quotas.queries import villages_below
from procurement.deliveries.rules import QUOTA


class QuotaBelowUse(LawRefusal):
    """What villages have ordered already cannot be taken from them."""

    code, status = "quota_below_use", 409
    source, compared = QUOTA, N_("少于已点单的数量")
    reason, remedy = N_("额度不能少于已经点单的数量。"), N_("请填不少于已点单数量的额度。")


@dataclass(frozen=True, slots=True)
class VillageQuota:
    """A village's quota for a year."""

    place_code: str
    year: int
    quota: int


async def set_quota_below(principal: Principal, place_code: str, year: int, quota: int) -> int:
    """Give every village of a place the same quota; return how many have another one than before."""
    codes = await villages_below(place_code) if place_code else []
    if not codes:
        raise InvalidInput({"place_code": Message(N_("请选择地区。"))})
    return await set_quotas(principal, [VillageQuota(code, year, quota) for code in codes])


async def set_quotas(principal: Principal, quotas: Sequence[VillageQuota]) -> int:
    """Set or change quotas of any number of villages, all or none; return how many are new or changed."""
    scope = principal.scope(Permission.FRAMEWORK_MANAGE)
    for quota in quotas:
        scope.require_place(quota.place_code)
        if quota.quota < 0:
            raise InvalidInput({"quota": Message(N_("额度不能是负数。"))})
    async with transaction():
        rows = [(quota.place_code, quota.year, quota.quota) for quota in quotas]
        turned = database.columns(rows, 3)
        known = await database.fetch_value(
            "SELECT count(*) FROM place WHERE code = ANY($1) AND level = 'village'", list(set(turned[0]))
        )
        if known < len(set(turned[0])):
            raise NotFound
        async with database.refusing({"village_quota_kept": QuotaBelowUse}):
            changed = await database.fetch(_SET, *turned)
        if changed:
            await audit.record_many(
                principal,
                [Entry("village_quota.set", "village_quota", row["id"], {"quota": row["quota"]}) for row in changed],
            )
        return len(changed)


# Ordered by place, so that two officers who set the same villages wait for each other instead of deadlocking.
_SET = """
INSERT INTO village_quota (place_id, year, quota)
SELECT place.id, d.year, d.quota FROM unnest($1::text[], $2::integer[], $3::integer[]) AS d (place_code, year, quota)
JOIN place ON place.code = d.place_code ORDER BY place.id, d.year
ON CONFLICT (place_id, year) DO UPDATE SET quota = excluded.quota WHERE village_quota.quota <> excluded.quota
RETURNING id, quota
"""
