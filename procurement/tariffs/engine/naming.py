"""How the steps of a trace name a line, a modifier or a cap."""

from procurement.tariffs.engine.model import Cap, Line, Modifier


def titles_of(name: str, titled: Line | Modifier | Cap) -> dict[str, object]:
    """Return the step values that name a line, modifier or cap in both languages; without a title, its id."""
    values: dict[str, object] = {name: titled.id}
    if titled.title_zh:
        values[f"{name}_zh"] = titled.title_zh
    if titled.title_en:
        values[f"{name}_en"] = titled.title_en
    return values
