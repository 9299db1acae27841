"""What a provider does with its products: write, save, submit, take back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, EditConflict, InvalidInput, NotFound
from app.core.text import N_, Message
from app.rulebook import lawbook, rely_on
from app.rulebook.blocks import LawRefusal, Source
from marketplace.law import ceilings_on
from marketplace.organizations.matrix.queries import load_matrix
from marketplace.organizations.provision import Category
from marketplace.products import content as contents
from marketplace.products import rules
from marketplace.products.capacity.rules import MOST_UNITS, from_today, statement_faults
from marketplace.products.capacity.service import state_here
from marketplace.products.checking.negative_list import ARTICLES, DOCUMENT, PREFIX, declared_by, entries_on
from marketplace.products.content import ProductContent
from marketplace.products.dossiers import TEXTS, Dossier, read_dossiers
from marketplace.products.guards import Fault, submission_faults
from marketplace.products.rules import NothingChanged, ProductEvent, Stage

VERSION_COLUMNS = (
    *("product_id", "number"),
    *TEXTS,
    *("target_group", "unit", "minutes", "people", "credentials_any", "skills_all", "ceiling_fen"),
    *("content_sha256", "author_id", "created_at"),
)


class SubmissionRefused(DomainError):
    """Some of the products cannot be submitted; ``faults`` says which, why and how to mend it."""

    code, status = "submission_refused", 422
    message = N_("有 %(count)s 处需要补正后才能提交。")

    def __init__(self, faults: Mapping[str, Sequence[Fault]]) -> None:
        """Keep the faults by the product's reference."""
        self.faults = faults
        found = [fault for product in faults.values() for fault in product]
        super().__init__(fields={fault.field: fault.message for fault in reversed(found)}, count=len(found))
        self.grounds = tuple(fault.ground() for fault in found)


class NotDeclared(LawRefusal):
    """The declaration was not ticked."""

    code, status = "not_declared", 422
    source, compared = Source(DOCUMENT, ARTICLES, verified=False), N_("没有声明")
    reason, remedy = N_("提交的人要声明：这项服务不属于负面清单。"), N_("请先勾选声明。")


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product that an organization begins to write."""

    organization: UUID
    category: Category
    content: ProductContent
    template: str = ""  # the code of the template it was copied from
    monthly_units: int | None = None  # what can be had in a month; a submission needs it


@dataclass(frozen=True, slots=True)
class Saved:
    """A product's reference and the version that was written."""

    reference: str
    version: int
    product_id: int = field(repr=False)


async def create_product(principal: Principal, new: NewProduct) -> Saved:
    """Begin a product with its first version."""
    return (await create_products(principal, [new]))[0]


async def create_products(principal: Principal, products: Sequence[NewProduct]) -> list[Saved]:
    """Begin many products at once, as from a provider's spreadsheet; all or none, in the order given."""
    scope = principal.scope(Permission.PRODUCT_WRITE)
    _require_valid(new.content for new in products)
    async with transaction():
        organizations = await _organization_ids({new.organization for new in products})
        for organization_id in organizations.values():
            scope.require_organization(organization_id)
        rows = await database.fetch(
            """INSERT INTO product (organization_id, category, status, created_by, created_at, template_code)
               SELECT d.organization_id, d.category, 'draft', $4, $5, d.template
               FROM unnest($1::bigint[], $2::text[], $3::text[])
                    WITH ORDINALITY AS d (organization_id, category, template, place)
               ORDER BY d.place RETURNING id, reference""",
            [organizations[new.organization] for new in products],
            [new.category.value for new in products],
            [new.template for new in products],
            principal.actor,
            clock.now(),
        )
        rows.sort(key=lambda row: int(row["id"]))
        versions = [(row["id"], 1, new.content) for row, new in zip(rows, products, strict=True)]
        await _write_versions(principal, versions, "product.created")
        await _state_units(principal, [(row["id"], new.monthly_units) for row, new in zip(rows, products, strict=True)])
    return [Saved(row["reference"], 1, row["id"]) for row in rows]


