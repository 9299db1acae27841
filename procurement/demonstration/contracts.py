"""What follows signatures, shown once: contracts published and filed, a longer term, a tender at its beginning."""

from collections.abc import Mapping
from datetime import date, timedelta

from app.core import clock, database
from app.core.access import Principal, Role
from marketplace.organizations.provision import Category
from procurement.contracts.amendments import service as amendments
from procurement.contracts.amendments.rules import Change
from procurement.contracts.notices.rules import NoticeKind, Recorded
from procurement.contracts.notices.service import record_notice
from procurement.purchases.tenders.facts import IntentFacts, Step, StepKind
from procurement.purchases.tenders.service import NewTender, open_tender

PUBLISHED, LONGER_BY = 3, timedelta(days=30)
SITE = "https://zfcg.czt.zj.gov.cn/site/detail"
REASON_ZH = "村社需求集中在年底，双方同意延长服务期限"
PURPOSE_ZH = "下一年度村社普法宣传服务"
UNITS, CEILING_FEN = 100, 60_000


async def follow(officers: Mapping[Role, Principal], providers: Mapping[int, Principal]) -> None:
    """Publish and file the first contracts, lengthen one, and begin a tender."""
    if await database.fetch_value("SELECT count(*) FROM contract_notice"):
        return
    officer, today = officers[Role.PROCUREMENT_OFFICER], clock.today()
    rows = await database.fetch(
        "SELECT id, organization_id, ends_on FROM contract WHERE signed_at IS NOT NULL ORDER BY id LIMIT $1", PUBLISHED
    )
    for number, row in enumerate(rows, start=1):
        await record_notice(officer, row["id"], Recorded(NoticeKind.PUBLISHED, today, f"{SITE}?id={number}"))
    if not rows:
        return
    first = rows[0]
    await record_notice(officer, first["id"], Recorded(NoticeKind.FILED, today, number=f"HZ-{today.year}-001"))
    await amendments.propose_amendment(officer, first["id"], Change(ends_on=first["ends_on"] + LONGER_BY), REASON_ZH)
    amendment = await database.fetch_value("SELECT id FROM contract_amendment WHERE contract_id = $1", first["id"])
    await amendments.agree(providers[first["organization_id"]], amendment)
    await _begin_tender(officer, today)


async def _begin_tender(officer: Principal, today: date) -> None:
    line = await database.fetch_one(
        """SELECT l.id, place.code FROM budget_line l JOIN programme p ON p.id = l.programme_id
           JOIN place ON place.id = l.place_id WHERE p.code = 'purchase' AND l.year = $1 ORDER BY place.code LIMIT 1""",
        today.year,
    )
    if line is None:
        return
    coming = (today + timedelta(days=40)).strftime("%Y-%m")
    intent = Step(StepKind.INTENT, clock.now(), IntentFacts(Category.LEGAL_EDUCATION, 0, coming, True), url=SITE)
    await open_tender(officer, NewTender(line["id"], line["code"], UNITS, CEILING_FEN, PURPOSE_ZH), intent)
