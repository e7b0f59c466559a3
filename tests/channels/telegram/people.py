"""How tests bring a resident to a consultation."""

from tests.fake_forum import StaffGroup, Topic
from tests.fake_telegram import Person

GROUP = -1001234567890
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OPEN_ALWAYS = (
    f"  chat_id: {GROUP}\n  language: en\n  digest: \"23:59\"\n  hours:\n"
    + "".join(f"    {day}: 0:00-24:00\n" for day in DAYS)
)  # fmt: skip


async def opened(person: Person, group: StaffGroup, question: str, seconds: float = 60) -> Topic:
    """A consultation with this question; its topic."""
    person.send("/human")
    await person.hears(seconds=seconds)
    yes = person._heard()[-1].buttons[0]
    person.press(yes[0])
    await person.hears(seconds=seconds)
    person.send(question)
    await person.hears(seconds=seconds)
    return await topic_of(group, person, seconds)


async def topic_of(group: StaffGroup, person: Person, seconds: float = 60) -> Topic:
    """The topic of the consultation whose number the person read last."""

    def number() -> str | None:
        for sent in reversed(person._heard()):
            for _, payload in sent.buttons:
                if payload.startswith("end:"):
                    return f"#{payload.split(':')[1]} "
        return None

    def there() -> list[Topic]:
        begun = number()
        return [
            one
            for one in group.topics.values()
            if begun and one.name.startswith(begun) and not one.deleted
        ]

    await person.telegram.until(lambda: bool(there()), seconds)
    return there()[0]
