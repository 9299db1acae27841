"""What a draft would have cost, on its page, for those who publish."""

from app.core.access import Permission, Principal
from app.core.text import N_
from app.web.components import Chart, Series
from app.web.slots import Fill
from procurement.claims.replays.queries import replay
from procurement.claims.replays.rules import DAYS
from procurement.claims.wording import ITEM_NAMES
from procurement.tariffs.queries import label_in_use
from procurement.tariffs.succession import succession_of

BUCKET_NAMES = (
    N_("少 500 元以上"),
    N_("少 100 到 500 元"),
    N_("少不到 100 元"),
    N_("不变"),
    N_("多不到 100 元"),
    N_("多 100 到 500 元"),
    N_("多 500 元以上"),
)


async def cost_of_change(principal: Principal, tariff_id: int) -> Fill | None:
    """Fill ``tariff_page.replay``: the last weeks' claims by the draft; nothing for a published set."""
    if not principal.can(Permission.TARIFF_MANAGE):
        return None
    found = await replay(tariff_id)
    if found is None:
        return None
    chart = Chart("bar", N_("每个人的补贴会变多少"), BUCKET_NAMES, (Series(N_("人数"), found.people),), N_("人"))
    values = {"replay": found, "chart": chart, "days": DAYS, "item_names": ITEM_NAMES, "label": await label_in_use()}
    values["ended"] = await succession_of(tariff_id)
    return Fill("procurement/claims/replay.html", values)
