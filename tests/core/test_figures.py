"""How figures are written."""

from datetime import date
from decimal import Decimal

import pytest

from bot.calculators.dated import Unit, Value
from bot.core.figures import write_figure
from bot.core.knowledge import Knowledge
from bot.core.voice import Voice


@pytest.mark.parametrize(
    ("unit", "value", "language", "written"),
    [
        ("yen", 500_000, "en", "500,000 yen"),
        ("yen", 500_000, "ja", "500,000円"),
        ("yen", 500_000, "zh-Hans", "500,000日元"),
        ("days", 14, "en", "14 days"),
        ("days", 1, "en", "1 day"),
        ("days", 14, "ja", "14日"),
        ("days", 14, "zh-Hans", "14天"),
        ("months", 6, "ja", "6か月"),
        ("years", 2, "zh-Hans", "2年"),
        ("percent", Decimal("20.42"), "en", "20.42%"),
        ("percent", 30, "ja", "30%"),
        ("date", date(2026, 8, 1), "en", "1 August 2026"),
        ("date", date(2026, 8, 1), "ja", "2026年8月1日"),
        ("age", 75, "ja", "75歳"),
        ("age", 75, "en", "75"),
        ("phone", "#7119", "en", "#7119"),
    ],
)
def test_each_language_writes_its_own_way(
    unit: Unit, value: Value, language: str, written: str, knowledge: Knowledge
) -> None:
    voice = Voice(knowledge, language, date(2026, 11, 21))
    assert write_figure(unit, value, language, voice.message) == written
