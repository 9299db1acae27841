"""The English catalogue against the sources: what is new, gone, untranslated, or lost its places."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from app.core.settings import PROJECT
from app.web.i18n import CATALOGUE

KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "NC_": ((1, "c"), 2, 2),
}
PLACE = re.compile(r"%\((\w+)\)[sd]")
HEADER = (
    "# English texts; the msgid is the Chinese source.\n# Made by `python -m app.web.i18n extract`; write msgstr here."
)
Key = tuple[str | None, str]


def extracted(root: Path = PROJECT) -> dict[Key, Message]:
    """Return every text that the sources mark for translation."""
    with (PROJECT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog()
    walk = extract_from_dir(
        root, methods, options, keywords=KEYWORDS, directory_filter=lambda folder: not Path(folder).name.startswith(".")
    )
    for _, _, message, _, context in walk:
        if message and message != "" and (not isinstance(message, tuple) or message[0]):
            found.add(message, context=context)
    return by_key(found)


def by_key(catalogue: Catalog) -> dict[Key, Message]:
    """Return the texts of a catalogue by context and msgid, without its header."""
    return {(message.context, _singular(message)): message for message in catalogue if message.id}


def written(path: Path = CATALOGUE) -> dict[Key, Message]:
    """Return the texts of the catalogue file."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return by_key(read_po(file, locale="en"))


def extract() -> str:
    """Bring the catalogue file up to date: add what is new, drop what is gone, keep every translation."""
    sources, known = extracted(), written()
    catalogue = Catalog(locale="en", charset="utf-8", header_comment=HEADER, fuzzy=False)
    for key in sorted(sources, key=lambda key: (key[1], key[0] or "")):
        message, before = sources[key], known.get(key)
        same_shape = before is not None and bool(before.pluralizable) == bool(message.pluralizable)
        catalogue.add(message.id, before.string if before and same_shape else None, context=message.context)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=0, no_location=True, omit_header=False)
    _steady_header()
    return (
        f"{len(sources)} texts, {len(faults(sources, written()))} to translate; {len(known.keys() - sources)} dropped"
    )


def faults(sources: dict[Key, Message], known: dict[Key, Message]) -> list[str]:
    """Return what is wrong with the catalogue, one line each."""
    found = [f"not in the catalogue: {key[1]}" for key in sources if key not in known]
    found += [f"no longer in the sources: {key[1]}" for key in known if key not in sources]
    for key in sources.keys() & known.keys():
        found += _faults_of(key[1], known[key])
    return sorted(found)


def _faults_of(msgid: str, message: Message) -> list[str]:
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if message.fuzzy:
        return [f"fuzzy: {msgid}"]
    if not all(forms):
        return [f"no English: {msgid}"]
    lost = [form for form in forms if not set(PLACE.findall(msgid)) >= set(PLACE.findall(str(form)))]
    return [f"places of {msgid!r} and {form!r} differ" for form in lost]


def _singular(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def _steady_header() -> None:
    """Drop the dates, so that the file changes only when texts do."""
    lines = CATALOGUE.read_text("utf-8").splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator', '"Language-Team')
    CATALOGUE.write_text("".join(line for line in lines if not line.startswith(dated)), "utf-8")
