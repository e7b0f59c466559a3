"""How fast may be sent."""

from bot.service.pace import Pace, Rates


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
