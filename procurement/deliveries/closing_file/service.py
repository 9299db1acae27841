"""Making the closing file: reading everything, printing it in a thread, noting that it was handed out."""

import asyncio
from datetime import datetime

from app.core import audit, clock
from app.core.access import Principal
from app.core.database import transaction
from procurement.contracts.printing import queries as printing
from procurement.contracts.printing.controllers import contract_paper
from procurement.contracts.printing.layout import contract_pdf
from procurement.deliveries.closing_file.layout import closing_pdf, member_name, pictures_of
from procurement.deliveries.closing_file.packing import packed
from procurement.deliveries.closing_file.queries import Dossier, dossier
from procurement.deliveries.workload.controllers import workload_table

FETCHED_AT_ONCE = 8


async def closing_document(principal: Principal, reference: str) -> bytes:
    """Return the closing file as one PDF."""
    found = await dossier(principal, reference)
    made = await _printed(found, await _contents(found, pictures_only=True), clock.now())
    await _note(principal, found, "pdf")
    return made


async def closing_bundle(principal: Principal, reference: str) -> bytes:
    """Return the closing file as a ZIP: the document, the contract, the tables, every original."""
    members = await closing_members(principal, reference)
    bundle = await asyncio.to_thread(packed, members)
    await _note(principal, await dossier(principal, reference), "zip")
    return bundle


async def closing_members(principal: Principal, reference: str) -> dict[str, bytes]:
    """Return what goes into the bundle, by name; the auditor's archive takes the same."""
    found = await dossier(principal, reference)
    contents = await _contents(found)
    members = {"closing-file.pdf": await _printed(found, contents, clock.now())}
    paper = contract_paper(found.contract, await printing.signers(found.contract.id), named=True)
    members[f"{reference}.pdf"] = await asyncio.to_thread(contract_pdf, paper)
    members["workload.csv"] = await workload_table(list(found.units))
    for unit in found.units:
        for place, file in enumerate(found.files.get(unit.id, ()), 1):
            members[member_name(unit.reference, place, file)] = contents[file.proof_id]
    return members


async def _printed(found: Dossier, contents: dict[int, bytes], made_at: datetime) -> bytes:
    return await asyncio.to_thread(closing_pdf, found, contents, made_at)


async def _contents(found: Dossier, *, pictures_only: bool = False) -> dict[int, bytes]:
    """Read the originals, a few at a time; the same bytes are read once."""
    files = [file for of_unit in found.files.values() for file in of_unit]
    wanted = pictures_of(files) if pictures_only else files
    gate = asyncio.Semaphore(FETCHED_AT_ONCE)

    async def fetched(file_number: int) -> tuple[int, bytes]:
        async with gate:
            return wanted[file_number].proof_id, await wanted[file_number].content()

    return dict(await asyncio.gather(*(fetched(number) for number in range(len(wanted)))))


async def _note(principal: Principal, found: Dossier, form: str) -> None:
    async with transaction():
        await audit.record(principal, "contract.closing_file", "contract", found.contract.id, form=form)
