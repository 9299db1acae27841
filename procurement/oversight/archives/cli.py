"""Checking an archive on any machine."""

import hashlib
import sys
import zipfile
from pathlib import Path

import click

from procurement.deliveries.closing_file.packing import MANIFEST
from procurement.oversight.archives.service import BATCHES, EVENTS, archive_faults


@click.group()
def archive() -> None:
    """Archives of purchases for the auditor."""


@archive.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Check every hash of FILE: its members, its audit events, their batches. Needs no database."""
    found = faults_of(file)
    for fault in found:
        click.echo(fault)
    click.echo(f"{len(found)} faults" if found else "sound")
    sys.exit(1 if found else 0)


def faults_of(file: Path) -> list[str]:
    """Name everything that does not fit in an archive."""
    with zipfile.ZipFile(file) as kept:
        names = set(kept.namelist())
        listed = dict(line.split("  ", 1)[::-1] for line in kept.read(MANIFEST).decode().splitlines())
        found = [f"{name}: not listed" for name in sorted(names - {*listed, MANIFEST})]
        for name, digest in listed.items():
            if name not in names:
                found.append(f"{name}: missing")
            elif hashlib.sha256(kept.read(name)).hexdigest() != digest:
                found.append(f"{name}: changed")
        if {EVENTS, BATCHES} <= names:
            found += archive_faults(kept.read(EVENTS), kept.read(BATCHES))
        else:
            found.append("the audit part is missing")
    return found
