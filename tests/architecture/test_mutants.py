"""A mutant of a schema change changes what is in force, not what a later migration has stated anew."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.guards import GUARDS

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = re.compile(r"\"(\w+\.sql)\"")
FUNCTION = re.compile(r"^CREATE (?:OR REPLACE )?FUNCTION (\w+).*?\$\$;$", re.DOTALL | re.MULTILINE)
VIEW = re.compile(r"^CREATE (?:OR REPLACE )?VIEW (\w+).*?;$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Stated:
    """Where a function or view is stated."""

    name: str
    file: str
    first: int
    last: int


def stated() -> list[Stated]:
    """Return all statements of functions and views in the order in which migrations run them."""
    found = []
    for migration in sorted(ROOT.glob("*/**/piccolo_migrations/*.py"), key=lambda path: path.name.partition("_")[2]):
        for name in SCRIPT.findall(migration.read_text("utf-8")):
            path = migration.with_name(name)
            text = path.read_text("utf-8")
            matches = sorted((*FUNCTION.finditer(text), *VIEW.finditer(text)), key=lambda match: match.start())
            found += [Stated(one[1], str(path.relative_to(ROOT)), one.start(), one.end()) for one in matches]
    return found


def test_every_mutant_of_a_function_changes_the_one_that_is_in_force() -> None:
    every = stated()
    in_force = {one.name: one for one in every}
    assert len(in_force) < len(every)  # some were stated anew
    dead = []
    for mutant in GUARDS:
        text = (ROOT / mutant.file).read_text("utf-8") if mutant.file.endswith(".sql") else ""
        places = [match.start() for match in re.finditer(re.escape(mutant.before), text)]
        within = [
            [one for one in every if one.file == mutant.file and one.first <= place < one.last] for place in places
        ]
        if places and all(any(in_force[one.name] is not one for one in found) for found in within):
            dead.append((mutant.guard, mutant.file))
    assert dead == []
