"""The audit trail of one thing, on its page: ``{{ slot("history", "purchase", purchase.id) }}`` in the template.

Each package names its actions once, in a hook of its wiring: ``name_actions({"purchase.paid": N_("已付款")})``.
"""

from collections.abc import Mapping

from app.core.access import OFFICERS, Principal
from app.operations.queries import history
from app.web.slots import Fill

_names: dict[str, str] = {}


def name_actions(names: Mapping[str, str]) -> None:
    """Take the words for a package's actions, by the codes that the audit keeps."""
    _names.update(names)


def unnamed(actions: set[str]) -> set[str]:
    """Return those actions for which nobody has given words."""
    return actions - _names.keys()


async def recorded(principal: Principal, object_type: str, object_id: int) -> Fill | None:
    """Show what happened to the thing; the page decides who sees it, and only officers see who did it."""
    lines = await history(object_type, object_id)
    if not lines:
        return None
    officer = any(role in OFFICERS for role in principal.roles)
    return Fill("app/operations/recorded.html", {"lines": lines, "labels": _names, "names": officer})
