"""What a village is told of the answer to its order."""

from app.core.database import Row
from app.core.text import N_, Message
from app.notifications.service import Notice
from procurement.deliveries.answering.rules import REFUSAL_NAMES, OrderAnswer


def notice_of(row: Row, answer: OrderAnswer) -> Notice:
    """Return the message to who placed the order."""
    taken, declined = N_("%(provider)s接了你的点单“%(title)s”。"), N_("%(provider)s没有接“%(title)s”：%(reason)s")
    words, _ = answer.kept
    reason = Message(words) if words in REFUSAL_NAMES.values() else words
    detail = {"provider": row["provider"], "title": row["title"], "reason": reason}
    return Notice(row["placed_by"], taken if answer.take else declined, detail, link=f"/orders/{row['reference']}")
