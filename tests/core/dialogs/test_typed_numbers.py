"""Counts and amounts as residents type them."""

import time

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from bot.core.dialogs.typed_numbers import whole_number, yen
from bot.core.figures import locale_of

LANGUAGES = [
    "en",
    "ja",
    "zh-Hans",
    "zh-Hant",
    "ko",
    "vi",
    "id",
    "fil",
    "th",
    "my",
    "ne",
    "es",
    "pt-BR",
]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3", 3),
        ("３", 3),
        ("3人", 3),
        ("3人です", 3),
        ("３名。", 3),
        ("3 people", 3),
        ("about 3 people", 3),
        ("1 person", 1),
        ("two", 2),
        ("two people", 2),
        ("ふたり", 2),
        ("二人", 2),
        ("两个人", 2),
        ("兩個人", 2),
        ("三", 3),
        ("十二", 12),
        ("二十", 20),
        ("三十五", 35),
        ("二〇", 20),
        ("百二十", 120),
        ("三百零五", 305),
        ("三百五", None),
        ("3か月", 3),
        ("3ヶ月", 3),
        ("3个月", 3),
        ("3 months", 3),
        ("3명", 3),
        ("약 3명입니다", 3),
        ("3 người", 3),
        ("3 nguoi", 3),
        ("3 tháng ạ", 3),
        ("3 orang", 3),
        ("3 tao po", 3),
        ("๓ คนครับ", 3),
        ("၃ ယောက်", 3),
        ("३ जना", 3),
        ("3 personas", 3),
        ("3 pessoas", 3),
        ("3 meses", 3),
        ("1,000", 1000),
        ("0", 0),
        ("3.5", None),
        ("-3", None),
        ("3-4", None),
        ("3 4", None),
        ("3?", None),
        ("½", None),
        ("people", None),
        ("3 people, can I pay later", None),
        ("090-1234-5678", None),
        ("09012345678", None),
        ("9" * 60, None),
        ("", None),
    ],
)
def test_a_count(typed: str, number: int | None) -> None:
    """Any script's digits, kanji, a few counters; nothing else may stand beside them."""
    assert whole_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("0", 0),
        ("0円", 0),
        ("300000", 300_000),
        ("３００，０００", 300_000),
        ("300,000", 300_000),
        ("300.000", 300_000),
        ("300 000", 300_000),
        ("300\u00a0000", 300_000),
        ("300'000", 300_000),
        ("1.300.000", 1_300_000),
        ("13,00,000", 1_300_000),
        ("300,000.00", 300_000),
        ("¥300,000", 300_000),
        ("￥300,000-", None),
        ("300,000 yen", 300_000),
        ("JPY 300000", 300_000),
        ("About 300,000 yen.", 300_000),
        ("300000円", 300_000),
        ("約30万円くらいです。", 300_000),
        ("30万", 300_000),
        ("30 万 円", 300_000),
        ("1.5万", 15_000),
        ("1,5万", 15_000),
        ("1.2億", 120_000_000),
        ("1,200万円", 12_000_000),
        ("1億2,000万", 120_000_000),
        ("3万5千", 35_000),
        ("3万5000円", 35_000),
        ("3万500円", 30_500),
        ("三十万", 300_000),
        ("三万五千", 35_000),
        ("二百五十万円", 2_500_000),
        ("百万円", 1_000_000),
        ("千円", 1_000),
        ("350千円", 350_000),
        ("30万日元", 300_000),
        ("大概30萬日圓", 300_000),
        ("30만엔", 300_000),
        ("3천 엔", 3_000),
        ("30만 5천엔", 305_000),
        ("300.000 yên", 300_000),
        ("๓๐๐,๐๐๐ เยน", 300_000),
        ("၃၀၀,၀၀၀ ယန်း", 300_000),
        ("३,००,००० येन", 300_000),
        ("300.000 yenes", 300_000),
        ("300.000 ienes", 300_000),
        ("300k", 300_000),
        ("300K yen", 300_000),
        ("5 thousand", 5_000),
        ("0.3m", 300_000),
        ("2 million", 2_000_000),
        ("2.5 million yen", 2_500_000),
        ("30 man", 300_000),
        ("30man yen", 300_000),
        ("30 manen", 300_000),
        ("3万5", None),
        ("三万五", None),
        ("1億5", None),
        ("1.500万", None),
        ("1.23456万", None),
        ("1.00005万", None),
        ("3.5", None),
        ("12.34", None),
        ("1,5", None),
        ("-300", None),
        ("△300", None),
        ("$300", None),
        ("30 lakh", None),
        ("30万40万", None),
        ("30万-40万", None),
        ("万", None),
        ("円", None),
        ("¥", None),
        ("1万億", None),
        ("30 yen a month", None),
        ("300,00", None),
        ("09012345678", None),
        ("1234567890123", None),
        ("99999999億", None),
        ("my rent is 30000, can I pay later?", None),
        ("30000?", None),
    ],
)
def test_an_amount(typed: str, amount: int | None) -> None:
    """Every habit of grouping, and of counting in ten thousands; what may mean two is none."""
    assert yen(typed) == amount


@given(st.integers(0, 10**12 - 1), st.sampled_from(LANGUAGES))
def test_what_a_language_writes_is_read_back(amount: int, language: str) -> None:
    written = format_decimal(amount, locale=locale_of(language))
    assert yen(written) == amount
    assert yen(f"{written}円") == amount


@given(st.integers(1, 9_999), st.integers(0, 9_999))
def test_ten_thousands_are_read_back(man: int, rest: int) -> None:
    assert yen(f"{man}万{rest:04}円") == man * 10_000 + rest
    assert yen(f"{man / 10:.1f}万") == man * 1_000


ALPHABET = "0123456789.,' 億万千百十一二三kmKM円yen人man¥-"


@given(st.one_of(st.text(st.characters(codec=None)), st.text(ALPHABET)))
def test_any_text_may_be_typed(text: str) -> None:
    for number in (whole_number(text), yen(text)):
        assert number is None or 0 <= number < 10**12


@pytest.mark.parametrize(
    "text", ["1," * 32, "万" * 64, "1" * 64, "1万" * 2048, "千百" * 32, " 1" * 32]
)
def test_strange_texts_are_read_quickly(text: str) -> None:
    started = time.perf_counter()
    whole_number(text)
    yen(text)
    assert time.perf_counter() - started < 0.05
