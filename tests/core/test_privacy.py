"""Identity numbers are masked in any disguise, and ordinary numbers are left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.privacy import MASK, is_my_number, mask, mend

MADE_UP = (
    "123456789018 987654321093 000000000019 111111111118 824591510226 552295655910 361715213357",
    "058603392246 995566976481 039378767710 795161754121 000000000060 000000000140 000000000230",
)
MY_NUMBERS = [number for line in MADE_UP for number in line.split()]
"""With valid check digits."""

HIDDEN = [
    *MY_NUMBERS,
    "1234 5678 9018",
    "1234-5678-9018",
    "1234・5678・9018",
    "1234\u200b5678\u200b9018",
    "1234\n5678\n9018",
    "１２３４５６７８９０１８",
    "١٢٣٤٥٦٧٨٩٠١٨",
    "my number is 123456789018.",
    "マイナンバーは123456789012です",
    "个人编号 123456789019",
    "AB12345678CD",
    "ab 1234 5678 cd",
    "ＡＢ１２３４５６７８ＣＤ",
    "4111 1111 1111 1111",
    "5555-5555-5555-4444",
    "378282246310005",
    "passport no TK1234567",
    "パスポート番号はＥＡ１２３４５６７です",
    "护照号码 E12345678",
    "hộ chiếu số B1234567",
    "my account number is 1234567",
    "口座番号 12345678 普通",
    "银行账号1234567",
    "基礎年金番号 1234-567890",
    "No.123456789018",
    "name,123456789018",
    "番号是，123456789018",
    "123456789018,987654321093",
    "my-number 123456789012",
    "マイナンバー 1234/5678/9012",
    "1234  5678 - 9018",
    "1234\u20605678\u00ad9018",
    "1234_5678_9018.pdf",
    "it is AB20260401CD",
]
HIDDEN_BESIDE_OTHERS = {
    "4111 1111 1111 1111 12/26": "12/26",
    "4111 1111 1111 1111 123": "123",
    "378282246310005 123": "123",
    "123456789018\n30": "30",
    "1234-5678-9018\n1990/1/1": "1990/1/1",
    "マイナンバー 123456789012 30歳": "30歳",
    "2026 123456789018": "2026",
    "3 123456789018": "3",
    "私のマイナンバーは123456789018\n090-1234-5678": "090-1234-5678",
    "123456789018,1990": "1990",
}
"""A text, and the other number in it, which stays."""

SHOWN = [
    "it is 20260401 to 20260430",
    "on 20260401 is my birthday",
    "090-1234-5678 090-8765-4321",
    "+81 90 1234 5678",
    "2026 11 21 1530",
    "123456789012",
    "123456789019",
    "202611211530",
    "+819012345678",
    "090-1234-5678",
    "7000012050002",
    "4901234567894",
    "123,456,789,012 yen",
    "2026/11/21 15:30",
    "2026-11-21",
    "042-514-8279",
    "my premium is 185780 yen, 276437 last year",
    "https://example.org/page/123456789012/x",
    "R8.4.1 令和8年4月1日",
    "TK1234567 is my order",
    "1234567 yen by account transfer",
    "口座振替 1234567円",
    "I opened my account on 20240401",
    "my passport expires 2027-03-01",
    "1234-567890",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_identity_numbers_are_hidden(text: str) -> None:
    masked = mask(text)
    assert masked.kinds
    assert MASK in masked.text
    assert not any(one.isdigit() for one in masked.text), masked.text


@pytest.mark.parametrize(("text", "rest"), HIDDEN_BESIDE_OTHERS.items())
def test_numbers_are_hidden_beside_others(text: str, rest: str) -> None:
    masked = mask(text)
    assert len(masked.kinds) == 1
    digits = [one for one in masked.text if one.isdigit()]
    assert digits == [one for one in rest if one.isdigit()], masked.text


@pytest.mark.parametrize("text", SHOWN)
def test_ordinary_numbers_are_shown(text: str) -> None:
    """A check digit alone says little: one in ten numbers passes; moments and phones are spared."""
    assert mask(text).text == text


def test_the_message_around_a_number_stays() -> None:
    assert mask("my number 123456789018, what now?").text == "my number ████████████, what now?"


@given(st.text())
def test_a_mask_keeps_the_length_and_comes_back_the_same(text: str) -> None:
    once = mask(text)
    assert len(once.text.encode("utf-16-le", "surrogatepass")) == len(
        text.encode("utf-16-le", "surrogatepass")
    )
    assert mask(once.text).text == once.text


@pytest.mark.parametrize("hostile", ["1 " * 2048, "a1" * 2048, "4" * 4096, "ab12345678" * 400])
def test_hostile_text_costs_little(hostile: str) -> None:
    before = time.process_time()
    mask(hostile)
    assert time.process_time() - before < 0.05


def test_a_wrong_check_digit_is_no_my_number() -> None:
    for number in MY_NUMBERS:
        assert is_my_number(number)
        other = str((int(number[-1]) + 1) % 10)
        assert not is_my_number(number[:-1] + other)


@given(st.text(st.characters()))
def test_mended_text_can_be_stored_anywhere(text: str) -> None:
    mended = mend(text)
    mended.encode("utf-8")
    assert "\x00" not in mended


def test_what_is_broken_is_mended() -> None:
    assert mend("a\x00b\ud83dc\n\td") == "ab\ufffdc\n\td"
