"""Events and sessions as JSON: the type's name and its fields, moments in ISO form.

What an older version stored and this one does not know is dropped.
"""

import json
from typing import Any, get_args

from pydantic import TypeAdapter

from bot.core.events import Event
from bot.core.session import Session

_EVENTS: dict[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind) for kind in get_args(Event)
}
_SESSION = TypeAdapter(Session)


def event_to_json(event: Event) -> str:
    """An event as text that every database can keep."""
    kind = type(event).__name__
    fields = _EVENTS[kind].dump_python(event, mode="json", exclude_defaults=True)
    return json.dumps({"type": kind, **fields})


def event_from_json(body: str, number: int) -> Event:
    """The event again, with the number that the store gave it. Raises KeyError, ValueError."""
    fields = json.loads(body)
    event: Event = _EVENTS[fields.pop("type")].validate_python(fields | {"number": number})
    return event


def session_to_json(session: Session) -> str:
    """A session as text."""
    return _SESSION.dump_json(session, exclude_defaults=True).decode()


def session_from_json(body: str) -> Session:
    """A stored session."""
    return _SESSION.validate_json(body)
