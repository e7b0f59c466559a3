"""Dates, months and ages as residents type them, in any of the languages and scripts.

A text is rewritten into marks, each a number with its role where a word told it: y2026, m4, d1.
What is then left besides marks and separators makes it no date. Numbers without a role are tried
in the usual orders; if several give a day, the resident is asked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from bot.core.dialogs.typed import alternatives, answer_form, levelled
from bot.core.dialogs.typed_numbers import western_digits
from bot.core.figures import locale_of
from bot.core.matching.normal import is_unspaced

Lean = Literal["past", "future", "near"]
"""Which of several years is meant when none is written."""

_OLDEST = 120
_YEARS_BACK, _YEARS_AHEAD = 130, 20
"""Further away it is a slip, or a Nepali year (2083 for 2026)."""

_DAYS = {
    0: "today|今日|きょう|本日|kyou|kyo|今天|jintian|오늘|hôm nay|bữa nay|hari ini|ngayon|"
    "ngayong araw|วันนี้|ဒီနေ့|ယနေ့|ဒီကနေ့|आज|aaja|hoy|hoje",
    -1: "yesterday|昨日|きのう|kinou|kino|昨天|zuotian|어제|hôm qua|kemarin|kahapon|เมื่อวาน|เมื่อวานนี้|"
    "မနေ့က|မနေ့|हिजो|ayer|ontem",
    1: "tomorrow|明日|あした|あす|ashita|明天|mingtian|내일|ngày mai|besok|bukas|พรุ่งนี้|မနက်ဖြန်|မနက်ဖန်|"
    "भोलि|bholi|mañana|amanhã",
    -2: "the day before yesterday|day before yesterday|一昨日|おととい|ototoi|前天|그저께|그제|"
    "hôm kia|anteayer|anteontem|antes de ayer|เมื่อวานซืน|अस्ति",
    2: "the day after tomorrow|day after tomorrow|明後日|あさって|asatte|后天|後天|모레|ngày kia|"
    "lusa|pasado mañana|depois de amanhã|มะรืน|มะรืนนี้|पर्सि",
}
_MONTHS = {
    0: "this month|今月|こんげつ|kongetsu|这个月|這個月|这月|本月|이번 달|이달|tháng này|bulan ini|"
    "ngayong buwan|เดือนนี้|ဒီလ|यो महिना|este mes|este mês",
    -1: "last month|先月|せんげつ|sengetsu|上个月|上個月|上月|지난달|저번 달|tháng trước|"
    "bulan lalu|noong nakaraang buwan|nakaraang buwan|เดือนที่แล้ว|ပြီးခဲ့တဲ့လ|गत महिना|"
    "el mes pasado|mes pasado|mês passado|o mês passado",
    1: "next month|来月|らいげつ|raigetsu|下个月|下個月|下月|다음 달|tháng sau|tháng tới|"
    "bulan depan|sa susunod na buwan|susunod na buwan|เดือนหน้า|နောက်လ|अर्को महिना|"
    "el próximo mes|próximo mes|el mes que viene|próximo mês|mês que vem",
}

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERA_NAMES = {"meiji": "明治", "taisho": "大正", "showa": "昭和", "heisei": "平成", "reiwa": "令和"}
_ERA_LETTERS = {"m": "明治", "t": "大正", "s": "昭和", "h": "平成", "r": "令和"}
_ERA = re.compile(
    rf"(?P<name>{'|'.join((*_ERAS, *_ERA_NAMES))}|^[mtshr](?=[\d ])) ?\.?"
    r"(?P<year>\d{1,3}|元)(?!\d) ?年?"
)

_WORD_MONTHS = {"sep": 9, "sept": 9, "agt": 8, "agst": 8, "nop": 11, "setiembre": 9}
"""What people write and CLDR leaves out; none is another month in any of our languages."""

_MARKING = (
    (re.compile(r"(\d{1,2}) ?(?:月份?|월|လပိုင်း)"), r" m\1 "),
    (re.compile(r"(?<![^\W\d])(?:thang|thg|bulan|เดือน)\.? ?(\d{1,2})(?!\d)"), r" m\1 "),
    (re.compile(r"(\d{2,4}) ?(?:年|년|ခုနှစ်|ခု)"), r" y\1 "),
    (
        re.compile(r"(?<![^\W\d])(?:nam|tahun|thn|ปี|พ\.?ศ\.?|ค\.?ศ\.?|सन) ?(\d{2,4})(?!\d)"),
        r" y\1 ",
    ),
    (re.compile(r"(\d{1,2}) ?(?:日|일|号|號|ရက်နေ့|ရက်|st|nd|rd|th|er|o)(?![^\W\d])"), r" d\1 "),
    (re.compile(r"(?<![^\W\d])(?:first|primero|primeiro)(?![^\W\d])"), " d1 "),
)
_CONNECTING = re.compile(
    r"(?<![^\W\d])(?:of|on|in|the|de|del|el|em|en|do|dia|ng|ika|noong|sa|ngay|mung|mong|tanggal|tgl)"
    r"(?![^\W\d])|วันที่|ที่|လ(?= |$)|तारिख"
)
_WEEKDAYS_CJK = re.compile(
    r"[日月火水木金土]曜日?|(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|\([日月火水木金土一二三四五六]\)|.요일"
)
_MARKS = re.compile(r"([ymd]?)(\d+)")
_ONLY_MARKS = re.compile(r"[ ,./\-]*(?:[ymd]?\d+(?:[ ,./\-]+|$))+")
_TWO_NUMBERS = re.compile(r"\d+ ?[/.\-] ?\d+")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_MOST_MARKS = 3

_AGED = alternatives("i am|im|i'm|age|aged|tengo|tenho|umur|usia|อายุ|အသက်|उमेर|満|滿|满|나이|만")
_YEARS = alternatives(
    "years old|year old|years of age|years|year|yrs|yr|yo|y/o|歳|才|さい|sai|岁|歲|周岁|세|살|"
    "tuổi|tahun|thn|taon|taong gulang|taong gulang na|ปี|ขวบ|နှစ်|वर्ष|बर्ष|वर्षको|años|anos"
)
_AGE = re.compile(rf"(?:(?:{_AGED}) ?)?(?P<age>\d+) ?(?:{_YEARS})?")
_Mark = tuple[str, str]
_Reading = tuple[int | None, int, int]


@dataclass(frozen=True, slots=True)
class AmbiguousDay:
    """A text that may be any of these days, in order of time: 3/4 is in March or in April."""

    days: tuple[date, ...]


def day(text: str, today: date, language: str, lean: Lean) -> date | AmbiguousDay | None:
    """The day that is written or named; without a year the one on the side of `lean`."""
    form = answer_form(text)
    if form is None:
        return None
    relative = _relative_days().get(form.replace(" ", ""))
    if relative is not None:
        return today + timedelta(days=relative)
    return _one_or_more(
        found
        for reading in _readings(_marks(form, language), today, language, lean)
        if (found := _date(reading, today, lean))
    )


def month(text: str, today: date, language: str, lean: Lean) -> date | None:
    """The first day of the month that is written or named; a whole date gives its month."""
    form = answer_form(text)
    if form is None:
        return None
    relative = _relative_months().get(form.replace(" ", ""))
    if relative is not None:
        return _month_after(today, relative)
    marks = _marks(form, language)
    found = {
        first
        for reading in _month_readings(marks, today, language, lean)
        if (first := _date((*reading, 1), today.replace(day=1), lean))
    }
    whole = day(text, today, language, lean)
    if whole is not None:
        days = whole.days if isinstance(whole, AmbiguousDay) else (whole,)
        found.update(each.replace(day=1) for each in days)
    return found.pop() if len(found) == 1 else None


def age_or_birth(text: str, today: date, language: str) -> int | date | AmbiguousDay | None:
    """An age in years, or a date of birth with its year; not a year alone."""
    form = answer_form(text)
    if form is None:
        return None
    found = _AGE.fullmatch(form) or _AGE.fullmatch(western_digits(form))
    if found and len(found["age"]) < 8:
        return age if (age := int(found["age"])) <= _OLDEST else None
    relative = _relative_days().get(form.replace(" ", ""))
    if relative is not None:
        return today + timedelta(days=relative) if relative <= 0 else None
    return _one_or_more(
        born
        for reading in _readings(_marks(form, language), today, language, "past")
        if reading[0] is not None and (born := _date(reading, today, "past")) and born <= today
    )


def _one_or_more(days: Iterable[date]) -> date | AmbiguousDay | None:
    found = sorted(set(days))
    if len(found) > 1:
        return AmbiguousDay(tuple(found))
    return found[0] if found else None


def _marks(form: str, language: str) -> list[_Mark]:
    """The numbers of a text with their roles, in order; none if anything else stands in it."""
    plain = _WEEKDAYS_CJK.sub(" ", form)
    plain = _ERA.sub(_era_year, _COMPACT.sub(r"\1/\2/\3", western_digits(plain)))
    weekdays, names = _names(language)
    plain = weekdays.sub(" ", plain)
    pattern, numbers = names
    plain = pattern.sub(lambda found: f" m{numbers[found[0].replace('.', '')]} ", plain)
    for marked, mark in _MARKING:
        plain = marked.sub(mark, plain)
    plain = " ".join(_CONNECTING.sub(" ", plain).split())
    if not _ONLY_MARKS.fullmatch(plain):
        return []
    marks = [(role, number) for role, number in _MARKS.findall(plain)]
    if len(marks) == 2 and not any(role for role, _ in marks) and not _TWO_NUMBERS.fullmatch(plain):
        return []
    return marks if len(marks) <= _MOST_MARKS else []


def _era_year(found: re.Match[str]) -> str:
    name = _ERA_LETTERS.get(found["name"], _ERA_NAMES.get(found["name"], found["name"]))
    year = 1 if found["year"] == "元" else int(found["year"])
    return f" y{_ERAS[name] + year} "


def _readings(marks: list[_Mark], today: date, language: str, lean: Lean) -> list[_Reading]:
    """Every year, month and day that the marks may mean; the far ones only if there is no near."""
    orders: tuple[str, ...] = ("dm", "md") if len(marks) == 2 else ("ymd", "dmy", "mdy")
    if len(marks) == 3 and len(marks[0][1]) == 4:
        orders = ("ymd",)
    elif len(marks) == 3 and any(role == "m" for role, _ in marks) and marks[0][0] != "y":
        orders = ("dmy", "mdy")
    found: list[_Reading] = []
    for order in orders:
        roles = _roles(marks, order)
        if roles is None:
            continue
        month, day = int(roles["m"][1]), int(roles["d"][1])
        years = _years(roles["y"], today, language, lean) if "y" in roles else (None,)
        found.extend((year, month, day) for year in years)
    near = [each for each in found if each[0] is None or abs(each[0] - today.year) <= 5]
    return near if near and lean != "past" else found


def _month_readings(
    marks: list[_Mark], today: date, language: str, lean: Lean
) -> Iterable[tuple[int | None, int]]:
    if len(marks) == 1:
        marks = [("m", marks[0][1])] if marks[0][0] == "" and len(marks[0][1]) < 3 else marks
        return [(None, int(marks[0][1]))] if marks[0][0] == "m" else []
    found: list[tuple[int | None, int]] = []
    for order in ("ym", "my"):
        roles = _roles(marks, order)
        if roles is not None and (len(roles["y"][1]) == 4 or {"y", "m"} & {r for r, _ in marks}):
            years = _years(roles["y"], today, language, lean)
            found.extend((year, int(roles["m"][1])) for year in years)
    return found


def _roles(marks: list[_Mark], order: str) -> dict[str, _Mark] | None:
    """The marks by their roles in an order, if the words and the sizes allow it."""
    if len(marks) != len(order):
        return None
    for (role, number), wanted in zip(marks, order, strict=True):
        if role not in ("", wanted) or len(number) not in ((2, 4) if wanted == "y" else (1, 2)):
            return None
    return dict(zip(order, marks, strict=True))


def _years(mark: _Mark, today: date, language: str, lean: Lean) -> tuple[int, ...]:
    """The years that digits may mean; two of them stand for a century, in Thailand theirs."""
    year = int(mark[1])
    if len(mark[1]) == 4:
        return (year - 543 if 2400 <= year <= 2700 else year,)
    may_be = [1900 + year, 2000 + year]
    if lean == "past":
        may_be = [each for each in may_be if each <= today.year]
    nearest = min(may_be, key=lambda each: abs(each - today.year), default=None)
    buddhist = 2500 + year - 543
    if language == "th" and (lean != "past" or buddhist <= today.year):
        return (buddhist,) if nearest is None else (buddhist, nearest)
    return () if nearest is None else (nearest,)


def _date(reading: _Reading, today: date, lean: Lean) -> date | None:
    """The date if there is such a day; without a year, the one on the side of `lean`."""
    year, month, day = reading
    if year is not None:
        return _existing(year, month, day, today)
    around = range(today.year - 8, today.year + 9)  # two leap years on either side
    days = [each for year in around if (each := _existing(year, month, day, today))]
    if lean == "past":
        return max((each for each in days if each <= today), default=None)
    if lean == "future":
        return min((each for each in days if each >= today), default=None)
    return min(days, key=lambda each: abs(each - today), default=None)


def _existing(year: int, month: int, day: int, today: date) -> date | None:
    if not today.year - _YEARS_BACK <= year <= today.year + _YEARS_AHEAD:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_after(today: date, months: int) -> date:
    years, month = divmod(today.month - 1 + months, 12)
    return date(today.year + years, month + 1, 1)


@lru_cache(maxsize=1)
def _relative_days() -> dict[str, int]:
    return _table(_DAYS)


@lru_cache(maxsize=1)
def _relative_months() -> dict[str, int]:
    return _table(_MONTHS)


def _table(words: dict[int, str]) -> dict[str, int]:
    return {
        levelled(word).replace(" ", ""): offset
        for offset, row in words.items()
        for word in row.split("|")
    }


@lru_cache(maxsize=32)
def _names(language: str) -> tuple[re.Pattern[str], tuple[re.Pattern[str], dict[str, int]]]:
    """The names of weekdays and of months in a language and in English, dots left out."""
    weekdays: set[str] = set()
    months = dict(_WORD_MONTHS)
    for locale in (locale_of(language), locale_of("en")):
        for context in ("format", "stand-alone"):
            weekdays.update(locale.days[context]["wide"].values())
            if locale.language == "en":
                weekdays.update(locale.days[context]["abbreviated"].values())
            for width in ("abbreviated", "wide"):
                for number, name in locale.months[context][width].items():
                    plain = levelled(name).replace(".", "")
                    if not re.search(r"[\d月]", plain):
                        months.setdefault(plain, number)
    plain_weekdays = (levelled(name) for name in weekdays)
    return _longest_first(plain_weekdays), (_longest_first(months), months)


def _longest_first(names: Iterable[str]) -> re.Pattern[str]:
    """Any of the names as a word; 1apr2026 has one, too. Dots may stand behind its letters."""
    spelt: list[str] = []
    for name in sorted(names, key=len, reverse=True):
        letters = r"\.?".join(map(re.escape, name)) + r"\.?"
        spelt.append(letters if is_unspaced(name) else f"(?<![a-z]){letters}(?![^\\W\\d_])")
    return re.compile("|".join(spelt))
