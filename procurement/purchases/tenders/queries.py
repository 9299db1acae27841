"""Reading a tender: its purchase, its steps with who recorded them and our copies, its clocks."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import calendar, clock, database
from app.core.database import Row
from procurement.blocks import Block
from procurement.purchases.tenders import rules
from procurement.purchases.tenders.clocks import Clock, clocks
from procurement.purchases.tenders.facts import Step, StepKind, TenderFile, read_facts
from procurement.purchases.tenders.figures import figures_on


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as its purchase's page lists it."""

    step: Step
    recorder: str
    recorded_at: datetime
    copy: UUID | None  # our copy of what was published


@dataclass(frozen=True, slots=True)
class Tender:
    """The steps of a tender, newest last, with the periods that run."""

    steps: tuple[StepView, ...]
    clocks: tuple[Clock, ...]
    challenged_at: datetime | None  # of the oldest challenge that holds the purchase
    held_until: date | None  # the last day, where finance has said one

    @property
    def file(self) -> TenderFile:
        """Return the steps as the guards see them."""
        return TenderFile(tuple(view.step for view in self.steps))


async def tender(purchase_id: int, place_code: str) -> Tender:
    """Return what was recorded of a purchase."""
    rows = await database.fetch(
        """SELECT s.kind, s.happened_at, s.number, s.url, s.sha256, s.detail::text AS detail, s.recorded_at,
                  account.display_name AS recorder, a.public_id AS copy, p.challenged_at,
                  p.held_until, purchase_is_held(p.id) AS held
           FROM purchase_step s JOIN account ON account.id = s.recorded_by JOIN purchase p ON p.id = s.purchase_id
           LEFT JOIN attachment a ON a.owner_type = 'purchase_step' AND a.owner_id = s.id
           WHERE s.purchase_id = $1 ORDER BY s.id""",
        purchase_id,
    )
    views = []
    for row in rows:
        kind = StepKind(row["kind"])
        step = Step(kind, row["happened_at"], read_facts(kind, row["detail"]), row["number"], row["url"], row["sha256"])
        views.append(StepView(step, row["recorder"], row["recorded_at"], row["copy"]))
    today = clock.today()
    file = TenderFile(tuple(view.step for view in views))
    running = clocks(file, (await figures_on([today], place_code))[today], await calendar.load_calendar())
    held = rows[-1] if rows and rows[-1]["held"] else {"challenged_at": None, "held_until": None}
    return Tender(tuple(views), tuple(running), held["challenged_at"], held["held_until"])


async def too_early(kind: StepKind, file: TenderFile, place_code: str) -> list[Block]:
    """Name what keeps a step from being taken today, whatever its facts will be."""
    today = clock.today()
    figures = (await figures_on([today], place_code))[today]
    return rules.too_early(kind, clock.now(), file, figures, await calendar.load_calendar())


async def ranked_products(file: TenderFile) -> dict[str, str]:
    """Return the listed products of the ranked suppliers, by reference, for whoever decides."""
    evaluation = file.of(StepKind.EVALUATE)
    if evaluation is None or _stands(file):
        return {}
    rows = await database.fetch(
        """SELECT product.reference, d.rank || ' · ' || o.name_zh || ' · ' || v.title_zh AS said
           FROM unnest($1::text[]) WITH ORDINALITY AS d (uscc, rank) JOIN organization o ON o.uscc = d.uscc
           JOIN product ON product.organization_id = o.id AND product.status = 'listed'
           JOIN product_version v ON v.product_id = product.id AND v.number = product.listed_version
           ORDER BY d.rank, product.id""",
        evaluation.facts.ranking.split(),
    )
    return {row["reference"]: row["said"] for row in rows}


def _stands(file: TenderFile) -> bool:
    award, reopened = file.of(StepKind.AWARD), file.of(StepKind.REOPEN)
    return award is not None and (reopened is None or reopened.at < award.at)


async def named(file: TenderFile) -> list[Row]:
    """Return what the suppliers and the product are called that the steps hold by credit code and reference."""
    evaluation, award = file.of(StepKind.EVALUATE), file.of(StepKind.AWARD)
    if evaluation is None:
        return []
    return await database.fetch(
        """SELECT uscc AS key, name_zh, name_en FROM organization WHERE uscc = ANY($1)
           UNION ALL SELECT p.reference, v.title_zh, v.title_en FROM product p
           JOIN product_version v ON v.product_id = p.id AND v.number = coalesce(p.listed_version, p.latest_version)
           WHERE p.reference = $2""",
        evaluation.facts.ranking.split(),
        award.facts.product if award else "",
    )


async def tender_references() -> list[str]:
    """Return every purchase that has steps, the oldest first."""
    rows = await database.fetch("SELECT reference FROM purchase WHERE method = 'tender' ORDER BY id")
    return [row["reference"] for row in rows]
