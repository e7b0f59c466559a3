"""How fast may be sent, and how much one person may write."""

from bot.service.pace import Intake, Pace, Patience, Rates


def test_a_chat_gets_its_burst_and_then_its_rate() -> None:
    pace = Pace(Rates())
    assert [pace.take(1, 0.0) for _ in range(4)] == [True, True, True, False]
    assert not pace.take(1, 0.9)
    assert pace.take(1, 1.0)


def test_all_chats_together_get_the_whole_rate() -> None:
    pace = Pace(Rates())
    assert sum(pace.take(chat, 0.0) for chat in range(1, 100)) == 25
    assert sum(pace.take(chat, 1.0) for chat in range(100, 200)) == 25


def test_a_group_gets_eighteen_a_minute() -> None:
    pace = Pace(Rates())
    taken = sum(pace.take(-5, second / 10) for second in range(600))
    assert 18 <= taken <= 18 + 3


def test_a_clock_that_goes_back_does_no_harm() -> None:
    pace = Pace(Rates())
    for _ in range(3):
        pace.take(1, 100.0)
    assert not pace.take(1, 50.0)
    assert pace.take(1, 102.0)


def test_chats_of_long_ago_are_forgotten() -> None:
    pace = Pace(Rates(per_second=1e9))
    for chat in range(1, 10_500):
        pace.take(chat, float(chat))
    assert len(pace._chats) < 10_400


def test_a_person_who_floods_is_told_once_a_minute() -> None:
    intake = Intake(Patience(person_burst=3, person_per_minute=6))
    assert [intake.judge("1", 0.0) for _ in range(6)] == [
        "take", "take", "take", "tell", "drop", "drop",
    ]  # fmt: skip
    assert intake.judge("2", 0.0) == "take"
    assert [intake.judge("1", 10.0) for _ in range(2)] == ["take", "drop"]
    assert [intake.judge("1", 60.0) for _ in range(4)][-1] == "tell"


def test_messages_of_many_hours_that_come_at_once_are_all_taken() -> None:
    intake = Intake(Patience())
    assert all(intake.judge("1", minute * 60.0) == "take" for minute in range(500))


def test_people_of_long_ago_are_forgotten() -> None:
    intake = Intake(Patience(person_burst=1))
    for person in range(10_500):
        intake.judge(str(person), float(person))
        intake.judge(str(person), float(person))
    assert len(intake._people) < 10_400
    assert len(intake._told) < 10_400
