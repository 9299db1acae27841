"""Reading figures out of a page as a person does: by the words beside them."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_NUMBER = re.compile(r"(-?)¥?(\d[\d,]*)(?:\.(\d+))?")


@dataclass
class Element:
    """A piece of a page with what is in it."""

    tag: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return its words."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> list[str]:
        return [piece for one in self.inside for piece in ([one] if isinstance(one, str) else one._pieces())]

    def every(self, tag: str, name: str = "") -> list["Element"]:
        """Return everything in it with a tag and, if named, a class."""
        found = []
        for one in self.inside:
            if isinstance(one, Element):
                if one.tag == tag and (not name or name in one.attributes.get("class", "").split()):
                    found.append(one)
                found += one.every(tag, name)
        return found

    @property
    def link(self) -> str:
        """Return where its first link leads."""
        links = self.every("a")
        return links[0].attributes.get("href", "") if links else ""


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(made)
        if tag not in _VOID:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        if tag in (one.tag for one in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


class Page:
    """A page that was answered."""

    def __init__(self, html: str) -> None:
        builder = _Builder()
        builder.feed(html)
        self.whole = builder.open[0]

    def rows(self, caption: str) -> list[tuple[Element, dict[str, str]]]:
        """Return a table's rows: the head of the row, and its cells by their label."""
        found = []
        for table in self.whole.every("table"):
            if [one.text for one in table.every("caption")] == [caption]:
                for row in table.every("tr"):
                    cells = {one.attributes.get("data-label", ""): one.text for one in row.every("td")}
                    if cells:
                        found.append((row.every("th")[0], cells))
        return found

    def figures(self, block: int = 0) -> dict[str, str]:
        """Return a row of large figures by their names."""
        blocks = self.whole.every("dl", "figures")
        return _terms(blocks[block]) if block < len(blocks) else {}

    def facts(self) -> dict[str, str]:
        """Return all named facts of the page."""
        return {name: said for facts in self.whole.every("dl", "facts") for name, said in _terms(facts).items()}

    def meters(self) -> dict[str, tuple[float, float]]:
        """Return how full each bar is: the part and the whole."""
        return {
            one.attributes["aria-label"]: (float(one.attributes["value"]), float(one.attributes["max"]))
            for one in self.whole.every("progress")
        }

    def chart(self, title: str) -> dict[str, dict[str, str]]:
        """Return the numbers behind a chart: by category, then by series."""
        for drawn in self.whole.every("figure", "chart"):
            if drawn.every("figcaption")[0].text.startswith(title):
                names = [one.text for one in drawn.every("thead")[0].every("th")][1:]
                return {
                    row.every("th")[0].text: dict(zip(names, [one.text for one in row.every("td")], strict=True))
                    for row in drawn.every("tbody")[0].every("tr")
                }
        return {}

    def bars(self) -> dict[str, dict[str, int]]:
        """Return each contract's money by its parts; the whole price is under the empty name."""
        found = {}
        for bar in self.whole.every("article", "money-bar"):
            parts = {"": fen(bar.every("p", "money-bar-line")[0].text)}
            for one in bar.every("ul", "money-legend")[0].every("li"):
                parts[one.text.split(" ")[0]] = fen(one.text)
            found[bar.attributes["id"].removeprefix("money-")] = parts
        return found

    def following(self) -> str:
        """Return where the list goes on."""
        links = [one for one in self.whole.every("a") if one.attributes.get("rel") == "next"]
        return links[0].attributes["href"] if links else ""


def _terms(of: Element) -> dict[str, str]:
    return dict(zip([one.text for one in of.every("dt")], [one.text for one in of.every("dd")], strict=True))


def fen(said: str) -> int:
    """Return an amount of money in fen."""
    found = _NUMBER.search(said)
    assert found, said
    sign, whole, cents = found.groups()
    assert cents, said
    return (-1 if sign else 1) * (int(whole.replace(",", "")) * 100 + int(cents))


def whole(said: str) -> int:
    """Return the first whole number that is said."""
    found = _NUMBER.search(said)
    assert found, said
    return int(found[1] + found[2].replace(",", ""))
