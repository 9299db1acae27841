"""A second pricing, as slow and plain as the text it follows: settlement.md, "The tariff model", sentence by sentence.

It shares nothing with the engine. Numbers are fractions, so nothing rounds before the end.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any

ANY = "any"
DIMENSIONS = ("scenario", "class", "person")


def covered(count: Fraction, first: int, last: int | None) -> Fraction:
    """Return min(count, to) − from + 1, never below 0; with from = 0, min(count, to)."""
    reached = count if last is None or count < last else Fraction(last)
    return reached if first == 0 else max(reached - first + 1, Fraction(0))


def applies(rule: Mapping[str, Any], count: Fraction) -> bool:
    """It applies when the count is at least from, and, where only the range counts, at most to."""
    within = rule["to"] is None or count <= rule["to"]
    return count >= rule["from"] and (within or not rule.get("only_within_range"))


def after_modifiers(
    amount: Fraction, modifiers: Sequence[Mapping[str, Any]], counts: Mapping[str, Fraction]
) -> Fraction:
    """A required one that is absent makes 0; equal priorities add on one base, a higher one compounds."""
    held = [m for m in modifiers if m["type"] in counts and applies(m, counts[m["type"]])]
    if any(m["required"] and m not in held for m in modifiers):
        return Fraction(0)
    for priority in sorted({m["priority"] for m in held}):
        percent = Fraction(0)
        for modifier in held:
            if modifier["priority"] == priority:
                units = covered(counts[modifier["type"]], modifier["from"], modifier["to"])
                percent += Fraction(modifier["fixed_percent"]) + Fraction(modifier["percent_per_unit"]) * units
        amount += amount * percent / 100
    return amount


def priced(tariff: Mapping[str, Any], case: Mapping[str, Any]) -> str:
    """Return a case's amount as text with two places: lines into units, units combined, one rounding half up."""
    counts = {name: Fraction(count) for name, count in case["modifier_counts"].items()}
    units: dict[str, Fraction] = {}
    for values in tariff["lines"]:
        line = dict(zip(tariff["line_columns"], values, strict=True))
        unit = line["unit"]
        if line["fee_type"] != case["fee_type"] or unit not in case["units"]:
            continue
        if any(line[name] not in (None, ANY, case[name]) for name in DIMENSIONS):
            continue
        units.setdefault(unit, Fraction(0))
        count = Fraction(case["units"][unit])
        if applies(line, count):
            amount = Fraction(line["fixed"]) + Fraction(line["per_unit"]) * covered(count, line["from"], line["to"])
            units[unit] += after_modifiers(amount, [tariff["modifiers"][key] for key in line["modifiers"]], counts)
    combined = max if tariff["aggregation"].get(case["fee_type"]) == "max" else sum
    total = Fraction(combined(units.values())) if units else Fraction(0)
    fen = floor(abs(total) * 100 + Fraction(1, 2))
    return f"{'-' if total < 0 and fen else ''}{fen // 100}.{fen % 100:02}"
