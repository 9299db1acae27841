"""Drafting and publishing tariff sets; the content of a published set never changes, a successor ends it."""

from datetime import date
from importlib.resources import files

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from procurement.separation import OnePersonOnMoney
from procurement.tariffs.engine.document import canonical_bytes, read_set, sha256_of
from procurement.tariffs.handed_in import read_handed_in
from procurement.tariffs.publishing import publishing_faults
from procurement.tariffs.succession import Succession, priced_later, succession_of

SEEDS = ("hangzhou_demo.json",)


class TariffHasFaults(DomainError):
    """A set with gaps, overlaps or ambiguity is not published."""

    code, status, message = "tariff_has_faults", 422, N_("标准有 %(count)s 处问题，不能发布：%(first)s")


class TariffExists(DomainError):
    """The same content is stored already."""

    code, status, message = "tariff_exists", 409, N_("内容完全相同的标准已经存在，不需要重复录入。")


class TariffOverlaps(DomainError):
    """Two published sets of one family would both decide on some day."""

    code, status, message = (
        "tariff_overlaps",
        409,
        N_(
            "这段日期已有同类标准生效。没有终止日的标准，在更晚生效的新标准发布时自动终止于前一天；"
            "有终止日的不再改动。请刷新页面核对日期，让新标准从下一个没有标准的日子起生效。"
        ),
    )


class TariffLeavesGap(DomainError):
    """Days would lie between two published sets of one family without a tariff: another one was published meanwhile."""

    code, status, message = (
        "tariff_leaves_gap",
        409,
        N_("与同类标准之间有没有标准适用的日子。请刷新页面，看是哪些日子，把日期改到相接再发布。"),
    )


class TariffDaysReversed(DomainError):
    """A set ends before it begins."""

    code, status, message = "tariff_days_reversed", 422, N_("标准的失效日期早于生效日期，请改正后重新录入。")


class TariffWithoutFirstDay(DomainError):
    """A set does not say from which day on it is in force."""

    code, status, message = (
        "tariff_without_first_day",
        422,
        N_("标准没有写生效日期。请在文件里写上 from，例如 from: 2027-01-01，再录入。"),
    )


class TariffImmutable(DomainError):
    """Published means unchangeable."""

    code, status, message = "tariff_immutable", 409, N_("已发布的标准不能修改，请发布新的标准。")


CONSTRAINTS = {
    "tariff_set_body_sha256_key": TariffExists,
    "tariff_set_days": TariffDaysReversed,
    "tariff_set_one_a_day": TariffOverlaps,
    "tariff_set_gap": TariffLeavesGap,
}


async def draft_tariff(principal: Principal, document: bytes) -> int:
    """Store a set given as JSON or YAML; return its id."""
    principal.scope(Permission.TARIFF_MANAGE)
    tariff = read_handed_in(document)
    if tariff.from_ is None:
        raise TariffWithoutFirstDay
    async with transaction(), database.refusing(CONSTRAINTS):
        tariff_id = await database.insert_row(
            "tariff_set",
            {
                "family": tariff.family,
                "region": tariff.region,
                "document": tariff.document,
                "label_zh": tariff.label_zh,
                "label_en": tariff.label_en,
                "effective_from": tariff.from_,
                "effective_to": tariff.to,
                "status": "draft",
                "body": canonical_bytes(tariff).decode(),
                "body_sha256": bytes.fromhex(sha256_of(tariff)),
                "created_by": principal.actor,
            },
        )
        await audit.record(principal, "tariff.drafted", "tariff_set", tariff_id, sha256=sha256_of(tariff))
    return tariff_id


async def publish_tariff(principal: Principal, tariff_id: int) -> date | None:
    """Publish a draft that another person made, if it has no faults.

    A set in force without an end, begun before the draft, ends on the day before: that day is returned.
    """
    principal.scope(Permission.TARIFF_MANAGE)
    async with transaction():
        row = await database.fetch_one(
            "SELECT status, created_by, body::text AS body FROM tariff_set WHERE id = $1 FOR NO KEY UPDATE", tariff_id
        )
        if row is None:
            raise NotFound
        if row["status"] == "published":
            raise TariffImmutable
        if row["created_by"] == principal.account_id:
            raise OnePersonOnMoney
        tariff = read_set(row["body"].encode())
        ended = await succession_of(tariff_id)
        faults = await publishing_faults(tariff, ended)
        if faults:
            raise TariffHasFaults(count=len(faults), first=faults[0].message)
        if ended:
            await _end(principal, ended)
        async with database.refusing(CONSTRAINTS):
            await database.update_row(
                "tariff_set",
                tariff_id,
                {"status": "published", "published_by": principal.actor, "published_at": clock.now()},
            )
        await audit.record(principal, "tariff.published", "tariff_set", tariff_id)
    return ended.last_day if ended else None


async def _end(principal: Principal, ended: Succession) -> None:
    """End a set in force; refused if another successor ended it meanwhile, or if it has priced later work."""
    changed = await database.execute(
        "UPDATE tariff_set SET effective_to = $2 WHERE id = $1 AND effective_to IS NULL", ended.id, ended.last_day
    )
    if not changed:
        raise TariffOverlaps
    # The row is held now, and whoever prices by it waits: what is counted here is all there will be.
    refusal = await priced_later(ended)
    if refusal:
        raise refusal
    await audit.record(principal, "tariff.ended", "tariff_set", ended.id, last_day=ended.last_day.isoformat())


def seed_documents() -> list[bytes]:
    """Return the tariff sets that ship with the program, as JSON."""
    folder = files("procurement.tariffs") / "seed"
    return [(folder / name).read_bytes() for name in SEEDS]
