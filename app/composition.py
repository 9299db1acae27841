"""What every process does first: add up what the packages export and hand it to the frame."""

from app.accounts.principals import register_role_map
from app.core.access import RoleMap, merged
from app.packages import listed, modules


def role_map() -> RoleMap:
    """Return what each role may do, over all packages."""
    return merged(*(module.ROLE_PERMISSIONS for module in modules()))


def compose() -> None:
    """Register roles and whatever else the packages hook into the frame; safe to call again."""
    register_role_map(role_map())
    for hook in listed("HOOKS"):
        hook()
