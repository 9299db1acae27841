"""docs/figures-to-confirm.md: every figure that comes with the program and was not read in its text.

`python -m tests.architecture.figures_to_confirm` writes it from the packages' seeds; `make check` says when it is
stale.
"""

import sys
from collections.abc import Iterator

from app.packages import listed
from app.rulebook import RuleSeed
from app.rulebook.wording import YES_NO
from tests.architecture.sizes import ROOT

PAGE = ROOT / "docs" / "figures-to-confirm.md"
HEAD = """# Figures that wait for confirmation

What the program brings along of the law, and whoever entered it did not have the text before him (†). In the
demonstration such a row decides and is marked wherever it shows; outside of it whatever rests on the row is refused
until an officer has compared it. Officers find the same list, ready to be ticked, at `/rulebook?show=unverified`; what
is wrong is proposed anew on the row's own page and confirmed by a second person. Written by `make diagrams`;
`make check` tells when it is stale.
"""
TOPICS = {
    "provider.": "Which organization may provide what",
    "staff.": "Who may do which service",
    "guidance.": "The guidance catalogue of what government may buy",
    "excluded.": "Who is no provider",
    "negative.": "The negative list of what government may not buy",
    "marketplace.": "Ceilings of the demonstration",
    "flag.": "Flags that ask somebody to look",
    "tax.": "Income tax on payments to people",
    "": "Buying",
}


def written() -> str:
    """Return the page as it should be."""
    waiting = [seed for seed in listed("RULES") if not seed.read]
    by_topic: dict[str, list[RuleSeed]] = {prefix: [] for prefix in TOPICS}
    for seed in waiting:
        by_topic[next(prefix for prefix in TOPICS if seed.key.startswith(prefix))].append(seed)
    order = ["", *(prefix for prefix in TOPICS if prefix)]
    return HEAD + f"\n{len(waiting)} rows.\n" + "".join(_section(TOPICS[one], by_topic[one]) for one in order)


def faults() -> list[str]:
    """Return what is wrong with the page, if anything."""
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == written():
        return []
    return ["docs/figures-to-confirm.md does not list what the packages bring along: make diagrams"]


def _section(title: str, seeds: list[RuleSeed]) -> str:
    head = f"\n## {title}\n\n| rule | value | document | article | since |\n|---|---|---|---|---|\n"
    return head + "".join(_lines(seeds)) if seeds else ""


def _lines(seeds: list[RuleSeed]) -> Iterator[str]:
    for seed in seeds:
        value = ("yes" if seed.value else "no") if seed.unit == YES_NO else f"{seed.value:,} {seed.unit}"
        name = f"{seed.note_zh}<br>{seed.note_en}"
        yield f"| {name} | {value} | {seed.document} | {seed.article} | {seed.effective_from} |\n"


def main() -> int:
    """Write the page."""
    PAGE.write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
