"""What notifications add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.core.text import N_
from app.notifications import api as endpoints
from app.notifications import controllers
from app.notifications.jobs import deliver_notifications, forget_addressed_messages
from app.notifications.service import DELIVERY_JOB
from app.notifications.smtp import register_mail_server
from app.notifications.waiting import unread_messages
from app.web.navigation import NavItem
from app.web.routes import api, html
from app.web.workbench import WaitingSource

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.inbox, controllers.read_all, controllers.open_message, controllers.outbox),
    api(
        "notifications",
        endpoints.list_notifications,
        endpoints.read_notification,
        endpoints.read_all_notifications,
    ),
]
JOBS = [
    Job(DELIVERY_JOB, deliver_notifications, 15),
    Job("forget_addressed_messages", forget_addressed_messages, "40 3 * * *"),
]
NAV = [NavItem(N_("收件箱"), "/inbox", group="work", order=850, icon="inbox")]
WAITING: list[WaitingSource] = [unread_messages]
HOOKS = [register_mail_server]
