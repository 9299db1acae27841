"""Our copies of what was published: read by whoever reads the purchase."""

from app.attachments.owners import register_owner
from app.core import database
from app.core.access import Principal
from procurement.reading import BUYERS


async def may_read(principal: Principal, step_id: int) -> bool:
    """Tell whether the person reads the step's purchase."""
    code = await database.fetch_value(
        """SELECT place.code FROM purchase_step s JOIN purchase p ON p.id = s.purchase_id
           JOIN place ON place.id = p.place_id WHERE s.id = $1""",
        step_id,
    )
    scopes = [principal.scopes[permission] for permission in BUYERS if permission in principal.scopes]
    return code is not None and any(scope.covers_place(code) for scope in scopes)


def register() -> None:
    """Tell the frame; called once at the start."""
    register_owner("purchase_step", may_read)
