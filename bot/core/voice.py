"""One message in one language: looks texts up, fills figures in, and remembers what it had to do.

A `Voice` is made for one message and thrown away. What it remembers (a paragraph that is not
translated, a figure that nobody saw on an official page) becomes a note under the message.
"""

from collections.abc import Mapping
from datetime import date

from bot.calculators.dated import Source
from bot.core.figures import PLACEHOLDER, write_date, write_figure
from bot.core.knowledge import SOURCE_LANGUAGE, Knowledge
from bot.core.shapes import Name

MEASURED = ("yen", "percent")
"""Units that can be "about": an age or a deadline that is "about" would mislead."""


class Voice:
    """Says things in one language on one day; see the module."""

    def __init__(self, knowledge: Knowledge, language: str, today: date) -> None:
        self.knowledge = knowledge
        self.language = language
        self.today = today
        self.untranslated = False
        self.second_hand = False

    def message(self, name: str, /, **values: str) -> str:
        """A sentence of messages.yaml."""
        return self.text(f"messages.{name}", self.knowledge.messages[name], values)

    def text(self, context: str, english: str, values: Mapping[str, str] | None = None) -> str:
        """A text of any file in this language, else in English; its figures filled in."""
        translated = self.knowledge.translation(self.language, context, english)
        if translated is None:
            self.untranslated = True
        known = values or {}
        return PLACEHOLDER.sub(
            lambda found: known[found[1]] if found[1] in known else self.figure(found[1]),
            translated or english,
        )

    def answer_title(self, intent: str) -> str:
        """The title of an answer."""
        return self.text(intent, self.knowledge.answers[intent].title)

    def dialog_title(self, dialog: str) -> str:
        """The title of a dialog."""
        return self.text(f"dialogs.{dialog}", self.knowledge.dialogs[dialog].title)

    def name(self, context: str, name: Name) -> str:
        """A name of a place or office: translated, and in Japanese beside it, as on its sign."""
        if self.language == "ja":
            return name.ja
        here = self.text(context, name.en)
        return here if here == name.ja else f"{here} ({name.ja})"

    def figure(self, name: str) -> str:
        """A figure as it holds today; "about" where it is second-hand, never an older value."""
        figure = self.knowledge.figures[name]
        dated = figure.on(self.today)
        if dated is None:
            return self.message("figure.unknown")
        written = write_figure(figure.unit, dated.value, self.language, self.message)
        self.second_hand = self.second_hand or not dated.source.official
        return self.about(written, dated.source) if figure.unit in MEASURED else written

    def about(self, written: str, source: Source) -> str:
        """The same, marked where nobody saw it on a page of the office."""
        if source.official:
            return written
        self.second_hand = True
        return self.message("figure.about", amount=written)

    def date(self, day: date) -> str:
        """A day in full."""
        return write_date(day, self.language)

    def notes(self) -> list[str]:
        """What the reader must know about this message."""
        notes = []
        if self.second_hand:
            notes.append(self.message("note.second_hand"))
        if self.untranslated and self.language != SOURCE_LANGUAGE:
            notes.append(self.message("note.untranslated"))
        return notes
