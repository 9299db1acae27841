"""Chinese that a reader would see but no catalogue knows: string literals in Python outside N_().

Docstrings and comments are free. Data is free where it says that it is data: modules of nothing but data (rules of
law, the calendar, the demonstration city), citations by their form, and what a constant, argument or key says it holds.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

CHINESE = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]")
MARKERS = frozenset({"N_", "NC_", "gettext", "ngettext", "pgettext", "cite", "Citation"})
DATA = re.compile(
    r"(_zh|_ZH|CITATION\w*|LAW\w*|document|article|citation|source|law|note|examples?)$|^(LAW|CITED|SOURCE|DATA|NAMES)"
)

CITATION = re.compile(
    r"^(《.+》.*|第[\d一二三四五六七八九十百]+条.*|.*(法|法典|条例|办法|规定|细则|通知|令第\d+号|.+〔\d{4}〕\d+号))$"
)
DATA_FILES = frozenset({"law.py", "calendar_days.py", "names.py"})
DATA_FOLDERS = frozenset({"demo", "demonstration", "data"})
BRAND = "法惠"


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of every Chinese literal that is neither marked nor data."""
    yield from _walk(ast.parse(source), allowed=False)


def faults(files: list[Path], root: Path) -> list[str]:
    """Return one line for each such literal."""
    return [
        f"{path.relative_to(root)}:{line} Chinese outside N_(): {text[:40]}"
        for path in files
        if path.name not in DATA_FILES and not DATA_FOLDERS & set(path.parts)
        for line, text in literals(path.read_text("utf-8"))
    ]


def _walk(node: ast.AST, allowed: bool) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant):
        if not allowed and isinstance(node.value, str) and _is_text(node.value):
            yield node.lineno, node.value
        return
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            named = isinstance(key, ast.Constant) and isinstance(key.value, str) and bool(DATA.search(key.value))
            yield from _walk(value, allowed or named)
            if key is not None:
                yield from _walk(key, allowed)
        return
    allowed = allowed or _frees(node)
    for child in ast.iter_child_nodes(node):
        if not _is_docstring(child):
            yield from _walk(child, allowed)


def _is_text(literal: str) -> bool:
    """Tell whether a literal is Chinese that is not simply a citation."""
    return bool(CHINESE.search(literal.replace(BRAND, ""))) and not CITATION.match(literal)


def _frees(node: ast.AST) -> bool:
    """Tell whether what lies below is marked for translation, or said to be data."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        return name in MARKERS
    if isinstance(node, ast.keyword):
        return bool(node.arg and DATA.search(node.arg))
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and DATA.search(target.id) for target in targets)


def _is_docstring(node: ast.AST) -> bool:
    """Tell whether a statement is nothing but a text: a docstring of whatever stands above it."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
