"""Counts and amounts of yen as residents type them, in any of the languages and scripts.

Kanji digits become ours first (三十五 -> 3十5), so that 3万5千, 三万五千 and 30만 are one grammar.
"""

import re
from decimal import Decimal

from bot.core.dialogs.typed import alternatives, answer_form

_MOST = 10**12
"""No answer is as large; it is a telephone number or an identity number."""

_KANJI = str.maketrans(
    "〇零一二三四五六七八九两兩萬만亿억천백십仟", "00123456789" + "22" + "万万億億千百十千"
)
_TENS = re.compile(r"(\d?)十(\d?)")

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([,.' ])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]0{1,2})?")
_INDIAN = re.compile(r"[1-9]\d?(?:,\d{2})+,\d{3}")
"""13,00,000: how Nepali writes 1,300,000."""

_PLAIN = re.compile(r"0|[1-9]\d*")
_WITH_UNIT = re.compile(r"(\d{1,3}(?:,\d{3})+)|(\d+)(?:[.,](\d{1,2}))?|0[.,](\d+)")
"""1.5万, 1,200万; but not 1.500万, which is either."""

_LARGE = re.compile(r"(?:(?P<oku>[^億万]+)億)?(?:(?P<man>[^億万]+)万)?(?P<rest>[^億万]*)")
_SECTION = re.compile(
    r"(?:(?P<thousands>[\d,.]*)千)?(?:(?P<hundreds>\d?)百)?(?:(?P<tens>\d?)十)?(?P<ones>[\d,.]*)"
)
_ENGLISH = re.compile(r"([\d,.]+)(?: ?(k|thousand|million)| ?(m))(?:illion)?")
_MAN = re.compile(r"(?<=\d) ?(man|oku)(?: ?en)?\b")
_YEN = alternatives(
    "円|えん|圓|圆|元|日元|日圆|日圓|日円|日币|日幣|엔|엔화|yen|yên|en|เยน|ယန်း|येन|yenes|iene|ienes|jpy|¥"
)
_CURRENCY = re.compile(
    rf"(?:(?:jp ?)?¥|jpy|yen)? ?(?P<amount>.*?)(?:(?<=[\d万億千百十]) ?|(?<=[a-z]) )?(?:{_YEN})?"
)
_COUNTERS = alternatives(
    "人|名|人家族|人家庭|people|persons?|individuals|family members|members|个人|個人|个|個|口人|"
    "位|명|사람|người|orang|tao|katao|คน|ယောက်|ဦး|जना|personas?|pessoas?|"
    "か月|ヶ月|カ月|ケ月|ヵ月|箇月|个月|個月|개월|달|months?|tháng|bulan|buwan|เดือน|လ|महिना|"
    "mes|meses|mês"
)
_COUNT = re.compile(rf"(?P<count>.*?) ?(?:{_COUNTERS})?")
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNTED = {word: str(number) for number, word in enumerate(_WORDS, 1)} | {
    "ひとり": "1",
    "ふたり": "2",
    "hitori": "1",
    "futari": "2",
}


def whole_number(text: str) -> int | None:
    """How many: 3, ３人, 3 people, 三十五; None for fractions and what is below zero."""
    form = answer_form(text)
    found = _COUNT.fullmatch(form) if form else None
    return _number(_COUNTED.get(found["count"], found["count"])) if found else None


def yen(text: str) -> int | None:
    """An amount in whole yen: 300,000, 300.000, ¥300000, 30万円, 3万5千, 1.2億, 300k, 30 man."""
    form = answer_form(text)
    found = _CURRENCY.fullmatch(form) if form else None
    if found is None:
        return None
    amount = _MAN.sub(lambda unit: "万" if unit[1] == "man" else "億", found["amount"])
    english = _ENGLISH.fullmatch(amount)
    if english:
        factor = 1000 if english[2] in ("k", "thousand") else 10**6
        return _whole(_factor(english[1]), factor)
    return _number(amount)


def western_digits(form: str) -> str:
    """三月二十一日 -> 3月21日, for dates: kanji digits and tens, wherever they stand."""
    return _TENS.sub(
        lambda found: str(int(found[1] or 1) * 10 + int(found[2] or 0)), form.translate(_KANJI)
    )


def _number(amount: str) -> int | None:
    """A whole number below 10^12, in digits or with 億, 万, 千, 百, 十."""
    amount = amount.strip().translate(_KANJI)
    if _GROUPED.fullmatch(amount) or _INDIAN.fullmatch(amount):
        amount = re.sub(r"([.,])0{1,2}$", "", amount)
        return _whole(Decimal(re.sub(r"\D", "", amount)), 1)
    if _PLAIN.fullmatch(amount):
        return _whole(Decimal(amount), 1)
    found = _LARGE.fullmatch(re.sub(r"(?<=[億万千百十]) | (?=[億万千百十])", "", amount))
    if found is None or not re.search("[億万千百十]", amount):
        return None
    total, last = 0, 0
    for name, unit in (("oku", 10**8), ("man", 10**4), ("rest", 1)):
        part = found[name]
        if not part:
            continue
        value = _section(part, unit, last)
        if value is None:
            return None
        total, last = total + value, unit
    return total if total < _MOST else None


def _section(part: str, unit: int, before: int) -> int | None:
    """The value of what stands before 億 or 万, or behind them: 3千500, 百2十, 1.5.

    A short rest as in 3万5 is 35,000 in Chinese and 30,005 in Japanese: nobody can tell.
    """
    found = _SECTION.fullmatch(part)
    if found is None:
        return None
    value, last = 0, before if unit == 1 else 0
    for name, size in (("thousands", 1000), ("hundreds", 100), ("tens", 10)):
        if found[name] is not None:
            count = _whole(_factor(found[name] or "1"), size * unit)
            if count is None:
                return None
            value, last = value + count, size
    ones = found["ones"]
    if not ones:
        return value
    if last and not _is_complete(ones, last):
        return None
    rest = _whole(_factor(ones), unit)
    return None if rest is None else value + rest


def _is_complete(ones: str, unit: int) -> bool:
    """Whether digits behind a unit fill the places below it: 5 behind 十, 500 behind 千."""
    digits = ones.replace(",", "")
    places = len(str(unit)) - 1
    if not digits.isdigit() or len(digits) > places:
        return False
    wanted = 3 if unit == 10**4 else places
    return len(digits) >= wanted or digits[0] == "0"


def _factor(digits: str) -> Decimal | None:
    found = _WITH_UNIT.fullmatch(digits)
    if found is None:
        return None
    if found[1]:
        return Decimal(found[1].replace(",", ""))
    return Decimal(digits.replace(",", "."))


def _whole(factor: Decimal | None, unit: int) -> int | None:
    """The product if it is whole; half a yen is not an answer."""
    if factor is None or factor >= _MOST:
        return None
    value = factor * unit
    return int(value) if value == int(value) and value < _MOST else None
