"""Inventing people and organizations from a seed: names, identity numbers, phones, homes, credentials."""

import json
import random
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from app.core.ids import id_card_check_digit, uscc_check_digit

SEED = 20261116
DEMO_PHONE_PREFIX = "154"  # a range that no operator gives to the public
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_START = {"law_firm": "31", "notary_office": "12", "appraisal_institution": "52"}  # registering department, kind


@cache
def vocabulary() -> dict[str, Any]:
    """Return the words that names are made of."""
    return _load("names.json")


@cache
def product_texts() -> dict[str, Any]:
    """Return the texts of the demonstration products by category."""
    return _load("products.json")


def _load(name: str) -> dict[str, Any]:
    text = (files("procurement.demonstration") / "data" / name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def generator(topic: str) -> random.Random:
    """Return a generator of its own for each topic, so that one more product changes no person."""
    return random.Random(f"{SEED}/{topic}")


def person_name(draw: random.Random, gender: str) -> str:
    """Invent a name."""
    given = vocabulary()["given_f" if gender == "F" else "given_m"]
    surname: str = draw.choice(vocabulary()["surnames"])
    return surname + str(draw.choice(given))


def phone(number: int) -> str:
    """Return the demonstration phone of the n-th account; it cannot belong to anybody."""
    return f"{DEMO_PHONE_PREFIX}{number:08d}"


def id_card(draw: random.Random, district_code: str, gender: str, serial: int) -> str:
    """Invent an identity number with a right check digit; the serial keeps it unique."""
    born = date(1955, 1, 1) + timedelta(days=draw.randrange(16_000) // 20 * 20 + serial // 500)
    order = (serial % 500) * 2 + (1 if gender == "M" else 0)
    body = f"{district_code}{born:%Y%m%d}{order:03d}"
    return body + id_card_check_digit(body)


def bank_account(serial: int) -> str:
    """Invent an account number."""
    return f"6222{serial:015d}"


def uscc(kind: str, district_code: str, serial: int) -> str:
    """Invent a unified social credit code with a right check digit."""
    subject = _in_alphabet(serial, 9)
    body = f"{USCC_START.get(kind, '51' if kind == 'association' else '52')}{district_code}{subject}"
    return body + uscc_check_digit(body)


def _in_alphabet(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, rest = divmod(number, len(USCC_ALPHABET))
        digits = USCC_ALPHABET[rest] + digits
    return digits