async def save_product(
    principal: Principal,
    reference: str,
    expected_version: int,
    content: ProductContent,
    monthly_units: int | None = None,
) -> Saved:
    """Write the next version; refuse if somebody else has written one since ``expected_version`` was read.

    What can be had in a month is no part of a version: it is stated as soon as it is saved, from this month on.
    """
    scope = principal.scope(Permission.PRODUCT_WRITE)
    _require_valid([content])
    async with transaction():
        (dossier,) = await read_dossiers([reference], principal.actor, lock=True)
        scope.require_organization(dossier.organization_id)
        after = rules.step(dossier.stage, ProductEvent.SAVE)
        if dossier.latest_version != expected_version:
            raise EditConflict
        restated = monthly_units is not None and monthly_units != dossier.monthly_units
        if restated:
            await _state_units(principal, [(dossier.id, monthly_units)])
        if contents.content_sha256(content) == dossier.content_sha256:
            if not restated:
                raise NothingChanged
            return Saved(reference, expected_version, dossier.id)
        number = expected_version + 1
        await _write_versions(principal, [(dossier.id, number, content)], "product.saved")
        await database.update_row("product", dossier.id, {"latest_version": number, "revision": after.revision.value})
    return Saved(reference, number, dossier.id)


async def submit_products(principal: Principal, references: Sequence[str], *, declared: bool = True) -> None:
    """Submit products for review; all or none, with every fault of every product when refused.

    Who submits declares, by name, that the service is not on the negative list (令102 art. 10-14); a page asks
    for the tick and passes it on.
    """
    scope = principal.scope(Permission.PRODUCT_WRITE)
    today = clock.today()
    entries = entries_on(await lawbook(PREFIX), today)
    if not declared:
        raise NotDeclared(source=declared_by(entries))
    rely_on(entry.rule for entry in entries)
    async with transaction():
        dossiers = await read_dossiers(references, principal.actor, lock=True)
        for dossier in dossiers:
            scope.require_organization(dossier.organization_id)
        moved = [(dossier, rules.step(dossier.stage, ProductEvent.SUBMIT)) for dossier in dossiers]
        judged = await _judged(dossiers, today)
        if faults := {reference: found for reference, found in judged.items() if found}:
            raise SubmissionRefused(faults)
        await _declare(principal, dossiers)
        await move(principal, moved, ProductEvent.SUBMIT)


async def _judged(dossiers: Sequence[Dossier], today: date) -> dict[str, list[Fault]]:
    ceilings, matrix = await ceilings_on(today), await load_matrix()
    rely_on(row for category in {dossier.category for dossier in dossiers} for row in matrix.deciding(category, today))
    return {one.reference: submission_faults(one.submission(today, ceilings, matrix)) for one in dossiers}


async def withdraw_product(principal: Principal, reference: str) -> None:
    """Take a product back, listed or not: a provider may leave at any time (令110 §20)."""
    scope = principal.scope(Permission.PRODUCT_WRITE)
    async with transaction():
        (dossier,) = await read_dossiers([reference], principal.actor, lock=True)
        scope.require_organization(dossier.organization_id)
        after = rules.step(dossier.stage, ProductEvent.WITHDRAW)
        await move(principal, [(dossier, after)], ProductEvent.WITHDRAW)


