"""What every process does first: add up what the packages export and hand it to the frame."""

from app.accounts.principals import register_role_map
from app.core import storage
from app.core.access import RoleMap, merged
from app.core.calendar import seed_calendar
from app.packages import listed, modules
from app.rulebook.service import seed_rules


def role_map() -> RoleMap:
    """Return what each role may do, over all packages."""
    return merged(*(module.ROLE_PERMISSIONS for module in modules()))


def compose() -> None:
    """Register roles and whatever else the packages hook into the frame; safe to call again."""
    register_role_map(role_map())
    for hook in listed("HOOKS"):
        hook()


async def bring_up_to_date() -> None:
    """Upgrade the schema and write what the program itself ships: rules of law, the calendar, the packages' seeds.

    Safe to repeat: what is there already is left alone.
    """
    await storage.upgrade()
    async with storage.opened(pool_size=2):
        await write_seeds()


async def write_seeds() -> None:
    """Write what the program itself ships into the connected database."""
    await seed_rules(listed("RULES"))
    await seed_calendar()
    for seed in listed("SEEDS"):
        await seed()
