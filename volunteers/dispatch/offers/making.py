"""Making offers of seats that were just taken for people, inside the use case that took them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core import clock, database
from app.core.database import Row
from app.core.settings import settings
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many, notify_many_secretly
from volunteers.assignments.call_outs.rules import new_token, token_sha256
from volunteers.assignments.sign_ups.service import Wanted
from volunteers.dispatch.offers.rules import OfferCause, offer_until

ASKED = N_(
    "想请你去 %(shifts)s 个班次，最早一个在 %(first)s。"
    "去不去请在 %(until)s 前点开答复，不用登录：%(link)s 过时名额给别人。"
)
ASKED_INBOX = N_("想请你去 %(shifts)s 个班次，最早一个在 %(first)s。去不去请在 %(until)s 前答复，过时名额给别人。")

_HOLD = """
UPDATE sign_up s SET offer_expires_at = held.until
FROM unnest($1::bigint[], $2::timestamptz[]) AS held (id, until) WHERE s.id = held.id AND s.status = 'offered'
"""
_INVITE = """
INSERT INTO dispatch_invitation (run_id, person_id, cause, vacancy_id, token_sha256, sent_at, answer_by)
SELECT $1, asked.person_id, $2, $3, asked.token, $4, asked.until
FROM unnest($5::bigint[], $6::bytea[], $7::timestamptz[]) AS asked (person_id, token, until) ORDER BY asked.person_id
RETURNING id, public_id, person_id
"""
_OFFER = """
INSERT INTO dispatch_offer (invitation_id, sign_up_id, status)
SELECT made.invitation_id, made.sign_up_id, 'offered'
FROM unnest($1::bigint[], $2::bigint[]) AS made (invitation_id, sign_up_id)
"""
_SEATS = """
SELECT s.id, s.person_id, s.starts, person.account_id FROM sign_up s JOIN person ON person.id = s.person_id
WHERE s.id = ANY ($1) ORDER BY s.person_id, s.starts, s.id
"""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why people are asked: the run, the cause, the vacancy to fill if any, and what keeps messages from doubling."""

    run_id: int
    cause: OfferCause
    once_key: str
    vacancy_id: int | None = None


async def in_time(wishes: Sequence[Wanted], hours: int) -> dict[Wanted, datetime]:
    """Return until when each of these people may answer; who cannot be asked any more is left out."""
    now = clock.now()
    rows = await database.fetch(
        "SELECT p.id, a.starts FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = ANY ($1)",
        list({wish.position_id for wish in wishes}),
    )
    until = {row["id"]: offer_until(now, row["starts"], hours) for row in rows}
    return {wish: found for wish in wishes if (found := until.get(wish.position_id)) is not None}


async def offer(occasion: Occasion, seats: Mapping[int, datetime]) -> None:
    """Hold the seats (sign-ups, with until when) and ask their people, one message each for all that is theirs."""
    await database.execute(_HOLD, list(seats), list(seats.values()))
    theirs: dict[int, list[Row]] = {}
    for row in await database.fetch(_SEATS, list(seats)):
        theirs.setdefault(row["person_id"], []).append(row)
    tokens = {person: new_token() for person in theirs}
    due = {person: min(seats[row["id"]] for row in rows) for person, rows in theirs.items()}
    invited = await database.fetch(
        _INVITE,
        *(occasion.run_id, occasion.cause, occasion.vacancy_id, clock.now()),
        *database.columns([(person, token_sha256(tokens[person]), due[person]) for person in theirs], 3),
    )
    made = [(row["id"], seat["id"]) for row in invited for seat in theirs[row["person_id"]]]
    await database.execute(_OFFER, *database.columns(made, 2))
    await _tell(occasion, theirs, tokens, due)


async def _tell(
    occasion: Occasion, theirs: Mapping[int, list[Row]], tokens: Mapping[int, str], due: Mapping[int, datetime]
) -> None:
    """Write to each once: the link goes by text message alone, the inbox points to the page behind sign-in."""
    texts, inbox = [], []
    for person, rows in theirs.items():
        account, key = rows[0]["account_id"], f"{occasion.once_key}:{rows[0]['account_id']}"
        detail: dict[str, Any] = {
            "shifts": len(rows),
            "first": _spoken(rows[0]["starts"]),
            "until": _spoken(due[person]),
        }
        link = f"{settings().public_url}/offers/{tokens[person]}"
        texts.append((Notice(account, ASKED, detail, (Channel.SMS,), once_key=key), {"link": link}))
        inbox.append(Notice(account, ASKED_INBOX, detail, link="/my/offers", once_key=key))
    await notify_many_secretly(texts)
    await notify_many(inbox)


def _spoken(instant: datetime) -> str:
    return clock.local(instant).strftime("%Y-%m-%d %H:%M")
