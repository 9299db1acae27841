"""What an officer hands in to draft a tariff."""

import msgspec


class DraftForm(msgspec.Struct):
    """A new set: the document itself comes as a file, JSON or YAML (`fahui tariffs check FILE`)."""

    document: str = ""
