"""A contract in the middle of its deliveries for the pages of proofs and acceptance: each one stands elsewhere."""

from dataclasses import dataclass
from datetime import timedelta

from app.core import clock, database
from app.core.access import ANONYMOUS, Principal, Role
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.proofs import service as proofs
from procurement.deliveries.proofs.rules import LogEntry, ProofKind
from procurement.deliveries.rules import Finding, LineFinding
from tests.procurement import buying
from tests.procurement.deliveries.served import GOOD, after, moment, photo, served
from volunteers.thanks import service as thanks
from volunteers.thanks.service import Visitor

DAYS_AGO = timedelta(days=4)


@dataclass(frozen=True)
class Delivered:
    """The people, and the references of the orders by what became of them."""

    provider: Principal
    acceptor: Principal
    station: Principal
    officer: Principal
    supervisor: Principal
    contract: str
    product: str
    organization: str
    bare: str
    proven: str
    sent_back: str
    accepted: str


async def delivered() -> Delivered:
    """Serve four villages: nothing brought, all brought and rated, sent back, accepted."""
    here = await served(4)
    _, proven, sent_back, accepted = here.orders
    with after():
        for order in here.orders[1:]:
            reference = here.references[here.orders.index(order)]
            await proofs.hand_in(here.who.provider, reference, ProofKind.SIGN_IN_SHEET, moment(), [photo(3 + order)])
            await proofs.hand_in(
                here.who.provider, reference, ProofKind.PHOTO, moment(), [photo(90 + order), photo(130)]
            )
            await proofs.write_log(
                here.station, reference, LogEntry("婚姻家庭与继承", 40, "遗嘱怎么写才有效", "两户转法律援助")
            )
        await _speak(proven)
        lines = tuple(LineFinding(number, number != 2, "只到了十二人" if number == 2 else "") for number in range(1, 7))
        back = Finding(False, 12, 3, "", lines, clock.today() + timedelta(days=5))
        await accept_deliveries(here.who.acceptor, [Verdict(accepted, GOOD), Verdict(sent_back, back)])
    # The site's clock is today's: what was served lies behind it.
    await database.execute("UPDATE village_order SET wished_start = wished_start - $1::interval", DAYS_AGO)
    contract = await database.fetch_one(
        """SELECT c.reference, product.reference AS product, o.public_id AS organization FROM contract c
           JOIN product ON product.id = c.product_id JOIN organization o ON o.id = c.organization_id WHERE c.id = $1""",
        here.contract,
    )
    assert contract is not None
    return Delivered(
        here.who.provider,
        here.who.acceptor,
        here.station,
        here.who.officer,
        await buying.person_as(Role.SUPERVISOR),
        contract["reference"],
        contract["product"],
        str(contract["organization"]),
        *here.references,
    )


async def _speak(order: int) -> None:
    """Let six phones say what they think of a delivery."""
    code = await database.fetch_value(
        "SELECT a.thanks_code FROM village_order o JOIN assignment a ON a.id = o.assignment_id WHERE o.id = $1",
        order,
    )
    for number, stars in enumerate((5, 5, 4, 5, 3, 5)):
        visitor = Visitor(f"phone-{number}", f"192.0.2.{number}")
        await thanks.rate(ANONYMOUS, visitor, code, stars)
        if stars < 5:
            await thanks.thank(ANONYMOUS, visitor, code, "讲得很清楚，就是时间短了点。")


def paths(here: Delivered) -> dict[str, list[str]]:
    """Return every page by who looks at it; anybody looks at those under ''."""
    return {
        "": ["/acceptances", f"/products/{here.product}", f"/organizations/{here.organization}"],
        "provider": [
            "/my/proofs",
            f"/orders/{here.bare}/proofs",
            f"/orders/{here.sent_back}/proofs",
            f"/orders/{here.proven}",
            f"/contracts/{here.contract}/workload",
            f"/contracts/{here.contract}",
        ],
        "station": [f"/orders/{here.bare}/proofs", f"/orders/{here.bare}/sign-in-sheet"],
        "officer": ["/buying/offers"],
        "acceptor": [
            "/buying/acceptance",
            f"/orders/{here.bare}/acceptance",
            f"/orders/{here.proven}/acceptance",
            f"/orders/{here.sent_back}/acceptance",
            f"/orders/{here.accepted}/certificate",
        ],
        "supervisor": [f"/orders/{here.sent_back}/certificate", f"/orders/{here.accepted}/proofs"],
    }
