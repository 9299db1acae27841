"""What people change about their own account: name, language, e-mail address, password."""

from app.accounts import attempts, codes, passwords, second_factor, sessions
from app.accounts.errors import EmailTaken
from app.accounts.rules import CODES_PER_ADDRESS, CODES_PER_PHONE, display_name, email_address, new_password
from app.core import audit, database
from app.core.access import Permission, Principal
from app.core.errors import InvalidInput
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import notify

LOCALES = ("zh", "en")


async def change_profile(principal: Principal, name: str, locale: str) -> None:
    """Change how the person is called and in which language messages come."""
    principal.scope(Permission.ACCOUNT_SELF)
    if locale not in LOCALES:
        raise InvalidInput
    async with database.transaction():
        await sessions.lock_account(principal.actor)
        await database.update_row("account", principal.actor, {"display_name": display_name(name), "locale": locale})
        await audit.record(principal, "account.profile_changed", "account", principal.actor)


async def request_email_code(principal: Principal, email: str, address: str) -> None:
    """Send a code to an address that is to become the account's; the answer is the same for a taken one."""
    principal.scope(Permission.ACCOUNT_SELF)
    mailbox = email_address(email)
    await attempts.count("code-address", address, CODES_PER_ADDRESS)
    await attempts.count("code-email", mailbox, CODES_PER_PHONE)
    await codes.send_code(Channel.EMAIL, mailbox, _purpose(principal))


async def set_email_and_password(principal: Principal, email: str, code: str, password: str) -> None:
    """Let the person sign in by e-mail from now on, once the code shows that the mailbox is theirs.

    Every other session ends, and officers do this with their second factor.
    """
    principal.scope(Permission.ACCOUNT_SELF)
    sessions.require_session(principal)
    mailbox, stored = email_address(email), await passwords.hashed(new_password(password))
    if await sessions.holds_office(principal.actor):
        await second_factor.require_given(principal)
    taken = await codes.check_code(mailbox, _purpose(principal), code)
    async with database.refusing({"account_email_key": EmailTaken}), database.transaction():
        await codes.consume(taken)
        await database.update_row("account", principal.actor, {"email": mailbox, "password_hash": stored})
        await database.execute(
            "DELETE FROM web_session WHERE account_id = $1 AND id <> $2", principal.actor, principal.session_id
        )
        await audit.record(principal, "account.password_set", "account", principal.actor)
        await notify(principal.actor, N_("你的登录邮箱和密码已更新。如果不是你本人操作，请立即联系管理员。"))


def _purpose(principal: Principal) -> str:
    """Return what a code for this is good for: this mailbox for this account, and nothing else."""
    return f"email/{principal.actor}"
