"""The catalogue as a whole: this year's edition, next year's being drawn up, and the year's flagship projects.

An edition is the city's and needs two people; so does a flagship project.
"""

from app.accounts.principals import principal_of_account
from app.accounts.registration import NewAccount, account_ids_by_phone, create_accounts
from app.core import clock, database
from app.core.access import Grant, Principal, Role
from app.rulebook.queries import CITY
from marketplace.flagships import service as flagships
from marketplace.flagships.rules import FlagshipEvent, Promise
from marketplace.products.content import Unit
from marketplace.products.editions import service as editions
from marketplace.products.editions.rules import Fate
from marketplace.products.editions.service import EntryDecision
from procurement.demonstration import cast, invention
from procurement.demonstration.scale import Scale

EDITOR_PHONE, EDITOR_EMAIL = 400_000, "catalogue-editor@demo.example"
ADOPTED = 2
"""Projects under way; the next one waits for the reviewer."""
SHARE = 4
"""A project promises a fourth of what villages are expected to order."""

_OF_CATEGORY = """
SELECT p.reference FROM product p JOIN product_version v ON v.product_id = p.id AND v.number = p.listed_version
WHERE p.status = 'listed' AND p.category = $1 AND v.unit = $2 ORDER BY p.id
"""
_LEAST_USED = """
SELECT p.reference FROM catalogue_entry c JOIN catalogue_edition e ON e.id = c.edition_id AND e.year = $1
JOIN product p ON p.id = c.product_id ORDER BY c.units DESC, p.id DESC LIMIT 2 OFFSET 1
"""


async def editor() -> Principal:
    """Return who draws editions up and proposes projects; opens the account if it is not there."""
    phone = invention.phone(EDITOR_PHONE)
    known = await account_ids_by_phone([phone])
    if phone not in known:
        account = NewAccount(
            invention.vocabulary()["catalogue_editor"], phone, email=EDITOR_EMAIL,
            password=cast.PASSWORD, totp_secret=cast.TOTP_SECRET,
            grants=(Grant(Role.CATALOGUE_REVIEWER, place_code=CITY),),
        )  # fmt: skip
        [known[phone]] = await create_accounts(cast.FOUNDER, [account])
    return await principal_of_account(known[phone])


async def publish_edition(officers: dict[Role, Principal], year: int) -> None:
    """Draw this year's edition up and have another person publish it, once."""
    if await database.fetch_value("SELECT count(*) FROM catalogue_edition"):
        return
    await editions.draw_up(await editor(), year)
    await editions.publish(officers[Role.CATALOGUE_REVIEWER], year)


async def draw_up_next() -> int | None:
    """Draw the edition after the last one up, with two departures from what the figures propose; return its year.

    It stays a draft: whoever looks around as the reviewer publishes it.
    """
    last: int = await database.fetch_value("SELECT max(year) FROM catalogue_edition")
    if await database.fetch_value("SELECT count(*) FROM catalogue_edition WHERE status = 'draft'"):
        return None
    who, words, year = await editor(), invention.vocabulary()["catalogue"], last + 1
    await editions.draw_up(who, year)
    rows = await database.fetch(_LEAST_USED, year)
    for row, fate in zip(rows, (Fate.ADJUST, Fate.RETIRE), strict=False):
        await editions.decide_entries(who, year, EntryDecision([row["reference"]], fate, words[fate.value]))
    return year


async def promise(officers: dict[Role, Principal], scale: Scale, districts: int) -> int:
    """Propose the year's projects, the first of them adopted by another person; return how many."""
    if await database.fetch_value("SELECT count(*) FROM flagship_project"):
        return 0
    who, made = await editor(), 0
    target = max(2, scale.orders_per_district * districts // SHARE)
    for words in invention.vocabulary()["flagships"]:
        unit = invention.product_texts()[words["category"]]["unit"]
        products = tuple(row["reference"] for row in await database.fetch(_OF_CATEGORY, words["category"], unit))
        if not products:
            continue
        said = {name: words[name] for name in ("title_zh", "title_en", "promise_zh")}
        year, place = clock.today().year, scale.place_code[:6]
        project = Promise(year, place, unit=Unit(unit), target=target, products=products, **said)
        reference = await flagships.propose(who, project)
        if made < ADOPTED:
            await flagships.decide(officers[Role.CATALOGUE_REVIEWER], reference, FlagshipEvent.ADOPT)
        made += 1
    return made
