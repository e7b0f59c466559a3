"""Translations in and out of .po files."""

from pathlib import Path

from bot.loading.catalogues import read_catalogue, update_catalogues
from bot.loading.texts import Text


def text(english: str, context: str = "nhi.enrol", japanese: str | None = None) -> Text:
    return Text(context=context, english=english, file="f.yaml", line=1, japanese=japanese)


def begin(folder: Path, language: str) -> None:
    (folder / f"{language}.po").write_text('msgid ""\nmsgstr ""\n', "utf-8")


def translate(folder: Path, language: str, english: str, translated: str) -> None:
    path = folder / f"{language}.po"
    before = f'msgid "{english}"\nmsgstr ""'
    assert before in path.read_text("utf-8")
    after = f'msgid "{english}"\nmsgstr "{translated}"'
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")


def test_a_translation_stays_only_under_the_same_english(tmp_path: Path) -> None:
    """A changed sentence is shown in English until it is translated again; nothing is guessed."""
    begin(tmp_path, "ja")
    update_catalogues(tmp_path, [text("Go there.")])
    translate(tmp_path, "ja", "Go there.", "行ってください。")
    assert read_catalogue(tmp_path / "ja.po")[0] == {("nhi.enrol", "Go there."): "行ってください。"}
    assert update_catalogues(tmp_path, [text("Go there now.")]) == {"ja": 1}
    assert read_catalogue(tmp_path / "ja.po")[0] == {}
    assert "#~ " in (tmp_path / "ja.po").read_text("utf-8")


def test_what_comes_back_finds_its_translation_again(tmp_path: Path) -> None:
    begin(tmp_path, "ja")
    update_catalogues(tmp_path, [text("Go there.")])
    translate(tmp_path, "ja", "Go there.", "行ってください。")
    update_catalogues(tmp_path, [])
    assert update_catalogues(tmp_path, [text("Go there.")]) == {"ja": 0}


def test_names_that_the_files_give_in_japanese_need_no_translator(tmp_path: Path) -> None:
    begin(tmp_path, "ja")
    begin(tmp_path, "zh_Hans")
    names = [text("Hino City", "places.tokyo_hino", "日野市")]
    assert update_catalogues(tmp_path, names) == {"ja": 0, "zh-Hans": 1}


def test_nothing_changes_when_no_text_did(tmp_path: Path) -> None:
    begin(tmp_path, "ja")
    update_catalogues(tmp_path, [text("Go there.")])
    first = (tmp_path / "ja.po").read_bytes()
    update_catalogues(tmp_path, [text("Go there.")])
    assert (tmp_path / "ja.po").read_bytes() == first
    assert b"Date" not in first


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ja.po"
    path.write_bytes(b'msgid "a"\nmsgstr "\xff"\n')
    _, problems = read_catalogue(path)
    assert problems
    assert "Poedit" in problems[0].todo
