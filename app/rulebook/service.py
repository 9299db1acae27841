"""Filling the rulebook, confirming its figures, and replacing them from a date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row
from app.core.errors import DomainError, EditConflict, InvalidInput, NotFound
from app.core.text import N_, Message
from app.rulebook.rules import NATIONAL


class AlreadyVerified(DomainError):
    """An officer has confirmed the figure before."""

    code, status, message = "already_verified", 409, N_("这个数值已经确认过。")


class RuleOverlaps(DomainError):
    """Another figure is in force on that day."""

    code, status, message = "rule_overlaps", 409, N_("这一天已有另一个数值生效，请选择更晚的日期。")


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


@dataclass(frozen=True, slots=True)
class Replacement:
    """The figure that holds from a day on."""

    value: Decimal
    document: str
    article: str
    effective_from: date
    note_zh: str = ""
    note_en: str = ""


async def seed_rules(seeds: Sequence[Seed]) -> Seeded:
    """Write the packages' figures; doing it again changes nothing.

    A figure that no officer has touched follows a corrected seed; one that was confirmed or replaced stays.
    """
    columns = _columns(seeds)
    async with database.transaction():
        corrected = await database.execute(_CORRECT, *columns)
        added = await database.execute(_ADD, *columns)
    return Seeded(added, corrected)


async def confirm_rule(principal: Principal, rule_id: int, value: Decimal) -> None:
    """Take responsibility for a figure after reading the text; ``value`` is what the officer saw."""
    principal.scope(Permission.RULEBOOK_CONFIRM)
    async with database.transaction():
        row = await _locked(rule_id)
        if row["value"] != value:
            raise EditConflict
        if row["verified_by"] is not None:
            raise AlreadyVerified
        await database.update_row("law_rule", rule_id, {"verified_by": principal.actor, "verified_at": clock.now()})
        await audit.record(principal, "rule.confirmed", "law_rule", rule_id, rule=row["rule_key"], value=str(value))


async def supersede_rule(principal: Principal, rule_id: int, new: Replacement) -> int:
    """Let another figure hold from a day on; matters of earlier days keep theirs. Return the row it stands in.

    A figure nobody has confirmed can be set right from its own first day: that is a correction of the row.
    """
    principal.scope(Permission.RULEBOOK_CONFIRM)
    _check(new)
    async with database.refusing({"law_rule_one_at_a_time": RuleOverlaps}), database.transaction():
        row = await _locked(rule_id)
        if row["effective_to"] is not None and row["effective_to"] <= new.effective_from:
            raise RuleOverlaps
        said = {
            "value": new.value,
            "document": new.document.strip(),
            "article": new.article.strip(),
            "note_zh": new.note_zh or row["note_zh"],
            "note_en": new.note_en or row["note_en"],
            "verified_by": principal.actor,
            "verified_at": clock.now(),
        }
        if new.effective_from == row["effective_from"] and row["verified_by"] is None:
            await database.update_row("law_rule", rule_id, said)
            new_id = rule_id
        else:
            new_id = await _followed(row, new.effective_from, said)
        await audit.record(
            *(principal, "rule.superseded", "law_rule", new_id),
            rule=row["rule_key"], value=str(new.value), previous=rule_id,
        )  # fmt: skip
    return new_id


async def _followed(row: Row, start: date, said: Row) -> int:
    if start <= row["effective_from"]:
        raise InvalidInput({"effective_from": Message(N_("新数值的生效日要晚于现行数值的生效日。"))})
    await database.update_row("law_rule", row["id"], {"effective_to": start})
    kept = {name: row[name] for name in ("rule_key", "unit", "jurisdiction", "effective_to")}
    return await database.insert_row("law_rule", {**kept, **said, "effective_from": start, "text_read": True})


async def _locked(rule_id: int) -> Row:
    row = await database.fetch_one("SELECT * FROM law_rule WHERE id = $1 FOR NO KEY UPDATE", rule_id)
    if row is None:
        raise NotFound
    return row


def _check(new: Replacement) -> None:
    faults = {
        "document": not new.document.strip(),
        "article": not new.article.strip(),
        "value": not new.value.is_finite() or new.value < 0,
    }
    if any(faults.values()):
        told = Message(N_("请按原文填写文件、条款和数值。"))
        raise InvalidInput({name: told for name, wrong in faults.items() if wrong})


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
