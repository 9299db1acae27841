"""`fahui tariffs`: price a suite of cases, check a tariff document."""

from pathlib import Path
from typing import Any

import click
import msgspec

from app.commands.running import telling_refusals
from app.web import i18n
from procurement.tariffs.engine.document import read_set, sha256_of
from procurement.tariffs.engine.refusals import SuiteMalformed
from procurement.tariffs.engine.suite import price_suite
from procurement.tariffs.engine.validation import validate

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def tariffs() -> None:
    """Work with tariff documents."""


@tariffs.command("price")
@click.argument("suite", type=_FILE)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where to write the result."
)
@telling_refusals
def price_command(suite: Path, out: Path) -> None:
    """Price every case of SUITE (the form of conformance/fees/cases.json), each with a readable trace.

    A malformed suite ends with exit status 1 and names the offending line; nothing is written then.
    """
    with i18n.speaking("en"):
        answers = price_suite(_read(suite), i18n.gettext, "en")
    out.write_bytes(msgspec.json.format(msgspec.json.encode(answers), indent=1) + b"\n")
    click.echo(f"{len(answers['results'])} cases and {len(answers['scheme_choices'])} scheme choices written to {out}.")


@tariffs.command("check")
@click.argument("file", type=_FILE)
@telling_refusals
def check_command(file: Path) -> None:
    """Tell whether the tariff document FILE could be published: exit status 0 if it has no faults, 1 if it has."""
    tariff = read_set(file.read_bytes())
    faults = validate(tariff)
    with i18n.speaking("en"):
        for fault in faults:
            click.echo(i18n.translate(fault.message), err=True)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(f"{tariff.id}: {len(tariff.lines)} lines, no faults; sha256 {sha256_of(tariff)}")


def _read(suite: Path) -> dict[str, Any]:
    try:
        read: dict[str, Any] = msgspec.json.decode(suite.read_bytes())
    except msgspec.MsgspecError as error:
        raise SuiteMalformed(where=suite.name, problem=str(error)) from None
    return read
