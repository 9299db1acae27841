"""Filling the rulebook, and confirming its figures; app.rulebook.proposals replaces them from a date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.audit import Entry
from app.core.errors import DomainError, EditConflict, InvalidInput, NotFound
from app.core.text import N_, Message
from app.rulebook.rules import NATIONAL


class AlreadyVerified(DomainError):
    """An officer has confirmed the figure before."""

    code, status, message = "already_verified", 409, N_("这个数值已经确认过。")


class Seed(Protocol):
    """What a package's wiring lists under RULES; app.rulebook.rules.RuleSeed is one."""

    @property
    def key(self) -> str: ...
    @property
    def document(self) -> str: ...
    @property
    def article(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def unit(self) -> str: ...
    @property
    def note_zh(self) -> str: ...
    @property
    def note_en(self) -> str: ...
    @property
    def read(self) -> bool: ...
    @property
    def effective_from(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a filling changed."""

    added: int
    corrected: int


async def seed_rules(seeds: Sequence[Seed]) -> Seeded:
    """Write the packages' figures; doing it again changes nothing.

    A figure that no officer has touched follows a corrected seed; one that was confirmed or replaced stays.
    """
    columns = _columns(seeds)
    async with database.transaction():
        corrected = await database.execute(_CORRECT, *columns)
        added = await database.execute(_ADD, *columns)
    return Seeded(added, corrected)


async def confirm_rules(principal: Principal, seen: Mapping[int, Decimal]) -> None:
    """Take responsibility for figures after reading their texts, all or none; each comes with the value seen."""
    principal.scope(Permission.RULEBOOK_CONFIRM)
    if not seen:
        raise InvalidInput({"rules": Message(N_("请先勾选已核对原文的数值。"))})
    async with database.transaction():
        rows = await database.fetch(
            "SELECT * FROM law_rule WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", sorted(seen)
        )
        if len(rows) < len(seen):
            raise NotFound
        if any(row["value"] != seen[row["id"]] for row in rows):
            raise EditConflict
        if any(row["verified_by"] is not None for row in rows):
            raise AlreadyVerified
        await database.execute(
            "UPDATE law_rule SET verified_by = $2, verified_at = $3 WHERE id = ANY($1)",
            *(sorted(seen), principal.actor, clock.now()),
        )
        await audit.record_many(
            principal,
            [
                Entry("rule.confirmed", "law_rule", row["id"], {"rule": row["rule_key"], "value": str(row["value"])})
                for row in rows
            ],
        )


def _columns(seeds: Sequence[Seed]) -> list[list[Any]]:
    rows = [
        (
            *(seed.key, getattr(seed, "jurisdiction", NATIONAL), seed.effective_from),
            getattr(seed, "effective_to", None),
            *(seed.document, seed.article, Decimal(seed.value), seed.unit, seed.note_zh, seed.note_en, seed.read),
        )
        for seed in seeds
    ]
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(11)]


_GIVEN = """unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::text[], $6::text[], $7::numeric[],
                       $8::text[], $9::text[], $10::text[], $11::boolean[])
       AS given (rule_key, jurisdiction, effective_from, effective_to, document, article, value,
                 unit, note_zh, note_en, text_read)"""

# An end that an officer set (by replacing the figure) is kept: only a seed that names an end brings one.
_CORRECT = f"""
UPDATE law_rule
   SET effective_to = coalesce(given.effective_to, law_rule.effective_to), document = given.document,
       article = given.article, value = given.value, unit = given.unit, note_zh = given.note_zh,
       note_en = given.note_en, text_read = given.text_read
  FROM {_GIVEN}
 WHERE law_rule.rule_key = given.rule_key AND law_rule.jurisdiction = given.jurisdiction
   AND law_rule.effective_from = given.effective_from AND law_rule.verified_by IS NULL
   AND (law_rule.effective_to, law_rule.document, law_rule.article, law_rule.value, law_rule.unit,
        law_rule.note_zh, law_rule.note_en, law_rule.text_read)
       IS DISTINCT FROM
       (coalesce(given.effective_to, law_rule.effective_to), given.document, given.article, given.value,
        given.unit, given.note_zh, given.note_en, given.text_read)"""

_ADD = f"""
INSERT INTO law_rule (rule_key, jurisdiction, effective_from, effective_to, document, article, value, unit,
                      note_zh, note_en, text_read)
SELECT * FROM {_GIVEN} ON CONFLICT DO NOTHING"""
