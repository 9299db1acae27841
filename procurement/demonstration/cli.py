"""`fahui demo`: the city, its week, and the site to look at them."""

import functools
import time
from collections.abc import Callable

import click
import pyotp
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from app import composition, supervisor
from app.commands.running import telling_refusals, with_server
from app.core import embedded, storage
from app.core.settings import settings
from procurement.demonstration import cast, catalogue, invention, last_year, report, supply, today, turn, walk
from procurement.demonstration.people import PERSON_PHONES
from procurement.demonstration.scale import ScaleName
from volunteers.dispatch import solver_process

console = Console()
BY_PHONE = {
    "provider": supply.PROVIDER_PHONES,
    "station_staff": turn.STATION_PHONES,
    "village_clerk": turn.CLERK_PHONES,
    "volunteer (a lawyer)": PERSON_PHONES,
}


@click.command()
@click.option("--scale", type=click.Choice([name.value for name in ScaleName]), default="city", show_default=True)
@click.option("--no-serve", is_flag=True, help="Stop after the table instead of serving the site.")
@click.option("--reset", is_flag=True, help="Drop what is in the embedded database and start over.")
def demo(scale: str, no_serve: bool, reset: bool) -> None:
    """Generate the demonstration city, run the main job through its week, and serve the site."""
    if settings().mode == "production":
        raise click.ClickException("the demonstration does not run in production mode; set FAHUI_MODE=demo")
    _walk(ScaleName(scale), reset, no_serve)
    if not no_serve:
        telling_refusals(supervisor.serve)(announce=_announce)


@with_server
async def _walk(name: ScaleName, reset: bool, no_serve: bool) -> None:
    if reset:
        await _drop()
    await storage.upgrade()
    composition.compose()
    async with storage.opened():
        stage = await _take_steps(name)
        if not no_serve:
            await today.open_shift(stage.officers, stage.scale)


async def _drop() -> None:
    if not settings().embedded:
        raise click.ClickException("--reset only drops the embedded database; empty DATABASE_URL's yourself")
    await storage.drop_database(embedded.dsn(embedded.OWNER_ROLE, "postgres"), embedded.DATABASE)


async def _take_steps(name: ScaleName) -> walk.Stage:
    started = time.monotonic()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("the main job", total=len(walk.STEPS))
        stage = await walk.prepare(name, _shown(progress, bar))
        done = await walk.finished_steps()
        for step in walk.STEPS:
            progress.update(bar, description=step.name)
            if step.number == 3 or (done and not stage.officers and max(done) >= 2):
                await walk.load(stage)
            if step.number not in done:
                began = time.monotonic()
                await walk.take(stage, step)
                console.print(f"  {step.name:36} {time.monotonic() - began:6.1f} s", highlight=False)
            progress.advance(bar)
    table = Table(title=f"法惠 · {stage.scale.name.value} · {stage.monday.isoformat()}", show_header=False)
    for line in await report.lines(stage.monday):
        table.add_row(line.name, line.value, line.detail)
    console.print(table)
    console.print(f"  {time.monotonic() - started:.1f} s in all", highlight=False)
    return stage


def _shown(progress: Progress, bar: object) -> Callable[[solver_process.Progress], None]:
    def show(found: solver_process.Progress) -> None:
        green, shortage, unheld, empty, *_ = found.vector
        text = f"dispatch: {green} green, {shortage} shortage, {unheld} unheld, {empty} empty seats"
        progress.update(bar, description=text)  # type: ignore[arg-type]

    return show


def _announce() -> None:
    """Tell where the site is and how to enter it in each role."""
    say = functools.partial(console.print, highlight=False, soft_wrap=True)
    say(f"\n  [bold]{settings().public_url}[/bold]\n")
    say(f"  Officers sign in by e-mail with the password {cast.PASSWORD} and the second factor {cast.TOTP_SECRET}")
    say(f"  (an authenticator's secret; its code right now is {pyotp.TOTP(cast.TOTP_SECRET).now()}):")
    for part in cast.CAST:
        say(f"    {part.role.value:22} {part.email}{'' if part.totp_secret else '   (no second factor)'}")
    say(f"    {'second reviewer':22} {catalogue.EDITOR_EMAIL}   (draws editions up; the first one publishes)")
    say(f"    {'bookkeeper':22} {last_year.BOOKKEEPER_EMAIL}   (closes the city's months)")
    say(f"  The keepers of quotations (approver, acceptor, supervisor) open them with the passphrase {cast.PASSWORD}.")
    say(f"  Others sign in by phone; the code arrives at {settings().public_url}/demo/outbox:")
    for role, number in BY_PHONE.items():
        say(f"    {role:22} {invention.phone(number)}")
    say("  A moment to try: as the volunteer, open today's shift and step back from it. As the station, see")
    say("  /station/today turn red and green again; the outbox has the text messages of those who are asked.")
    say("\n  Ctrl-C stops the site, the worker and the database.")
