"""The one Jinja environment: autoescape, undefined names raise, texts in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.core import clock
from app.core.access import Permission
from app.core.settings import settings
from app.web import charts, i18n, navigation
from app.web.context import current
from app.web.filters import FILTERS
from app.web.fragments import remembered
from app.web.slots import slot
from app.web.static import asset, icon_address

FOLDER = Path(__file__).resolve().parents[2] / "templates"


@cache
def environment() -> Environment:
    """Return the environment of this process."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings().mode != "production",
        cache_size=-1,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext,
        _with_its_number(i18n.ngettext),
        newstyle=True,
        pgettext=i18n.pgettext,
        npgettext=_with_its_number(i18n.npgettext),
    )
    made.filters.update(FILTERS)
    made.globals.update(
        asset=asset,
        icon_address=icon_address,
        slot=slot,
        request=current,
        principal=lambda: current().principal,
        can=lambda name: current().principal.can(Permission(name)),
        navigation=lambda group: navigation.items_for(current().principal, group),
        locale=i18n.locale,
        html_lang=lambda: i18n.HTML_LANG[i18n.locale()],
        url=lambda **changes: current().url(**changes),
        today=clock.today,
        now=clock.now,
        mode=lambda: settings().mode,
        pairs=pairs,
        remembered=remembered,
        chart_json=charts.as_json,
    )
    return made


def pairs(options: Mapping[Any, str] | Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """Return choices as pairs of value and text, however the author wrote them."""
    given = options.items() if isinstance(options, Mapping) else options
    return [(getattr(value, "value", value), text) for value, text in given]


def render(template: str, context: dict[str, Any]) -> str:
    """Render a template as it stands, without filling its slots: for error pages and fills."""
    return environment().get_template(template).render(context)


def _with_its_number(inflected: Callable[..., str]) -> Callable[..., str]:
    """Return the function with the number, its last argument, written into the text in groups of three."""

    def filled(*given: Any) -> str:
        return inflected(*given).replace("%(num)s", f"{given[-1]:,}")

    return filled
