"""The `fahui` command: every package's commands under one roof."""

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fahui", prog_name="fahui")
def main() -> None:
    """Run and look after 法惠, the platform of a city's public legal services."""
