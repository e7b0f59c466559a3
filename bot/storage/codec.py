"""Events and sessions as JSON: the type's name and its fields, moments in ISO form."""

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, get_args

from bot.core.events import Event
from bot.core.session import Reminder, Run, Session

_TYPES = {kind.__name__: kind for kind in get_args(Event)}


def event_to_json(event: Event) -> str:
    """An event as text that every database can keep."""
    fields = {name: getattr(event, name) for name in event.__dataclass_fields__}
    return json.dumps({"type": type(event).__name__, **fields, "at": event.at.isoformat()})


def event_from_json(body: str, number: int) -> Event:
    """The event again, with the number that the store gave it."""
    fields = json.loads(body)
    kind = _TYPES[fields.pop("type")]
    known = {name: value for name, value in fields.items() if name in kind.__dataclass_fields__}
    event: Event = kind(**known | {"at": datetime.fromisoformat(fields["at"])})
    return replace(event, number=number)


def session_to_json(session: Session) -> str:
    """A session as text."""
    return json.dumps(asdict(session))


def session_from_json(body: str) -> Session:
    """A stored session; what an older version stored and this one does not know is dropped."""
    stored = json.loads(body)
    run = stored.pop("run", None)
    if run is not None:
        answers = tuple((key, _tuples(value)) for key, value in run["answers"])
        run = Run(**_known(Run, run) | {"answers": answers, "picked": tuple(run["picked"])})
    stored["reminders"] = tuple(
        Reminder(**_known(Reminder, one) | {"before": tuple(one["before"])})
        for one in stored.get("reminders", ())
    )
    return Session(**_known(Session, stored), run=run)


def _known(kind: type[Run | Reminder | Session], stored: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stored.items() if name in kind.__dataclass_fields__}


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
