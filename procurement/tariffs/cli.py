"""`fahui tariffs`: price a suite of cases, check a tariff document."""

from pathlib import Path
from typing import Any

import click
import msgspec

from app.commands.running import telling_refusals
from app.web import i18n
from procurement.tariffs.engine.document import json_schema, sha256_of
from procurement.tariffs.engine.lines import at_line, line_of, read_plain
from procurement.tariffs.engine.refusals import SuiteMalformed
from procurement.tariffs.engine.suite import Answers, price_suite
from procurement.tariffs.engine.validation import validate
from procurement.tariffs.handed_in import read_handed_in

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
        answers = _priced(suite)
    out.write_bytes(msgspec.json.format(msgspec.json.encode(answers), indent=1) + b"\n")
    click.echo(f"{len(answers.results)} cases and {len(answers.scheme_choices)} scheme choices written to {out}.")


@tariffs.command("check")
@click.argument("file", type=_FILE)
@telling_refusals
def check_command(file: Path) -> None:
    """Tell whether the tariff document FILE (YAML or JSON) could be published: exit status 0 if it has no faults.

    A fault ends with exit status 1; each is told with the id and the line at which it stands.
    """
    content = file.read_bytes()
    tariff = read_handed_in(content)
    faults = validate(tariff)
    with i18n.speaking("en"):
        for fault in faults:
            click.echo(f"{file.name}:{_line(content, fault.where)}: {i18n.translate(fault.message)}", err=True)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(f"{tariff.id}: {len(tariff.lines)} lines, no faults; sha256 {sha256_of(tariff)}")


@tariffs.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of a tariff document."""
    click.echo(msgspec.json.format(msgspec.json.encode(json_schema()), indent=1))


def _line(content: bytes, named: str) -> int:
    """Return the line on which the part of that id begins, or the first."""
    plain = read_plain(content)
    for list_name in ("lines", "modifiers", "caps"):
        for index, part in enumerate(plain.get(list_name) or []):
            if part.get("id") in (named, named.partition(".")[0]):
                return line_of(content, f"$.{list_name}[{index}]") or 1
    return 1


def _priced(suite: Path) -> Answers:
    """Price the suite, or refuse with the line of the file at which it is malformed."""
    try:
        return price_suite(_read(suite), i18n.gettext, "en")
    except SuiteMalformed as refusal:
        where = str(refusal.values["where"])
        line = line_of(suite.read_bytes(), where)
        if line is None or where == suite.name:
            raise
        raise SuiteMalformed(where=f"{suite.name}:{line}: {where}", problem=refusal.values["problem"]) from None


def _read(suite: Path) -> dict[str, Any]:
    content = suite.read_bytes()
    try:
        read: dict[str, Any] = msgspec.json.decode(content)
    except msgspec.MsgspecError as error:
        raise SuiteMalformed(where=suite.name, problem=at_line(content, str(error))) from None
    return read
