"""A message as every channel can show it: paragraphs of spans, and rows of buttons."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of text in one look."""

    text: str
    bold: bool = False
    link: str | None = None


Paragraph = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """What stands on a button, and what comes back when it is pressed (at most 64 bytes)."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A text file that comes with a message."""

    name: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to the resident, in `language`."""

    paragraphs: tuple[Paragraph, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    language: str
    intent: str | None = None
    file: File | None = None

    @property
    def text(self) -> str:
        """The words alone, paragraphs set apart by an empty line."""
        return "\n\n".join("".join(span.text for span in part) for part in self.paragraphs)


def spans(text: str) -> Paragraph:
    """A paragraph from text with **bold** in it; "- " at the beginning of a line is a bullet."""
    lines = ["• " + line[2:] if line.startswith("- ") else line for line in text.split("\n")]
    parts = "\n".join(lines).split("**")
    return tuple(Span(text=part, bold=index % 2 == 1) for index, part in enumerate(parts) if part)
