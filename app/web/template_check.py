"""What every template must be: compilable, without inline styles or scripts, with icons that exist."""

import re
from pathlib import Path

from jinja2 import TemplateError, nodes

from app.web.static import drawn_icons
from app.web.templates import FOLDER, environment

FORBIDDEN = (
    (re.compile(r"<[a-z][^>{%]*\sstyle\s*=\s*[\"']"), "an inline style, which the content policy stops"),
    (re.compile(r"<style\b"), "a style element, which the content policy stops"),
    (re.compile(r"<script(?![^>]*\bsrc=)"), "an inline script, which the content policy stops"),
    (re.compile(r"\son[a-z]+\s*=\s*[\"']"), "an inline handler, which the content policy stops"),
    (re.compile(r"\|\s*safe\b"), "|safe: what is already HTML comes as Markup"),
)


def faults() -> list[str]:
    """Return one line for each fault of a template."""
    return [fault for path in sorted(FOLDER.rglob("*.html")) for fault in faults_of(path)]


def faults_of(path: Path) -> list[str]:
    """Return what is wrong with one template."""
    name, text = str(path.relative_to(FOLDER)), path.read_text("utf-8")
    found = [f"templates/{name}: {why}" for pattern, why in FORBIDDEN if pattern.search(text)]
    try:
        environment().compile(text, name=name)
        tree = environment().parse(text, name=name)
    except TemplateError as failure:
        return [*found, f"templates/{name}: {failure}"]
    return [*found, *_missing_templates(name, tree), *_missing_icons(name, tree)]


def _missing_templates(name: str, tree: nodes.Template) -> list[str]:
    named = [getattr(node, "template", None) for kind in (nodes.Extends, nodes.Include, nodes.FromImport, nodes.Import)
             for node in tree.find_all(kind)]  # fmt: skip
    wanted = {str(template.value) for template in named if isinstance(template, nodes.Const)}
    return [f"templates/{name}: no template {other}" for other in wanted if not (FOLDER / other).exists()]


def _missing_icons(name: str, tree: nodes.Template) -> list[str]:
    calls = (call for call in tree.find_all(nodes.Call) if getattr(call.node, "name", "") == "icon")
    wanted = {call.args[0].value for call in calls if call.args and isinstance(call.args[0], nodes.Const)}
    return [f"templates/{name}: no icon {icon}" for icon in sorted(wanted - drawn_icons())]
