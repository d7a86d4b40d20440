"""Content in two languages: plain ``_fr`` and ``_en`` columns, read through one attribute.

The text in the visitor's language is shown; where it is blank the other language stands in, and
says so, because a page must mark the language of what it shows (WCAG 3.1.2).
"""

from django.conf import settings
from django.utils.translation import get_language


class Text(str):
    """A text with the language it is written in: ``lang`` is blank in the active language."""

    lang: str

    def __new__(cls, value: str, lang: str = "") -> "Text":
        text = super().__new__(cls, value)
        text.lang = lang
        return text


def active_language() -> str:
    """Two letters, one of ``settings.LANGUAGES``."""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE[:2]


def in_active_language(french: str, english: str) -> Text:
    """The text in the visitor's language, or in the other one and saying so."""
    active = active_language()
    texts = {"fr": french, "en": english}
    language = active if texts[active] else next((lang for lang, text in texts.items() if text), active)
    return Text(texts[language], "" if language == active else language)


def shortened(text: Text, length: int) -> Text:
    """Cut at a word, saying so."""
    if len(text) <= length:
        return text
    return Text(text[:length].rsplit(" ", 1)[0].rstrip(" ,;:.…\u202f\u00a0!?") + "…", text.lang)


class Translated:
    """``name = Translated("name")`` reads ``name_fr`` or ``name_en``, falling back visibly."""

    def __init__(self, field: str) -> None:
        self.field = field

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        active = active_language()
        if text := getattr(instance, f"{self.field}_{active}"):
            return Text(text)
        for language, _label in settings.LANGUAGES:
            if text := getattr(instance, f"{self.field}_{language}"):
                return Text(text, language)
        return Text("")
