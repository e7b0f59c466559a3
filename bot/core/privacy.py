"""Identity numbers are masked before anything is stored.

A mask keeps the length in UTF-16 units, so that positions in a message stay right. Sources of the
forms: My Number, ordinance of the Ministry of Internal Affairs 2014/85 article 5 (check digit);
residence card, two letters, eight digits, two letters; payment cards, Luhn.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["my_number", "residence_card", "payment_card"]

MASK = "█"

_GAP = r"[ \t\r\n\u3000\-\u2010-\u2015\u2212\u30fb\u30fc\u200b\u00a0]?"
_DIGITS = re.compile(rf"(?<![\d+.,]){_GAP}(?:\d{_GAP}){{11,18}}\d(?!\d|[.,]\d)")
_RESIDENCE_CARD = re.compile(
    rf"(?<![A-Za-z])[A-Za-z]{{2}}{_GAP}(?:\d{_GAP}){{8}}[A-Za-z]{{2}}(?![A-Za-z])"
)
_MY_NUMBER_WORDS = re.compile(
    r"my\s?number|マイナンバー|個人番号|个人编号|個人編號|마이넘버|mã số cá nhân|マイナ",
    re.IGNORECASE,
)
_WEIGHTS = (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A text without identity numbers, and the kinds of what was in it."""

    text: str
    kinds: tuple[Kind, ...]


def mask(text: str) -> Masked:
    """Mask My Number, residence card and payment card numbers, in any width and grouping."""
    plain = "".join(_plain(character) for character in text)
    spans: list[tuple[int, int, Kind]] = [
        (*found.span(), "residence_card") for found in _RESIDENCE_CARD.finditer(plain)
    ]
    named = _MY_NUMBER_WORDS.search(text) is not None
    for found in _DIGITS.finditer(plain):
        digits = re.sub(r"\D", "", found[0])
        kind = _kind(digits, named=named)
        if kind is not None:
            start = found.start() + len(found[0]) - len(found[0].lstrip(" \t\r\n\u3000-"))
            spans.append((start, found.end(), kind))
    masked = list(text)
    for start, end, _ in spans:
        masked[start:end] = [_hide(character) for character in text[start:end]]
    kinds = tuple(dict.fromkeys(kind for _, _, kind in sorted(spans)))
    return Masked(text="".join(masked), kinds=kinds)


def mend(text: str) -> str:
    """A text that every database can keep: no lone surrogates, no control characters."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(one for one in whole if one in "\n\t" or unicodedata.category(one) != "Cc")


def is_my_number(digits: str) -> bool:
    """Whether twelve digits carry the check digit of a My Number.

    A plausible moment written as YYYYMMDDhhmm is none: one in ten of those passes by chance.
    """
    if len(digits) != 12 or _is_moment(digits):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(reversed(digits[:11]), _WEIGHTS, strict=True)
    )
    remainder = total % 11
    return int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


def is_payment_card(digits: str) -> bool:
    """Whether 14 to 19 digits pass Luhn's check; 13 digits are a corporate number or a bar code."""
    if not 14 <= len(digits) <= 19:
        return False
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _kind(digits: str, *, named: bool) -> Kind | None:
    if is_my_number(digits) or (named and len(digits) == 12):
        return "my_number"
    return "payment_card" if is_payment_card(digits) else None


def _is_moment(digits: str) -> bool:
    try:
        return 1900 <= datetime.strptime(digits, "%Y%m%d%H%M").year <= 2100  # noqa: DTZ007
    except ValueError:
        return False


def _plain(character: str) -> str:
    """The character in half width, where that is one character too."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    half = unicodedata.normalize("NFKC", character)
    return half if len(half) == 1 else character


def _hide(character: str) -> str:
    return MASK * (1 + (ord(character) > 0xFFFF)) if character.isalnum() else character
