"""What accounts add to the program."""

from collections.abc import Callable

from litestar.types import ControllerRouterHandler

from app.accounts import controllers
from app.accounts.jobs import forget_spent_sign_ins
from app.accounts.managed import controllers as managed
from app.accounts.own import api as own_api
from app.accounts.own import controllers as own
from app.accounts.principals import AccountSource
from app.accounts.waiting import second_factor_due
from app.core.access import Permission
from app.core.jobs import Job
from app.core.text import N_
from app.web import principal
from app.web.navigation import NavItem
from app.web.routes import api, html
from app.web.workbench import WaitingSource


def name_source_of_principals() -> None:
    """Tell the frame who turns cookies and tokens into people."""
    principal.register(AccountSource())


ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        controllers.sign_in_page,
        controllers.begin_again,
        controllers.send_code,
        controllers.by_code,
        controllers.by_password,
        controllers.second_factor_page,
        controllers.give_second_factor,
        controllers.enrol_page,
        controllers.enrol,
        controllers.sign_out,
        controllers.privacy_notice,
    ),
    html(
        own.account,
        own.back_to_account,
        own.change_profile,
        own.send_email_code,
        own.set_password,
        own.create_token,
        own.revoke_token,
        own.become_volunteer,
        own.lay_down,
        own.sign_out_everywhere,
        own.withdraw_consent,
        own.erase,
    ),
    html(
        managed.accounts,
        managed.account,
        managed.grant,
        managed.back_to_account,
        managed.end,
        managed.reset_second_factor,
        managed.reveal,
        managed.hidden_again,
    ),
    api("account", own_api.me, own_api.list_tokens, own_api.create_token, own_api.revoke_token),
]
JOBS = [Job("forget_spent_sign_ins", forget_spent_sign_ins, "50 3 * * *")]
NAV = [
    NavItem(N_("我的账号"), "/account", group="work", order=900, icon="person-circle"),
    NavItem(
        N_("人员与角色"), "/accounts", frozenset({Permission.ACCOUNT_MANAGE}), group="work", order=800, icon="people"
    ),
    NavItem(N_("个人信息处理告知"), "/privacy", group="footer", order=900),
]
WAITING: list[WaitingSource] = [second_factor_due]
HOOKS: list[Callable[[], None]] = [name_source_of_principals]
