"""Every refusal by law says rule, article, value, since when and remedy; no other refusal speaks of the law."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import marketplace
import procurement
from app.core.errors import DomainError
from app.rulebook.blocks import LawRefusal, Source


def modules() -> Iterator[ModuleType]:
    """Yield every module of the packages that buy and sell."""
    for package in (marketplace, procurement):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "piccolo_migrations" not in found.name:
                yield importlib.import_module(found.name)


def subclasses(of: type[DomainError]) -> Iterator[type[DomainError]]:
    """Yield a class's descendants."""
    for one in of.__subclasses__():
        yield one
        yield from subclasses(one)


def test_every_citation_has_an_article_and_a_day_since_when_it_holds() -> None:
    sources = {
        f"{module.__name__}.{name}": value
        for module in modules()
        for name, value in vars(module).items()
        if isinstance(value, Source)
    }
    assert len(sources) > 40
    assert [name for name, one in sources.items() if not one.article or one.since is None] == []


def test_every_refusal_by_law_names_what_it_compared_and_what_would_clear_it() -> None:
    list(modules())
    refusals = [one for one in subclasses(LawRefusal) if one.__module__.startswith(("marketplace", "procurement"))]
    assert len(refusals) > 40
    for one in refusals:
        assert issubclass(one, LawRefusal)
        assert all((one.reason, one.remedy, one.compared, one.source.article)), one
        assert one.source.since is not None, one


def test_no_other_refusal_cites_the_law_in_its_words() -> None:
    list(modules())
    citing = [
        one.__qualname__
        for one in subclasses(DomainError)
        if one.__module__.startswith(("marketplace", "procurement")) and not issubclass(one, LawRefusal)
        and ("依据" in one.message or "岗位分离" in one.message)
    ]  # fmt: skip
    assert citing == []
