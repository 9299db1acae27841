"""Six-digit codes sent to a phone or mailbox: five minutes, five tries, one use."""

import hmac
import secrets
from dataclasses import dataclass

from app.accounts.errors import WrongCode
from app.accounts.rules import CODE_ATTEMPTS, CODE_LIFE
from app.core import clock, database, vault
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import notify_address

TEXT = N_("验证码 %(code)s，5 分钟内有效。工作人员不会向你索要验证码。")


@dataclass(frozen=True, slots=True)
class TakenCode:
    """A code that was right; it counts only once ``consume`` has committed."""

    id: int


async def send_code(channel: Channel, address: str, purpose: str) -> None:
    """Make a code for an address and queue it, in one transaction; a newer code replaces an older one."""
    code = f"{secrets.randbelow(10**6):06d}"
    now = clock.now()
    whom = _digest(purpose, address)
    async with database.transaction():
        await database.insert_row(
            "sign_in_code",
            {
                "phone_digest": whom,
                "code_sha256": _code_digest(whom, code),
                "created_at": now,
                "expires_at": now + CODE_LIFE,
                "attempts_left": CODE_ATTEMPTS,
            },
        )
        await notify_address(channel, address, TEXT, {"code": code})


async def check_code(address: str, purpose: str, code: str) -> TakenCode:
    """Use up one try of the latest code and refuse unless it is right.

    The try is taken, and committed, before anything is compared: a thousand parallel guesses compare five.
    """
    whom = _digest(purpose, address)
    row = await database.fetch_one(_TAKE_TRY, whom, clock.now())
    if row is None or not hmac.compare_digest(row["code_sha256"], _code_digest(whom, code.strip())):
        raise WrongCode
    return TakenCode(row["id"])


async def consume(taken: TakenCode) -> None:
    """Spend the code within the use case's transaction; of two parallel uses one is refused."""
    spent = await database.execute(
        "UPDATE sign_in_code SET used_at = $2 WHERE id = $1 AND used_at IS NULL", taken.id, clock.now()
    )
    if not spent:
        raise WrongCode


def _digest(purpose: str, address: str) -> bytes:
    return vault.digest(f"code/{purpose}/{address}")


def _code_digest(whom: bytes, code: str) -> bytes:
    """Hash with the vault's key: a million codes are too few for a hash without one."""
    return vault.digest(f"code/{whom.hex()}/{code}")


_TAKE_TRY = """
UPDATE sign_in_code SET attempts_left = attempts_left - 1
 WHERE id = (SELECT id FROM sign_in_code WHERE phone_digest = $1 ORDER BY created_at DESC, id DESC LIMIT 1)
   AND attempts_left > 0 AND used_at IS NULL AND expires_at > $2
RETURNING id, code_sha256"""
