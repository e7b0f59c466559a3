"""The section `staff` of the configuration, and the mistakes that an operator makes in it."""

from dataclasses import fields
from datetime import date, time
from pathlib import Path

import pytest

from bot.config import BadConfig, read_config
from bot.loading.staff import StaffSettings


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text("staff:\n" + text, "utf-8")
    return path


def test_a_chat_id_is_enough(tmp_path: Path) -> None:
    staff = read_config(written(tmp_path, "  chat_id: -1001\n")).staff
    assert staff is not None
    assert [desk.chat for desk in staff.desks] == [-1001]
    assert (staff.language, staff.claim_first, staff.remind_minutes) == ("ja", False, 60)
    assert staff.hours.week[0] == ((time(9), time(17)),)
    assert staff.hours.week[6] == ()


def test_everything_is_read(tmp_path: Path) -> None:
    text = """\
  chat_id: -1001
  desks:
    - {chat_id: -1002, places: [tokyo_hino], subjects: [pension]}
  hours:
    monday: 9:00-12:00, 13:00-17:30
    tuesday: closed
    saturday: 0:00-24:00
  closed_days: [2026-12-28]
  language: en
  claim_first: true
  remind_minutes: 30
  digest: "8:45"
  administrators: [42]
"""
    staff = read_config(written(tmp_path, text)).staff
    assert staff is not None
    assert [desk.chat for desk in staff.desks] == [-1002, -1001]
    assert staff.desks[0].serves("tokyo_hino", "pension")
    assert not staff.desks[0].serves("tokyo_hino", "join_leave")
    assert staff.hours.week[0] == ((time(9), time(12)), (time(13), time(17, 30)))
    assert staff.hours.week[1] == ()
    assert staff.hours.week[2] == ((time(9), time(17)),)
    assert staff.hours.closed == {date(2026, 12, 28)}
    assert (staff.digest, staff.administrators) == (time(8, 45), (42,))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  language: ja\n", "config.yaml:1: 'chat_id' is missing. Add chat_id: ..."),
        ("  chat_id: group\n", "config.yaml:2: chat_id:"),
        ("  chat_id: 1001\n", "config.yaml:2: chat_id: 1001 is not a group"),
        ("  chat_id: -1\n  hours:\n    monday: 9-17\n", "config.yaml:4: monday: '9-17' are no"),
        ("  chat_id: -1\n  hours:\n    monday: 17:00-9:00\n", "config.yaml:4: monday:"),
        ("  chat_id: -1\n  hours:\n    montag: closed\n", "config.yaml:4:"),
        ("  chat_id: -1\n  langage: en\n", "'langage' is not known here"),
        ("  chat_id: -1\n  language: fr\n", "config.yaml:3: language: 'fr' is not possible"),
        ("  chat_id: -1\n  closed_days: [tomorrow]\n", "config.yaml:3:"),
        ("  chat_id: -1\n  digest: noon\n", "config.yaml:3: digest: 'noon' is no time of day"),
        ("  chat_id: -1\n  remind_minutes: 0\n", "config.yaml:3: remind_minutes:"),
        ("  chat_id: -1\n  desks: [{chat_id: 5}]\n", "config.yaml:3: chat_id: 5 is not a group"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadConfig) as caught:
        read_config(written(tmp_path, text))
    assert said in str(caught.value)


def test_the_example_shows_every_setting(tmp_path: Path) -> None:
    """With the marks of a comment taken away it is read without a complaint."""
    example = Path(__file__).parents[2] / "config.example.yaml"
    lines = example.read_text("utf-8").splitlines()
    begin = lines.index("# staff:")
    path = tmp_path / "config.yaml"
    path.write_text("\n".join(line.removeprefix("# ") for line in lines[begin:]), "utf-8")
    staff = read_config(path).staff
    assert staff is not None
    for name in (one.name for one in fields(StaffSettings)):
        assert any(line.startswith(f"#   {name}:") for line in lines), name
