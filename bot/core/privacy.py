"""Identity numbers are masked before anything is stored.

A mask keeps the length in UTF-16 units, so that positions in a message stay right. Sources of the
forms: My Number, ordinance of the Ministry of Internal Affairs 2014/85 article 5 (check digit);
residence card, two letters, eight digits, two letters; payment cards, Luhn. Passports, bank
accounts and pension numbers have no check digit: they are masked only near a word for them.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal[
    "my_number", "residence_card", "payment_card", "passport", "bank_account", "pension_number"
]

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
NEAR = 40
"""Letters between a number and the word that says what it is."""

_NEAR_A_WORD: dict[Kind, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "passport": (
        re.compile(
            r"passport|パスポート|旅券|护照|護照|여권|hộ chiếu|paspor|pasaporte|passaporte|"
            r"หนังสือเดินทาง|พาสปอร์ต|နိုင်ငံကူးလက်မှတ်|ပတ်စပို့|राहदानी|पासपोर्ट",
            re.IGNORECASE,
        ),
        re.compile(rf"(?<![A-Za-z\d])[A-Za-z]{{1,2}}{_GAP}\d{{6,8}}[A-Za-z]?(?![A-Za-z\d])"),
    ),
    "bank_account": (
        re.compile(
            r"account|口座|账号|账户|帳號|帳戶|계좌|tài khoản|rekening|cuenta|conta\b|บัญชี|"
            r"ဘဏ်စာရင်း|खाता",
            re.IGNORECASE,
        ),
        re.compile(r"(?<![\d+.,:/A-Za-z\-])\d{7,8}(?![\d.,:/\-]|\s?(?:yen|円|日元|元|jpy))"),
    ),
    "pension_number": (
        re.compile(
            r"年金番号|年金手帳|pension (?:number|book|no)|年金号码|年金號碼|연금번호",
            re.IGNORECASE,
        ),
        re.compile(rf"(?<!\d)\d{{4}}{_GAP}\d{{6}}(?!\d)"),
    ),
}
"""Kind -> the words near which, and the form in which it is masked."""

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
    spans += _near_a_word(plain)
    masked = list(text)
    for start, end, _ in spans:
        masked[start:end] = [_hide(character) for character in text[start:end]]
    kinds = tuple(dict.fromkeys(kind for _, _, kind in sorted(spans)))
    return Masked(text="".join(masked), kinds=kinds)


def _near_a_word(plain: str) -> Iterator[tuple[int, int, Kind]]:
    for kind, (words, form) in _NEAR_A_WORD.items():
        named = [found.span() for found in words.finditer(plain)]
        for found in form.finditer(plain) if named else ():
            near = any(
                found.start() - NEAR <= end and start <= found.end() + NEAR for start, end in named
            )
            if near and not _is_day(found[0]):
                yield (*found.span(), kind)


def _is_day(digits: str) -> bool:
    """Whether eight digits are a plausible day: 20261121."""
    return len(digits) == 8 and _is_moment(f"{digits}0000")


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
