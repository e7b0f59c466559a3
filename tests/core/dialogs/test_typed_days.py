"""Dates, months and ages as residents type them."""

import time
from datetime import date, timedelta
from typing import Literal

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from bot.core.dialogs.typed_days import AmbiguousDay, Lean, age_or_birth, day, month
from bot.core.figures import locale_of

TODAY = date(2026, 5, 20)
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
FIRST = date(2026, 4, 1)
DAYS = st.dates(date(1930, 1, 1), date(2040, 12, 31))


def either(*days: tuple[int, int, int]) -> AmbiguousDay:
    return AmbiguousDay(tuple(date(*each) for each in days))


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("en", "2026-04-01"),
        ("en", "2026/4/1"),
        ("en", "2026.4.1"),
        ("en", "２０２６／４／１"),
        ("en", "20260401"),
        ("en", "1 April 2026"),
        ("en", "April 1 2026"),
        ("en", "April 1, 2026"),
        ("en", "1st of April"),
        ("en", "the first of April"),
        ("en", "on 1 April"),
        ("en", "1 Apr"),
        ("en", "Apr. 1"),
        ("en", "1apr2026"),
        ("en", "1 Apr 26"),
        ("en", "Wednesday, 1 April 2026"),
        ("ja", "2026年4月1日"),
        ("ja", "2026年4月1日(水)です"),
        ("ja", "４月１日"),
        ("ja", "26年4月1日"),
        ("ja", "四月一日"),
        ("ja", "二〇二六年四月一日"),
        ("ja", "令和8年4月1日"),
        ("ja", "令和八年四月一日"),
        ("ja", "㋿8年4月1日"),
        ("ja", "R8.4.1"),
        ("ja", "r8/4/1"),
        ("en", "Reiwa 8 April 1"),
        ("zh-Hans", "2026年4月1号"),
        ("zh-Hans", "四月一号"),
        ("zh-Hans", "2026年4月1日星期三"),
        ("zh-Hant", "4月1號"),
        ("ko", "2026년 4월 1일"),
        ("ko", "4월 1일입니다"),
        ("vi", "ngày 1 tháng 4 năm 2026"),
        ("vi", "1 tháng 4"),
        ("vi", "ngay 1 thang 4"),
        ("vi", "ngày mùng 1 tháng 4"),
        ("id", "1 April 2026"),
        ("id", "tgl 1 Apr 2026"),
        ("id", "tanggal 1 bulan 4 tahun 2026"),
        ("fil", "Abril 1, 2026"),
        ("fil", "ika-1 ng Abril 2026"),
        ("th", "1 เมษายน 2569"),
        ("th", "๑ เมษายน ๒๕๖๙"),
        ("th", "วันที่ 1 เมษายน พ.ศ. 2569"),
        ("th", "1 เม.ย. 69"),
        ("th", "1 เมย 2026"),
        ("th", "วันที่ 1 เดือน 4 ปี 2569"),
        ("my", "၂၀၂၆ ခုနှစ် ဧပြီလ ၁ ရက်"),
        ("my", "၁ ဧပြီ ၂၀၂၆"),
        ("ne", "२०२६ अप्रिल १"),
        ("ne", "अप्रिल १, २०२६"),
        ("ne", "२०२६-०४-०१"),
        ("es", "1 de abril de 2026"),
        ("es", "el 1 de abril del 2026"),
        ("es", "primero de abril"),
        ("pt-BR", "1º de abril de 2026"),
        ("pt-BR", "dia 1 de abril"),
    ],
)
def test_the_first_of_april_in_many_hands(language: str, typed: str) -> None:
    assert day(typed, TODAY, language, "near") == FIRST


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("H31.4.30", date(2019, 4, 30)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("昭和64.1.7", date(1989, 1, 7)),
        ("S60.5.3", date(1985, 5, 3)),
        ("大正15年1月2日", date(1926, 1, 2)),
        ("T15.1.2", date(1926, 1, 2)),
        ("平成31年", None),
        ("3/4", either((2026, 3, 4), (2026, 4, 3))),
        ("03/04/2026", either((2026, 3, 4), (2026, 4, 3))),
        ("3-4-2026", either((2026, 3, 4), (2026, 4, 3))),
        ("01/04/26", either((2026, 1, 4), (2026, 4, 1))),
        ("26.4.3", date(2026, 4, 3)),
        ("4/4", date(2026, 4, 4)),
        ("13/4", date(2026, 4, 13)),
        ("4/13/2026", date(2026, 4, 13)),
        ("29/2/2025", None),
        ("2025-02-29", None),
        ("31/4", None),
        ("31 April", None),
        ("29 Feb", date(2028, 2, 29)),
        ("2026-13-01", None),
        ("2083-01-15", None),
        ("1026-01-15", None),
        ("April 2026", None),
        ("2026", None),
        ("5", None),
        ("1 2", None),
        ("May", None),
        ("1 foo 2026", None),
        ("1 April 2 May", None),
        ("090-1234-5678", None),
        ("12:30", None),
        ("1 April?", None),
        ("on 1 April I moved, what now", None),
        ("3か月", None),
        ("4月1日から", None),
    ],
)
def test_a_day(typed: str, said: date | AmbiguousDay | None) -> None:
    """Two possible orders are asked back; a day that does not exist is none."""
    assert day(typed, TODAY, "en", "near") == said