async def move(principal: Principal, moved: Sequence[tuple[Dossier, Stage]], event: ProductEvent) -> None:
    """Write the stages and one audit event for each product; a step of a use case's transaction."""
    await database.execute(
        """UPDATE product p SET status = d.status, revision = d.revision,
                  submitted_at = CASE WHEN NOT d.waiting THEN NULL WHEN $5 THEN $6 ELSE p.submitted_at END,
                  suspended_for = CASE WHEN d.status <> 'suspended' THEN '' WHEN $7 THEN 'decision'
                                       ELSE p.suspended_for END
           FROM unnest($1::bigint[], $2::text[], $3::text[], $4::boolean[]) AS d (id, status, revision, waiting)
           WHERE p.id = d.id""",
        *database.columns(
            [(d.id, stage.status.value, stage.revision.value, stage.under_review) for d, stage in moved], 4
        ),
        event is ProductEvent.SUBMIT,
        clock.now(),
        event is ProductEvent.SUSPEND,
    )
    entries = [
        audit.Entry(
            f"product.{event.value}",
            "product",
            dossier.id,
            {"version": dossier.latest_version, "from": dossier.stage.code, "to": stage.code},
        )
        for dossier, stage in moved
    ]
    await audit.record_many(principal, entries)


async def _declare(principal: Principal, dossiers: Sequence[Dossier]) -> None:
    await database.execute(
        """INSERT INTO product_declaration (product_id, product_version, declared_by, declared_at)
           SELECT d.id, d.number, $3, $4 FROM unnest($1::bigint[], $2::integer[]) AS d (id, number)
           ON CONFLICT ON CONSTRAINT product_declared_once DO NOTHING""",
        *database.columns([(dossier.id, dossier.latest_version) for dossier in dossiers], 2),
        principal.actor,
        clock.now(),
    )


def _require_valid(written: Iterable[ProductContent]) -> None:
    for content in written:
        if faults := contents.value_faults(content):
            raise InvalidInput(fields=faults)


async def _organization_ids(public_ids: set[UUID]) -> dict[UUID, int]:
    rows = await database.fetch("SELECT public_id, id FROM organization WHERE public_id = ANY ($1)", list(public_ids))
    if len(rows) < len(public_ids):
        raise NotFound
    return {row["public_id"]: row["id"] for row in rows}


async def _write_versions(
    principal: Principal, versions: Sequence[tuple[int, int, ProductContent]], action: str
) -> None:
    """Append versions and the areas they are offered in."""
    now = clock.now()
    rows, areas, entries = [], [], []
    for product_id, number, written in versions:
        content = contents.canonical(written)
        sha256 = contents.content_sha256(content)
        rows.append((product_id, number, *_columns(content), sha256, principal.actor, now))
        areas += [(product_id, number, code) for code in content.areas]
        entries.append(audit.Entry(action, "product", product_id, {"version": number, "sha256": sha256.hex()}))
    await database.copy_rows("product_version", VERSION_COLUMNS, rows)
    stored = await database.execute(
        """INSERT INTO product_area (product_id, product_version, place_id)
           SELECT d.product_id, d.number, place.id
           FROM unnest($1::bigint[], $2::integer[], $3::text[]) AS d (product_id, number, code)
           JOIN place ON place.code = d.code""",
        *database.columns(areas, 3),
    )
    if stored < len(areas):
        raise InvalidInput(fields={"areas": Message(N_("有的服务区域不存在，请从列表里选。"))})
    await audit.record_many(principal, entries)


async def _state_units(principal: Principal, units: Sequence[tuple[int, int | None]]) -> None:
    """State what can be had of products in a month, where anything is said."""
    today = clock.today()
    said = [(product_id, from_today(number, today)) for product_id, number in units if number is not None]
    if any(statement_faults(statement, today) for _, statement in said):
        raise InvalidInput(fields={"monthly_units": Message(N_("请填1到%(most)s之间的数。"), {"most": MOST_UNITS})})
    if said:
        await state_here(principal, said)


def _columns(content: ProductContent) -> tuple[object, ...]:
    return (
        *(getattr(content, name) for name in TEXTS),
        content.target_group.value if content.target_group else "",
        content.unit.value if content.unit else "",
        content.minutes,
        content.people,
        [credential.value for credential in content.credentials_any],
        list(content.skills_all),
        content.ceiling_fen,
    )
