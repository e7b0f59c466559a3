"""Translations: gettext .po files in and out, one a language, by Babel."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as PoMessage
from babel.messages.pofile import PoFileError, read_po, write_po

from bot.core.figures import PLACEHOLDER
from bot.loading.problems import Problem, unreadable
from bot.loading.texts import Text

TEMPLATE = "messages.pot"


def language_files(folder: Path) -> dict[str, Path]:
    """Language tag -> .po file; zh_Hans.po is zh-Hans."""
    files = sorted(path for path in folder.glob("*.po") if not path.name.startswith("."))
    return {path.stem.replace("_", "-"): path for path in files}


def is_language(tag: str) -> bool:
    """Whether a tag like ja or zh-Hans names a language that Babel knows."""
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def read_catalogue(path: Path) -> tuple[dict[tuple[str, str], str], list[Problem]]:
    """(context, English) -> translation, without fuzzy and empty ones, and what is wrong."""
    if not is_language(path.stem.replace("_", "-")):
        what, todo = f"{path.stem} is no language.", "Name the file like ja.po or zh_Hans.po."
        return {}, [Problem(file=path.name, line=1, what=what, todo=todo)]
    try:
        content = path.read_bytes()
        if not content.strip():  # a save that was cut off; all would be English
            raise ValueError("it is empty")
        catalog = read_po(BytesIO(content), abort_invalid=True)
    except OSError as error:
        return {}, [unreadable(path.name, error)]
    except (PoFileError, ValueError, LookupError) as error:
        what, todo = f"The file cannot be read ({error}).", "Open and save it with Poedit."
        return {}, [Problem(file=path.name, line=1, what=what, todo=todo)]
    translations: dict[tuple[str, str], str] = {}
    problems: list[Problem] = []
    for message in _entries(catalog):
        if not message.string or message.fuzzy:
            continue
        english, translated = str(message.id), str(message.string)
        translations[(message.context or "", english)] = translated
        wanted, given = set(PLACEHOLDER.findall(english)), set(PLACEHOLDER.findall(translated))
        if wanted != given:
            named = ", ".join(f"{{{name}}}" for name in sorted(wanted ^ given))
            problems.append(
                Problem(
                    file=path.name,
                    line=message.lineno or 1,
                    what=f"{message.context}: {named} is not in both English and translation.",
                    todo="Write the same {names} as in the English text.",
                )
            )
    return translations, problems


def update_catalogues(folder: Path, texts: Iterable[Text]) -> dict[str, int]:
    """Write messages.pot and bring every .po up to date; the number of untranslated ones each.

    A translation is kept only under exactly the same English; nothing is guessed. Texts that are
    gone stay at the end of the file as obsolete, for translators to look at.
    """
    listed = list(texts)
    template = _catalog(None, listed, {})
    _write(folder / TEMPLATE, template)
    missing: dict[str, int] = {}
    for language, path in language_files(folder).items():
        before = read_po(BytesIO(path.read_bytes()))
        known = {
            (message.context or "", str(message.id)): str(message.string)
            for message in (*before.obsolete.values(), *_entries(before))
            if message.string and not message.fuzzy
        }
        if language == "ja":
            known |= {
                (text.context, text.english): text.japanese for text in listed if text.japanese
            }
        catalog = _catalog(language.replace("-", "_"), listed, known)
        _write(path, catalog)
        missing[language] = sum(not message.string for message in _entries(catalog))
    return missing


def _catalog(
    locale: str | None, texts: Iterable[Text], known: Mapping[tuple[str, str], str]
) -> Catalog:
    catalog = Catalog(locale=locale, project="Madoguchi", charset="utf-8", fuzzy=False)
    wanted = set()
    for text in texts:
        wanted.add((text.context, text.english))
        note = [f"Japanese: {text.japanese}"] if text.japanese else []
        catalog.add(
            text.english,
            known.get((text.context, text.english)) or None,
            context=text.context,
            locations=[(text.file, text.line)],
            auto_comments=note,
        )
    for (context, english), translated in known.items():
        if (context, english) not in wanted:
            message = PoMessage(english, translated, context=context)
            catalog.obsolete[f"{context}\x04{english}"] = message
    return catalog


def _entries(catalog: Catalog) -> Iterable[PoMessage]:
    return [message for message in catalog if message.id]


def _write(path: Path, catalog: Catalog) -> None:
    """Without dates in the header, so that a file changes only when a text does."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=0, omit_header=False, include_lineno=False)
    lines = buffer.getvalue().decode("utf-8").splitlines()
    dated = ('"POT-Creation-Date:', '"PO-Revision-Date:', '"Generated-By:', '"Last-Translator:')
    kept = "\n".join(line for line in lines if not line.startswith(dated)) + "\n"
    if not path.exists() or path.read_text("utf-8") != kept:
        path.write_text(kept, "utf-8")
