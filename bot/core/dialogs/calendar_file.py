"""Days as a calendar file (.ics, RFC 5545) that telephones import: whole days, with an alarm."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

ALARM_DAYS = 2


def calendar_file(days: Iterable[tuple[date, str]], name: str, today: date) -> str:
    """The file for (day, what is due). The same days and words give the same file."""
    from icalendar import Alarm, Calendar, Event  # 4 MB, that most bots never need

    calendar = Calendar()
    calendar.add("prodid", "-//Madoguchi//EN")
    calendar.add("version", "2.0")
    for day, words in days:
        event = Event()
        event.add("uid", f"{name}-{day:%Y%m%d}@madoguchi")
        event.add("dtstamp", datetime.combine(today, time(0), UTC))
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", words)
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", words)
        alarm.add("trigger", timedelta(days=-ALARM_DAYS, hours=9))
        event.add_component(alarm)
        calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")