@pytest.mark.parametrize(
    ("typed", "lean", "said"),
    [
        ("1 April", "past", date(2026, 4, 1)),
        ("1 April", "future", date(2027, 4, 1)),
        ("1 April", "near", date(2026, 4, 1)),
        ("1 December", "past", date(2025, 12, 1)),
        ("1 December", "future", date(2026, 12, 1)),
        ("1 December", "near", date(2025, 12, 1)),
        ("20 May", "past", TODAY),
        ("20 May", "future", TODAY),
        ("29 Feb", "past", date(2024, 2, 29)),
        ("29 Feb", "future", date(2028, 2, 29)),
        ("1 Dec 2030", "past", date(2030, 12, 1)),
        ("3/12", "past", either((2025, 12, 3), (2026, 3, 12))),
        ("01/04/26", "past", either((2001, 4, 26), (2026, 1, 4), (2026, 4, 1))),
        ("13/04/90", "past", date(1990, 4, 13)),
    ],
)
def test_the_year_that_is_meant(typed: str, lean: Lean, said: date | AmbiguousDay) -> None:
    """Without a year the question decides; a written year is taken as it is."""
    assert day(typed, TODAY, "en", lean) == said


WORDS = {
    "en": ("Yesterday", "today", "tomorrow."),
    "ja": ("昨日", "今日です", "明日"),
    "zh-Hans": ("昨天", "今天", "明天"),
    "zh-Hant": ("昨天", "今天", "明天"),
    "ko": ("어제", "오늘", "내일"),
    "vi": ("hôm qua", "hom nay", "ngày mai"),
    "id": ("kemarin", "hari ini", "besok"),
    "fil": ("kahapon", "ngayon", "bukas po"),
    "th": ("เมื่อวาน", "วันนี้ครับ", "พรุ่งนี้"),
    "my": ("မနေ့က", "ဒီနေ့", "မနက်ဖြန်"),
    "ne": ("हिजो", "आज", "भोलि"),
    "es": ("ayer", "hoy", "mañana"),
    "pt-BR": ("ontem", "hoje", "amanhã"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_yesterday_today_and_tomorrow(language: str) -> None:
    for offset, typed in zip((-1, 0, 1), WORDS[language], strict=True):
        assert day(typed, TODAY, language, "past") == TODAY + timedelta(days=offset)


@pytest.mark.parametrize(
    "typed", ["the day before yesterday", "一昨日", "おととい", "ototoi", "前天"]
)
def test_the_day_before_yesterday(typed: str) -> None:
    assert day(typed, TODAY, "en", "past") == date(2026, 5, 18)


@given(DAYS, st.sampled_from(LANGUAGES), st.sampled_from(["past", "future", "near"]))
def test_iso_dates_are_read_back(
    said: date, language: str, lean: Literal["past", "future", "near"]
) -> None:
    assert day(said.isoformat(), TODAY, language, lean) == said


@given(DAYS, st.sampled_from(LANGUAGES), st.sampled_from(["full", "long", "medium"]))
def test_what_a_language_writes_is_read_back(
    said: date, language: str, width: Literal["full", "long", "medium"]
) -> None:
    """Or asked back, where a form gives only numbers."""
    read = day(format_date(said, width, locale=locale_of(language)), TODAY, language, "near")
    assert read == said or (isinstance(read, AmbiguousDay) and said in read.days)


@given(DAYS, st.sampled_from(LANGUAGES))
def test_a_short_form_may_lose_only_the_century(said: date, language: str) -> None:
    read = day(format_date(said, "short", locale=locale_of(language)), TODAY, language, "past")
    days = read.days if isinstance(read, AmbiguousDay) else (read,)
    assert any(found and found.year % 100 == said.year % 100 for found in days)


@pytest.mark.parametrize(
    ("language", "typed", "first"),
    [
        ("en", "2026-08", date(2026, 8, 1)),
        ("en", "2026/8", date(2026, 8, 1)),
        ("en", "08/2026", date(2026, 8, 1)),
        ("en", "Aug 2026", date(2026, 8, 1)),
        ("en", "in August", date(2026, 8, 1)),
        ("en", "1 August 2026", date(2026, 8, 1)),
        ("en", "8", date(2026, 8, 1)),
        ("en", "Aug 26", date(2026, 8, 1)),
        ("en", "Aug 25", None),
        ("en", "8/4", None),
        ("en", "13/2026", None),
        ("en", "2026", None),
        ("en", "13", None),
        ("en", "3 months", None),
        ("en", "this month", date(2026, 5, 1)),
        ("en", "last month", date(2026, 4, 1)),
        ("en", "next month", date(2026, 6, 1)),
        ("ja", "8月", date(2026, 8, 1)),
        ("ja", "２０２６年８月", date(2026, 8, 1)),
        ("ja", "令和8年8月", date(2026, 8, 1)),
        ("ja", "R8.8", date(2026, 8, 1)),
        ("ja", "十二月", date(2025, 12, 1)),
        ("ja", "3か月", None),
        ("ja", "先月", date(2026, 4, 1)),
        ("zh-Hans", "八月份", date(2026, 8, 1)),
        ("zh-Hans", "上个月", date(2026, 4, 1)),
        ("ko", "2026년 8월", date(2026, 8, 1)),
        ("ko", "지난 달", date(2026, 4, 1)),
        ("vi", "tháng 8 năm 2026", date(2026, 8, 1)),
        ("vi", "tháng trước", date(2026, 4, 1)),
        ("id", "Agustus 2026", date(2026, 8, 1)),
        ("id", "bulan lalu", date(2026, 4, 1)),
        ("fil", "Agosto 2026", date(2026, 8, 1)),
        ("th", "สิงหาคม 2569", date(2026, 8, 1)),
        ("th", "เดือนที่แล้ว", date(2026, 4, 1)),
        ("my", "ဩဂုတ်လ", date(2026, 8, 1)),
        ("ne", "अगस्ट २०२६", date(2026, 8, 1)),
        ("es", "agosto de 2026", date(2026, 8, 1)),
        ("es", "mes pasado", date(2026, 4, 1)),
        ("pt-BR", "ago. 2026", date(2026, 8, 1)),
        ("pt-BR", "mês passado", date(2026, 4, 1)),
    ],
)
def test_a_month(language: str, typed: str, first: date | None) -> None:
    assert month(typed, TODAY, language, "near") == first


@pytest.mark.parametrize(
    ("typed", "lean", "first"),
    [
        ("May", "past", date(2026, 5, 1)),
        ("May", "future", date(2026, 5, 1)),
        ("June", "past", date(2025, 6, 1)),
        ("April", "future", date(2027, 4, 1)),
    ],
)
def test_the_current_month_is_past_and_future(typed: str, lean: Lean, first: date) -> None:
    assert month(typed, TODAY, "en", lean) == first


def test_last_month_in_january_was_in_another_year() -> None:
    assert month("last month", date(2026, 1, 31), "en", "past") == date(2025, 12, 1)


@given(DAYS, st.sampled_from(LANGUAGES))
def test_months_are_read_back(said: date, language: str) -> None:
    first = said.replace(day=1)
    assert month(f"{said:%Y-%m}", TODAY, language, "near") == first
    assert month(f"{said:%m/%Y}", TODAY, language, "near") == first


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("34", 34),
        ("３４", 34),
        ("0", 0),
        ("120", 120),
        ("121", None),
        ("1990", None),
        ("I'm 34", 34),
        ("I am 34 years old", 34),
        ("34 y/o", 34),
        ("34歳です", 34),
        ("満34歳", 34),
        ("三十四歳", 34),
        ("34岁", 34),
        ("34歲", 34),
        ("34살", 34),
        ("만 34세입니다", 34),
        ("34 tuổi", 34),
        ("34 tahun", 34),
        ("34 taong gulang po", 34),
        ("อายุ ๓๔ ปีครับ", 34),
        ("အသက် ၃၄ နှစ်", 34),
        ("३४ वर्ष", 34),
        ("tengo 34 años", 34),
        ("34 anos", 34),
        ("3 months", None),
        ("3 people", None),
        ("34.5", None),
        ("-3", None),
        ("34, and my wife?", None),
        ("1990-05-03", date(1990, 5, 3)),
        ("19900503", date(1990, 5, 3)),
        ("昭和60年5月3日", date(1985, 5, 3)),
        ("3 May 1990", date(1990, 5, 3)),
        ("13/12/90", date(1990, 12, 13)),
        ("03/04/1990", either((1990, 3, 4), (1990, 4, 3))),
        ("03/12/2026", date(2026, 3, 12)),
        ("2027-01-01", None),
        ("3 May", None),
        ("3/4", None),
        ("May 1990", None),
        ("yesterday", date(2026, 5, 19)),
        ("tomorrow", None),
    ],
)
def test_an_age_or_a_date_of_birth(typed: str, said: int | date | AmbiguousDay | None) -> None:
    """A birth needs its year and is never in the future; a year alone is neither."""
    assert age_or_birth(typed, TODAY, "en") == said


PARTS = "0123456789./- 年月日令和平成rhs元一二十 april mayngaytháng๑၁१"


@given(
    st.one_of(st.text(st.characters(codec=None)), st.text(PARTS)),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["past", "future", "near"]),
)
def test_any_text_may_be_typed(
    text: str, language: str, lean: Literal["past", "future", "near"]
) -> None:
    said = day(text, TODAY, language, lean)
    assert not isinstance(said, AmbiguousDay) or 2 <= len(said.days) <= 6
    first = month(text, TODAY, language, lean)
    assert first is None or first.day == 1
    born = age_or_birth(text, TODAY, language)
    assert not isinstance(born, date) or born <= TODAY


@pytest.mark.parametrize(
    "text", ["1/" * 32, "1 " * 2000, "令和" * 32, "十" * 64, "1月" * 32, "a." * 32]
)
def test_strange_texts_are_read_quickly(text: str) -> None:
    day("1 May", TODAY, "th", "past")  # reads the locale, once
    started = time.perf_counter()
    day(text, TODAY, "th", "past")
    month(text, TODAY, "th", "past")
    age_or_birth(text, TODAY, "th")
    assert time.perf_counter() - started < 0.05
