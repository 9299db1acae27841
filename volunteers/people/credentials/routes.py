"""What credentials add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import html
from volunteers.people.credentials import controllers
from volunteers.people.credentials.expiry.jobs import remind_of_expiry
from volunteers.people.credentials.own import controllers as own

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.queue, controllers.verify, controllers.refuse),
    html(own.picture_form, own.add_picture, own.renewal_form, own.renew),
]
JOBS: list[Job] = [Job("volunteers.remind_of_expiry", remind_of_expiry, "0 9 * * *")]
