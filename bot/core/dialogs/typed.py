"""Which of the options of a question a resident typed; and the form in which typed text is read.

Every reader of this package is strict: a text with anything in it that is not the answer gives
None, because it then goes to the question matcher. Amounts are read by `typed_numbers`, dates
by `typed_days`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from bot.core.matching.normal import LONGEST_PIECE, Phrases, is_unspaced, normalise, runs

LONGEST_ANSWER = 64
"""Characters of an answer; what is longer is a question or a story."""

_ABOUT = """about|around|approximately|approx\\.?|roughly|約|约|およそ|だいたい|大体|大约|大約|大概|
약|대략|khoảng|tầm|chừng|sekitar|kira-kira|kurang lebih|mga|humigit-kumulang|ประมาณ|ราว|लगभग|करिब|
unos|unas|uns|umas|aproximadamente|alrededor de|cerca de|más o menos|mais ou menos|[~≈〜]"""
_OR_SO = "くらい|ぐらい|ほど|程度|頃|ごろ|左右|上下|정도|쯤|လောက်|ခန့်| or so"
_POLITE = """です|でした|だ| desu|입니다|이에요|예요|이요|ครับ|ค่ะ|คะ|ဖြစ်ပါတယ်|ပါ| हो| po| ạ"""

_NEGATIONS = """no|not|none|never|without|dont|doesnt|didnt|isnt|arent|wasnt|havent|hasnt|cant|
ない|なかった|ません|いいえ|不|没|沒|未|無|无|非|안|않|없|아니|못|không|chưa|chẳng|tidak|bukan|belum|nggak|
gak|tak|tanpa|hindi|wala|walang|ไม่|ဘူး|မဟုတ်|မရှိ|छैन|होइन|छैनन्|बिना|नाई|nunca|sin|tampoco|não|
nem|sem"""
_QUESTIONS = """what|whats|which|how|why|when|where|who|can i|could|should|does|do i|do you|will i|
何|なに|なん|とは|って|どう|どこ|いつ|なぜ|だれ|教えて|ですか|ますか|什么|什麼|怎么|怎麼|怎样|吗|嗎|呢|如何|
为什么|為什麼|哪|谁|誰|多少|뭐|무엇|어떻게|왜|언제|어디|인가요|나요|gì|sao|thế nào|là gì|
ở đâu|bao giờ|bao nhiêu|apa|apakah|bagaimana|kenapa|mengapa|kapan|berapa|ano|paano|bakit|
kailan|saan|magkano|ba|อะไร|ไหม|มั้ย|ยังไง|อย่างไร|ทำไม|เมื่อไหร่|လဲ|လား|ဘာ|ဘယ်|के|कसरी|किन|कहिले|कहाँ|कति|
qué|cómo|cuándo|cuánto|cuál|dónde|como|quando|quanto|qual|onde|o que"""
_RESERVATIONS = """know|sure|maybe|depends|but|if|unless|わから|分から|知らな|多分|たぶん|
けど|ですが|でも|不知道|不清楚|不确定|不確定|可能|也许|也許|但|如果|모르|모름|아마|
biết|chắc|nhưng|nếu|tahu|mungkin|tapi|kalau|
alam|ewan|siguro|pero|kung|ไม่รู้|ไม่ทราบ|ไม่แน่ใจ|แต่|ถ้า|မသိ|ဒါပေမယ့်|
थाहा|होला|तर|यदि|no sé|lo sé|quizá|quizás|
tal vez|depende|não sei|talvez"""
"""I don't know is no No, and a yes with a condition no Yes."""


_OPTION = re.compile(
    r"[#(]?(?:no\.?|option|answer|第)? ?(\d{1,2}) ?(?:[.):]|番目?|번|号|號|つ目)?", re.ASCII
)
_SEPARATOR = re.compile(r"[,、，،;；+&＋＆/／・\n]+")
_AND = re.compile(
    r"\s+(?:and|y|e|va|và|dan|at|saka|र|und)\s+|그리고|และ|နှင့်|နဲ့|それと|(?<=\S)[和跟と](?=\S)",
    re.IGNORECASE,
)
_SURE = 85
_CLEARLY = 10
_FEW_WORDS = 8
_Options = list[tuple[str, list[str]]]


