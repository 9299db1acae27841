"""What the audit view adds to the program: flags, the way of the money, samples."""

import click
from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.jobs import Job
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api, html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.oversight.flags import api as flags_api
from procurement.oversight.flags import controllers as flags
from procurement.oversight.flags.jobs import look_for_flags
from procurement.oversight.flags.waiting import flags_to_review
from procurement.oversight.reexamination import routes as reexamination
from procurement.oversight.samples import api as samples_api
from procurement.oversight.samples import controllers as samples
from procurement.oversight.samples.jobs import pack_samples
from procurement.oversight.samples.service import PACKING
from procurement.oversight.trace import slots
from procurement.oversight.trace.batches import controllers as batches
from procurement.oversight.trace.lines import controllers as lines
from procurement.oversight.trace.purchases import controllers as purchases
from procurement.oversight.trace.works import controllers as works

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(lines.entry, lines.line, purchases.purchase, works.unit, works.claim, batches.batch),
    html(flags.flags, flags.file, flags.show, flags.review),
    html(samples.samples, samples.draw_form, samples.draw, samples.show, samples.evidence, samples.item, samples.note),
    api(
        "oversight",
        *(flags_api.list_flags, flags_api.show_flag, flags_api.review),
        *(samples_api.list_samples, samples_api.show_sample, samples_api.draw, samples_api.note),
        samples_api.download_evidence,
    ),
    *reexamination.ROUTE_HANDLERS,
]
COMMANDS: list[click.Command] = reexamination.COMMANDS
JOBS: list[Job] = [
    Job("procurement.look_for_flags", look_for_flags, "40 2 * * *"),
    Job(PACKING, pack_samples, None),
]
SLOTS: list[Slot] = [("contract_page.aside", slots.on_contract)]
NAV: list[NavItem] = [
    NavItem(N_("审计视图"), "/oversight", frozenset({Permission.LEDGER_READ}), "work", 70, "search"),
]
WAITING: list[WaitingSource] = [flags_to_review]
