"""How large files and functions may grow before the feature is split."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "marketplace", "volunteers", "procurement", "tests", "benchmarks")
FILE_CAP = 300
FUNCTION_CAP = 40
COMPOSITION_ROOT_CAP = 60
FORBIDDEN_NAMES = ("utils", "helpers", "manager", "base", "common", "misc")


def python_files() -> Iterator[Path]:
    """Yield our own Python files."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def faults() -> list[str]:
    """Return every file or function that is over its cap or badly named."""
    found: list[str] = []
    for path in python_files():
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT)
        lines = text.count("\n")
        cap = COMPOSITION_ROOT_CAP if name == Path("app/asgi.py") else FILE_CAP
        if lines > cap:
            found.append(f"{name}: {lines} lines (cap {cap}); split the feature, not the file")
        if path.stem in FORBIDDEN_NAMES:
            found.append(f"{name}: a name that says nothing")
        found += [f"{name}:{line} {function}: {size} lines (cap {FUNCTION_CAP})"
                  for function, line, size in long_functions(text)]  # fmt: skip
    return found


def long_functions(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield functions whose code, docstring aside, is longer than the cap."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            size = (node.end_lineno or 0) - first.lineno + 1
            if size > FUNCTION_CAP:
                yield node.name, node.lineno, size
