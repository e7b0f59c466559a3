"""What `respond` wants done, imperative; `wording` turns those that speak into messages."""

from dataclasses import dataclass
from typing import Literal

Part = Literal["short", "more", "japanese"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAnswer:
    """Say an answer; `paper` is the id of the letter that led to it."""

    intent: str
    part: Part = "short"
    paper: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestAnswers:
    """Ask "did you mean ...?"; `several`: the message asked more than one thing."""

    intents: tuple[str, ...]
    several: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmitMiss:
    """Say that the message was not understood, and offer every way on."""

    person_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTopics:
    """List all topics, some of them, or the answers of one."""

    topic: str | None = None
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLanguages:
    """List the languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSwitch:
    """The message was in another language than the chosen one: offer to switch to it."""

    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPlaces:
    """List the municipalities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Say a sentence of messages.yaml; `place` is a municipality that it names."""

    message: str
    place: str | None = None
    group: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToForget:
    """Ask whether everything about the resident shall be erased; `step` marks its buttons."""

    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Erase everything that is kept about this conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountFeedback:
    """Count whether an answer helped: no text, no person."""

    intent: str
    helpful: bool


Effect = (
    ShowAnswer
    | SuggestAnswers
    | AdmitMiss
    | ShowTopics
    | OfferLanguages
    | OfferSwitch
    | OfferPlaces
    | Say
    | AskToForget
    | Forget
    | CountFeedback
)