def levelled(text: str) -> str:
    """Width, case, accents and digits of any script in one form; punctuation is kept.

    Circled and raised numbers stand apart: ①② is not 12 and 10² is not 102.
    """
    apart = (f" {c} " if unicodedata.category(c) == "No" else c for c in text)
    wide = unicodedata.normalize("NFKC", "".join(apart))[: 4 * LONGEST_PIECE].casefold()
    plain = unicodedata.normalize("NFD", "".join(map(_levelled_character, wide)))
    plain = re.sub("[\u0300-\u036f]", "", plain).replace("đ", "d")
    return " ".join(unicodedata.normalize("NFC", plain).split())


def _levelled_character(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) == "Cf" or 0xFE00 <= code <= 0xFE0F:
        return ""  # joiners, emoji style
    if 0x1F000 <= code <= 0x1FAFF or code == 0x20E3:
        return " "  # emoji, keycaps
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def alternatives(words: str) -> str:
    """The words of a table, levelled, as the inside of a pattern; spaces and lines as written."""
    return "|".join(levelled(word) for word in words.replace("\n", "").split("|"))


def _ending(words: str) -> str:
    """As `alternatives`; a word that begins with a space keeps it."""
    parts = words.split("|")
    return "|".join((" " if part[0] == " " else " ?") + levelled(part) for part in parts)


_BEFORE = re.compile(f"(?:{alternatives(_ABOUT)})(?:(?<![a-z.]) ?| )")
_BEHIND = re.compile(f"(?:{_ending(_OR_SO)})?(?:{_ending(_POLITE)})?$")


def answer_form(text: str) -> str | None:
    """A typed answer, levelled, without "about", polite endings and final full stops."""
    stripped = text.strip()
    if not stripped or len(stripped) > LONGEST_ANSWER:
        return None
    plain = levelled(stripped).rstrip(" .,!。、…")
    if len(plain) > 2 * LONGEST_ANSWER:
        return None
    plain = _BEHIND.sub("", plain, count=1)
    found = _BEFORE.match(plain)
    return plain[found.end() :] if found else plain


def choice(text: str, labels: Mapping[str, tuple[str, ...]]) -> str | None:
    """The option that a text names: by its label, its number, a part of its label, or nearly so.

    `labels` has every option in the order shown: its id, and its names in whatever languages.
    """
    return _chosen(text, labels, _normal_labels(labels))


