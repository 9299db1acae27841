"""The figures of law that listing is judged by: seeds for the rulebook, and the one way to look figures up.

A seed says whether its text was read. Where the rulebook holds a row for the day, the row decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core import database

REVIEW_DAYS, TIE_YEARS, CEILING = "marketplace.review", "marketplace.recusal", "marketplace.ceiling"


@dataclass(frozen=True, slots=True)
class Seed:
    """A dated figure as the rulebook is first filled with it; ``read`` is false where it is from memory (†)."""

    key: str
    document: str
    article: str
    value: int
    unit: str
    note_zh: str
    note_en: str
    read: bool = True
    effective_from: date = date(2022, 3, 1)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in force on a day, with its source; an unverified one says so wherever it is shown."""

    value: int
    unit: str
    document: str
    article: str
    verified: bool


_DEMO = "示范数据（未经核定的购买服务限价）"
SEEDS = (
    Seed(REVIEW_DAYS, "财政部令第110号", "第39条", 7, "working_days",
         "产品审查期限，自提交次日起算", "term of a product's review, from the day after submission"),
    Seed(TIE_YEARS, "政府采购法实施条例", "第9条", 3, "years",
         "与提供方有任职关系的回避年限", "years for which a past tie bars an officer"),
    Seed(f"{CEILING}.lecture", _DEMO, "一", 3_000, "yuan",
         "每场法治宣传的限价", "ceiling of a lecture", read=False),
    Seed(f"{CEILING}.visit", _DEMO, "二", 1_000, "yuan",
         "每次走访的限价", "ceiling of a visit", read=False),
    Seed(f"{CEILING}.half_day", _DEMO, "三", 800, "yuan",
         "每半天值守的限价", "ceiling of half a day", read=False),
    Seed(f"{CEILING}.case", _DEMO, "四", 5_000, "yuan",
         "每件办理的限价", "ceiling of a case", read=False),
    Seed(f"{CEILING}.session", _DEMO, "五", 300, "yuan",
         "每人次服务的限价", "ceiling of a session", read=False),
)  # fmt: skip
_BY_KEY = {seed.key: seed for seed in SEEDS}


async def figures(day: date, keys: Sequence[str] = tuple(_BY_KEY)) -> dict[str, Figure]:
    """Return figures in force on the day, in one statement; the nearest jurisdiction's row decides."""
    rows = await database.fetch(
        """SELECT DISTINCT ON (rule_key) rule_key, document, article, value, unit, verified_by FROM law_rule
           WHERE rule_key = ANY ($1) AND effective_from <= $2 AND (effective_to IS NULL OR effective_to > $2)
           ORDER BY rule_key, length(jurisdiction) DESC""",
        list(keys),
        day,
    )
    found = {
        row["rule_key"]: Figure(
            int(row["value"]),
            row["unit"],
            row["document"],
            row["article"],
            _BY_KEY[row["rule_key"]].read or row["verified_by"] is not None,
        )
        for row in rows
    }
    seeds = {key: _BY_KEY[key] for key in keys if key not in found}
    return found | {
        key: Figure(seed.value, seed.unit, seed.document, seed.article, seed.read) for key, seed in seeds.items()
    }


async def figure(key: str, day: date) -> Figure:
    """Return one figure in force on the day."""
    return (await figures(day, [key]))[key]
