"""docs/states.md: every state machine as a diagram, drawn from the same dict that the program decides by.

`python -m tests.architecture.state_diagrams` writes it; `make check` says when it no longer agrees.
"""

import importlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.architecture.sizes import ROOT

PAGE = ROOT / "docs" / "states.md"
PACKAGES = ("app", "marketplace", "volunteers", "procurement")
HEAD = """# States

Every state machine, drawn from the `TRANSITIONS` of its `rules.py`. A pair of state and event without an arrow is
refused; a state that no arrow leaves is final. Written by `make diagrams`; `make check` tells when it is stale.
"""


def written() -> str:
    """Return the page as it should be."""
    return HEAD + "".join(_section(*machine) for machine in _machines())


def faults() -> list[str]:
    """Return what is wrong with the page, if anything."""
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == written():
        return []
    return ["docs/states.md does not say what the rules say: make diagrams"]


def _machines() -> Iterator[tuple[str, str, Mapping[tuple[Any, ...], Any]]]:
    """Yield module, name and transitions of each machine, package by package."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("rules.py")):
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            for name, value in vars(module).items():
                if name.endswith("TRANSITIONS") and _is_own(module, value):
                    yield module.__name__, name, value


def _is_own(module: ModuleType, transitions: Mapping[tuple[Any, ...], Any]) -> bool:
    """Tell whether the machine is the module's own, not one that it imports."""
    return type(next(iter(transitions.values()))).__module__ == module.__name__


def _section(module: str, name: str, transitions: Mapping[tuple[Any, ...], Any]) -> str:
    """Draw one machine; where the key begins with a variant (a purchase's method), each variant is drawn."""
    kind = type(next(iter(transitions.values()))).__name__
    text = f"\n## {kind} · `{module.removesuffix('.rules')}`\n"
    variants = sorted({key[:-2] for key in transitions})
    for variant in variants:
        arrows = {key[-2:]: end for key, end in transitions.items() if key[:-2] == variant}
        text += f"\n{' '.join(variant)}\n" if variant else ""
        text += "\n```mermaid\nstateDiagram-v2\n" + "".join(_arrows(arrows)) + "```\n"
    return text


def _arrows(arrows: Mapping[tuple[Any, ...], Any]) -> Iterator[str]:
    ends = {end for (start, _), end in arrows.items() if end is not start}
    starts = list(dict.fromkeys(start for start, _ in arrows))
    for first in starts:
        if first is starts[0] or first not in ends:
            yield f"    [*] --> {first}\n"
    for (start, event), end in arrows.items():
        yield f"    {start} --> {end}: {event}\n"


def main() -> int:
    """Write the page."""
    Path(PAGE).write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