def choices(text: str, labels: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """The options that a list names, in the order shown; None if any part of it is none."""
    if len(text.strip()) > LONGEST_PIECE or _asks(text):
        return None
    options = _normal_labels(labels)
    found: set[str] = set()
    for part in filter(str.strip, _SEPARATOR.split(text.strip(" .。"))):
        named = _several(part, labels, options)
        if named is None:
            exact = _same(text, labels, options)
            return None if exact is None else (exact,)
        found.update(named)
    return tuple(option for option in labels if option in found) or None


def _several(
    part: str, labels: Mapping[str, tuple[str, ...]], options: _Options
) -> list[str] | None:
    """What stands between two commas: one option, numbers, or options joined by "and"."""
    whole = _same(part, labels, options)
    if whole is not None:
        return [whole]
    pieces = list(filter(str.strip, _AND.split(part)))
    if len(pieces) < 2 and re.fullmatch(r"\d{1,2}(?: \d{1,2})+", levelled(part)):
        pieces = levelled(part).split()
    if 1 < len(pieces) <= 2 * len(labels):
        named = [_chosen(piece, labels, options) for piece in pieces]
        if None not in named:
            return [option for option in named if option is not None]
    single = _chosen(part, labels, options)
    return None if single is None else [single]


def _chosen(text: str, labels: Mapping[str, tuple[str, ...]], options: _Options) -> str | None:
    longest = max((len(name) for _, names in options for name in names), default=0)
    if len(text.strip()) > max(LONGEST_ANSWER, 2 * longest):
        return None
    same = _same(text, labels, options)
    if same is not None or _asks(text):
        return same
    number = _OPTION.fullmatch(levelled(text).rstrip("。!,"))
    if number and not _stands_in_a_label(number[1], options):
        place = int(number[1]) - 1
        return options[place][0] if 0 <= place < len(options) else None
    normal = normalise(text)
    if not 1 <= len(normal) <= 2 * longest:
        return None
    return _partly(normal, options) or _nearly(normal, options)


def _normal_labels(labels: Mapping[str, tuple[str, ...]]) -> _Options:
    return [(option, [*filter(None, map(normalise, names))]) for option, names in labels.items()]


def _asks(text: str) -> bool:
    return text.rstrip(" .!。！\n").endswith(("?", "？", "؟"))


def _same(text: str, labels: Mapping[str, tuple[str, ...]], options: _Options) -> str | None:
    """By the letters as they are, so that đã and đá stay two words; else in normal form.

    Only a label that has a question mark itself is meant by a text that ends in one.
    """
    as_is = text.strip().casefold()
    if as_is:
        exact = [o for o, names in labels.items() if as_is in (n.strip().casefold() for n in names)]
        if len(exact) == 1:
            return exact[0]
    if _asks(text):
        return None
    normal = normalise(text[: 2 * LONGEST_PIECE])
    return _only(option for option, names in options if normal in names)


def _only(options: Iterable[str]) -> str | None:
    found = list(options)
    return found[0] if len(found) == 1 else None


def _stands_in_a_label(number: str, options: _Options) -> bool:
    """Among "0", "1 or 2" and "3 or more", a 1 is no number of an option."""
    return any(
        int(number) in map(int, re.findall(r"[0-9]{1,9}", name))
        for _, names in options
        for name in names
    )


def _partly(normal: str, options: _Options) -> str | None:
    """The only option with a name that contains the text, or is contained in it."""
    return _only(
        option
        for option, names in options
        if any(
            (_within(normal, name) or _begins_or_ends(normal, name)) and _agree(normal, name)
            for name in names
        )
    )


def _begins_or_ends(normal: str, name: str) -> bool:
    """Yes, I do; but a "no" in the midst of a sentence, or before a long one, is no answer."""
    if not _within(name, normal) or len(normal) > 2 * len(name) + _FEW_WORDS:
        return False
    return normal.startswith(name) or normal.endswith(name)


def _within(part: str, whole: str) -> bool:
    """Whole words of spaced scripts, any two characters of the others; a digit may be alone."""
    if len(part) < 2 and not part.isdigit():
        return False
    if is_unspaced(part):
        return part in whole
    return f" {part} " in f" {' '.join(runs(whole))} "


def _nearly(normal: str, options: _Options) -> str | None:
    """The option that is only a slip of the finger away.

    The first letter must be right: employed and unemployed are nearly the same, too.
    """
    best = sorted(
        (
            max(
                (
                    fuzz.ratio(normal, name)
                    for name in names
                    if name[0] == normal[0] and _agree(normal, name)
                ),
                default=0.0,
            ),
            option,
        )
        for option, names in options
    )
    if len(normal) < 4 or not best or best[-1][0] < _SURE:
        return None
    next_best = best[-2][0] if len(best) > 1 else 0.0
    return best[-1][1] if best[-1][0] - next_best >= _CLEARLY else None


_negation = Phrases(_NEGATIONS.replace("\n", "").split("|"))
_other = Phrases(f"{_QUESTIONS}|{_RESERVATIONS}".replace("\n", "").split("|"))


def _agree(normal: str, name: str) -> bool:
    """Both negated or neither; and no question or reservation that is not in the name."""
    added = set(_other.all_in(normal)) - set(_other.all_in(name))
    return not added and bool(_negation.first_in(normal)) == bool(_negation.first_in(name))
