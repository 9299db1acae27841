"""What people type to check a contract."""

from typing import Annotated

import msgspec


class CheckForm(msgspec.Struct):
    """The hash that stands on the paper, or its first digits."""

    sha256: Annotated[str, msgspec.Meta(max_length=100)] = ""
