"""The `fahui` command: every package's commands under one roof."""

import click

from app import packages
from app.commands.audit import audit
from app.commands.db import db
from app.commands.doctor import doctor
from app.commands.jobs import jobs
from app.commands.keys import keys
from app.commands.serving import serve, worker


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fahui", prog_name="fahui")
def main() -> None:
    """Run and look after 法惠, the platform of a city's public legal services."""


for command in (serve, worker, doctor, db, jobs, audit, keys, *packages.listed("COMMANDS")):
    main.add_command(command)


if __name__ == "__main__":
    main()
