"""From messages to calls of the Bot API."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.render import LIMIT, html, split, units
from bot.core.message import Span, spans
from tests.fake_telegram import _parse_html

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_any_text_survives_the_markup(texts: list[str]) -> None:
    """Whatever stands in a text, people see exactly that; none of it becomes markup."""
    paragraphs = tuple((Span(text=text, bold=index % 2 == 0),) for index, text in enumerate(texts))
    assert _parse_html(html(paragraphs)) == "\n\n".join(texts)


@given(st.lists(st.text("aé😀\n", min_size=1, max_size=6000), min_size=1, max_size=4))
def test_splitting_loses_nothing_and_always_fits(texts: list[str]) -> None:
    paragraphs = tuple((Span(text=text),) for text in texts)
    parts = split(paragraphs)
    assert all(units(_parse_html(html(part))) <= LIMIT for part in parts)
    again = "".join(span.text for part in parts for paragraph in part for span in paragraph)
    assert again == "".join(texts)


def test_links_are_escaped_too() -> None:
    span = Span(text="Hino <City>", link='https://example.org/?a=1&b="2"')
    assert html(((span,),)) == (
        '<a href="https://example.org/?a=1&amp;b=&quot;2&quot;">Hino &lt;City&gt;</a>'
    )


def test_bold_and_bullets() -> None:
    assert html((spans("**Go** now\n- a\n- b"),)) == "<b>Go</b> now\n• a\n• b"
