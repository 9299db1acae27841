"""Refusals of sign-in, second factor, memberships and tokens."""

from app.core.errors import DomainError
from app.core.text import N_


class TooManyAttempts(DomainError):
    """The limit of a window is reached; it opens again by itself."""

    code, status, message = "too_many_attempts", 429, N_("尝试次数太多，请过 %(minutes)s 分钟再试。")


class WrongCode(DomainError):
    """The code is wrong, used up or too old: the three look the same from outside."""

    code, status, message = "wrong_code", 422, N_("验证码不正确或已失效。请核对，或重新获取。")


class WrongPassword(DomainError):
    """No such account, no password, a wrong one: the three look the same from outside."""

    code, status, message = "wrong_password", 422, N_("邮箱或密码不正确。")


class ConsentNeeded(DomainError):
    """An account is opened, or goes on, only after consent to the privacy notice in force (个人信息保护法 §13-14)."""

    code, status, message = "consent_needed", 422, N_("请先阅读并勾选同意个人信息处理告知，再继续。")


class AccountClosed(DomainError):
    """The account was closed."""

    code, status, message = "account_closed", 403, N_("这个账号已停用。如有疑问请联系本单位管理员。")


class PhoneTaken(DomainError):
    """Another account has this phone number."""

    code, status, message = "phone_taken", 409, N_("这个手机号已有账号。")


class EmailTaken(DomainError):
    """Another account has this e-mail address."""

    code, status, message = "email_taken", 409, N_("这个邮箱已被使用。")


class WrongSecondFactor(DomainError):
    """The one-time password is wrong or was used before."""

    code, status, message = "wrong_second_factor", 422, N_("动态口令不正确或已用过。请等下一组数字再试。")


class SecondFactorNeeded(DomainError):
    """This needs a session in which the second factor was given."""

    code, status, message = "second_factor_needed", 403, N_("这一步需要先通过动态口令验证。")


class SecondFactorEnrolled(DomainError):
    """The account has a second factor already; a new phone needs the old one or a reset by a manager."""

    code, status = "second_factor_enrolled", 409
    message = N_("这个账号已绑定动态口令。更换手机请先用原口令验证，或请管理员重置。")


class SessionNeeded(DomainError):
    """A token cannot do this; it takes a person in a browser."""

    code, status, message = "session_needed", 403, N_("这一步只能在网页登录后操作。")


class RoleNeedsPlace(DomainError):
    """The role holds within a place."""

    code, status, message = "role_needs_place", 422, N_("这个角色要指定管辖的地区。")


class RoleNeedsOrganization(DomainError):
    """The role holds within an organization."""

    code, status, message = "role_needs_organization", 422, N_("这个角色要指定所属的机构。")


class RoleWithoutScope(DomainError):
    """The role holds for the person himself and covers nothing else."""

    code, status, message = "role_without_scope", 422, N_("居民和志愿者角色只代表本人，不能指定地区或机构。")


class MembershipTaken(DomainError):
    """The account holds this very role already."""

    code, status, message = "membership_taken", 409, N_("这个账号已有这个角色。")


class LastOfOrganization(DomainError):
    """Nobody else is left who acts for the organization."""

    code, status = "last_of_organization", 409
    message = N_("这是该单位最后一位成员。请先给另一个人这个角色，再结束。")


class MembershipOver(DomainError):
    """The membership has ended already."""

    code, status, message = "membership_over", 409, N_("这个角色已经结束。")


class EndsBeforeItBegins(DomainError):
    """A membership's end lies in the future."""

    code, status, message = "ends_before_it_begins", 422, N_("结束日期要晚于今天。")


class DeputyNeedsEnd(DomainError):
    """A deputy stands in for a time, never for ever."""

    code, status, message = "deputy_needs_end", 422, N_("代理必须写明结束日期。")


class NothingToDeputize(DomainError):
    """The person stood in for does not hold the role there for so long."""

    code, status = "nothing_to_deputize", 409
    message = N_("被代理人在这个范围内没有这个角色，或任期更短，不能设代理。")


class ErasureRefused(DomainError):
    """The law asks that the record be kept for now, or the person still holds an office."""

    code, status = "erasure_refused", 409
    message = N_("还有未办结的职务或事项，暂不能删除账号：请先请管理员结束你的岗位角色。")
