"""The text of a document as it was meant: one script, one punctuation, whole sentences, one line a paragraph."""

from __future__ import annotations

from dataclasses import dataclass

from loaders.documents import Mapped, SourceText
from loaders.text import characters
from loaders.text.lines import paragraphs
from loaders.text.repair import Damage, repaired


@dataclass(frozen=True)
class NormalText:
    """A document's text, normalised.

    Parameters
    ----------
    text: simplified script, full-width punctuation, a line break between paragraphs; with places in the source.
    damaged: where characters were lost.
    traditional: the source is in traditional script.
    """

    text: Mapped
    damaged: list[Damage]
    traditional: bool


def normalise(source: SourceText) -> NormalText:
    """The text with everything undone that copying, printing and converting did to it."""
    printed = characters.without_readings(characters.clean(source.text))
    text, traditional = characters.simplified(printed)
    text = characters.without_blanks(characters.narrowed(text))
    text = paragraphs(characters.punctuated(text))
    # Once more, for what line breaks and page numbers had parted.
    text = characters.punctuated(characters.without_readings(characters.with_years(text)))
    text, damaged = repaired(text, printed)
    return NormalText(text, damaged, traditional)


__all__ = ["Damage", "NormalText", "normalise"]
