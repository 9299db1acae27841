"""Issuing acknowledgements and taking them back: what a donor holds says what the fund still has of the gift."""

from app.core import clock, database, vault
from app.core.database import Row
from app.core.money import written
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import notify_address
from app.web import i18n
from procurement.donations.acknowledgements.rules import due, numbered
from procurement.donations.gifts import links

LETTER = N_(
    "感谢您的捐赠\n%(fund)s收到您的捐赠 %(amount)s。感谢函编号 %(number)s，可在此页查看和下载：\n%(link)s\n"
    "感谢函不是财政票据；票据由基金所属机构另行开具。"
)
REPLACED = N_(
    "您的捐赠感谢函已更新\n%(fund)s的捐赠有退款，现在的金额是 %(amount)s。新感谢函编号 %(number)s：\n%(link)s\n"
    "原感谢函已作废。"
)


async def follow_gift(gift_id: int) -> None:
    """Bring a gift's acknowledgement up to what was given less what went back; inside the caller's transaction.

    A lower amount voids the one that counts and replaces it, nothing left voids it. The number comes from the
    database, without gaps.
    """
    gift = await database.fetch_one(_GIFT, gift_id)
    if gift is None or gift["status"] != "given":
        return
    amount = due(gift["amount_minor"], gift["refunded"], gift["lost"])
    if amount == (gift["acknowledged"] or 0):
        return
    now = clock.now()
    if gift["counting"] is not None:
        reason = "disputed" if gift["lost"] else "refunded"
        await database.update_row("acknowledgement", gift["counting"], {"voided_at": now, "void_reason": reason})
    if amount:
        await _issue(gift, amount)


async def _issue(gift: Row, amount: int) -> None:
    now = clock.now()
    values = (gift["fund_id"], gift["id"], clock.local(now).year, amount, gift["currency"], now, gift["latest"])
    made = await database.fetch_one(
        """INSERT INTO acknowledgement (fund_id, gift_id, year, amount_minor, currency, issued_at, replaces)
           VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING year, number""",
        *values,
    )
    if made is None or gift["email_sealed"] is None:
        return
    keys = await vault.subject_keys([gift["subject_key_id"]])
    if gift["subject_key_id"] not in keys:  # the donor had the data erased
        return
    with i18n.speaking(gift["locale"]):
        text = i18n.translate(
            REPLACED if gift["latest"] else LETTER,
            fund=gift["name_en"] or gift["name_zh"] if gift["locale"] == "en" else gift["name_zh"],
            amount=written(amount, gift["currency"]),
            number=numbered(gift["code"], made["year"], made["number"]),
            link=links.url(gift["public_id"]),
        )
    address = keys[gift["subject_key_id"]].open(gift["email_sealed"])
    await notify_address(Channel.EMAIL, address, N_("%(text)s"), {"text": text})


_GIFT = """
SELECT gift.id, gift.public_id, gift.fund_id, gift.status, gift.amount_minor, gift.currency, f.code, f.name_zh,
       f.name_en, donor.email_sealed, donor.subject_key_id, donor.locale, a.id AS counting,
       a.amount_minor AS acknowledged,
       (SELECT max(id) FROM acknowledgement WHERE gift_id = gift.id) AS latest,
       (SELECT coalesce(sum(amount_minor), 0) FROM gift_refund
        WHERE gift_id = gift.id AND gift_refund.status = 'succeeded')::bigint AS refunded,
       (SELECT coalesce(sum(amount_minor), 0) FROM gift_dispute
        WHERE gift_id = gift.id AND gift_dispute.status = 'lost')::bigint AS lost
FROM gift JOIN donation_fund f ON f.id = gift.fund_id JOIN donor ON donor.id = gift.donor_id
LEFT JOIN acknowledgement a ON a.gift_id = gift.id AND a.voided_at IS NULL
WHERE gift.id = $1
"""
