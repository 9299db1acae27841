"""`make check`: every static check, each with its outcome; exit 1 if any fails."""

import subprocess
import sys
import time
from collections.abc import Callable

from tests.architecture import figures_to_confirm, sizes, state_diagrams

BIN = sizes.ROOT / ".venv" / "bin"
TYPED = ("rules.py", "service.py", "queries.py", "forms.py")


def _command(*words: str) -> list[str]:
    result = subprocess.run([str(BIN / words[0]), *words[1:]], cwd=sizes.ROOT, capture_output=True, text=True)
    return [] if result.returncode == 0 else (result.stdout + result.stderr).splitlines()


def style() -> list[str]:
    """Lint."""
    return _command("ruff", "check", "--output-format", "concise", ".")


def layout() -> list[str]:
    """Formatting."""
    return _command("ruff", "format", "--check", ".")


def types() -> list[str]:
    """mypy --strict on the core, the engines, and every feature's rules, services, queries and forms."""
    typed = [
        str(path.relative_to(sizes.ROOT))
        for path in sizes.python_files()
        if path.relative_to(sizes.ROOT).parts[0] not in ("tests", "benchmarks")
        and (path.name in TYPED or "core" in path.parts or "engine" in path.parts)
        and "piccolo_migrations" not in path.parts
    ]
    return _command("mypy", *typed)


def imports() -> list[str]:
    """Who may import whom."""
    return _command("lint-imports", "--no-cache")


def templates_and_translations() -> list[str]:
    """Every template compiles; every text has its English."""
    return _command("python", "-m", "app.web.i18n", "check")


CHECKS: dict[str, Callable[[], list[str]]] = {
    "style (ruff)": style,
    "layout (ruff format)": layout,
    "types (mypy --strict)": types,
    "imports (import-linter)": imports,
    "sizes and names": sizes.faults,
    "templates and translations": templates_and_translations,
    "diagrams of states": state_diagrams.faults,
    "figures to confirm": figures_to_confirm.faults,
}


def main() -> int:
    """Run all checks and print what each found."""
    failed = 0
    for name, check in CHECKS.items():
        started = time.monotonic()
        faults = check()
        failed += bool(faults)
        print(f"{'FAIL' if faults else 'ok  '} {name} ({time.monotonic() - started:.1f} s)", flush=True)
        for line in faults[-60:]:
            print(f"     {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
