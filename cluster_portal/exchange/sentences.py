"""Sentences that are kept and read later, in the language of whoever reads them: a code, and what it speaks of."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise

_texts: dict[str, str | Promise] = {}


class Sentence(NamedTuple):
    """JSON keeps it as ``[code, params]``, from which ``Sentence(*kept)`` makes it again; ``str`` says it."""

    code: str
    params: Mapping[str, Any] = {}

    def __str__(self) -> str:
        return sentence(self.code, self.params)


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """In the language of now; a code that is no longer known is said as it is, for an old row must not break its page."""
    text = _texts.get(code)
    if text is None:
        return code
    try:
        return str(text) % params
    except (KeyError, TypeError, ValueError):
        return str(text)


def known_sentences(texts: Mapping[str, str | Promise]) -> None:
    """Adds the sentences of a module, by their codes; no two modules have one code."""
    for code, text in texts.items():
        if str(_texts.get(code, text)) != str(text):
            raise ValueError(f"two sentences have the code {code}")
        _texts[code] = text
