"""What a person agrees to, and what a host may do: sign up and step back, never more.

Whoever acts for another needs their consent, given for a stated purpose and revocable as easily as it was given
(个人信息保护法 art. 14-15; 民法典 art. 161-163). The words are kept with each consent as they were read.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_

AGREED_TO = N_(
    "我同意这家机构替我登记为志愿者，并用我的名义报名和退出任务。每做一次我会收到短信。我可以随时收回这份同意。"
)


class ActKind(StrEnum):
    """What a host did in somebody's name."""

    PROFILE = "profile"
    SIGN_UP = "sign_up"
    WITHDRAWAL = "withdrawal"


ACT_NAMES: Mapping[ActKind, str] = {
    ActKind.PROFILE: N_("登记资料"),
    ActKind.SIGN_UP: N_("报名"),
    ActKind.WITHDRAWAL: N_("退出"),
}


class NotAHost(DomainError):
    """The city has not named the organization a host."""

    code, status, message = "not_a_host", 409, N_("你们机构还不是代办机构。请联系区县司法局开通。")


class AlreadyAHost(DomainError):
    """Named before."""

    code, status, message = "already_a_host", 409, N_("这家机构已是代办机构。")


class NoConsent(DomainError):
    """Without the person's consent nobody acts for them."""

    code, status, message = "no_consent", 409, N_("本人没有同意，或已收回同意，不能代办。")


class ConsentMissing(DomainError):
    """The form asks whether the person agreed."""

    code, status, message = "consent_missing", 422, N_("请先向本人读出告知，本人同意后再勾选。")


class AlreadyAgreed(DomainError):
    """One consent per organization is enough."""

    code, status, message = "already_agreed", 409, N_("你已同意这家机构代办。")


class HasAccount(DomainError):
    """Who has an account agrees there, not on paper."""

    code, status = "has_account", 409
    message = N_("这个手机号已有账号。请本人登录后，在“我的资料”里同意你们机构代办。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "host_once": AlreadyAHost,
    "host_consent_once": AlreadyAgreed,
    "host_act_is_covered": NoConsent,
    "sign_up_host_consent": NoConsent,
    "account_phone_digest_key": HasAccount,
}
