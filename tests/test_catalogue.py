"""The French catalogue: whole, true to its placeholders, set as French is set."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from django.utils.functional import Promise

from tests.ours import PACKAGES

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/fr/LC_MESSAGES/django.po")
NOT_SOURCES = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "static", "var", "docs", "data", "*.mo")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|<slug:slug>")
TAG = re.compile(r"<[^>]*>")
NOT_PROSE = re.compile(r"<[^>]*>|&\w+;|https?://\S+")
NARROW, HARD = "\u202f", "\u00a0"
RULES = {
    "’, « » and … instead of ', \" and ...": r"\w'\w|[\"“”]|\.\.\.",
    "U+202F before ; ? !": rf"(?<!{NARROW})[;?!]",
    "U+00A0 before :": rf"(?<!{HARD}):",
    "U+202F inside « »": rf"«(?!{NARROW})|(?<!{NARROW})»",
    "U+202F between thousands": r"\d \d{3}\b",
    "U+00A0 before a unit": r"[\ds)] (?:(?:k|M|Md)?€|(?:km|ko|%)(?![\w(]))",
}

catalogue = polib.pofile(str(ROOT / CATALOGUE))


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def texts() -> Iterator[tuple[polib.POEntry, str]]:
    for entry in catalogue:
        if entry.msgctxt != "URL path":
            for text in translations(entry):
                yield entry, text


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def test_every_text_is_in_french():
    assert catalogue.metadata["Plural-Forms"] == "nplurals=2; plural=(n > 1);"
    assert not [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete]
    assert not [entry.msgid for entry in catalogue if not all(translations(entry))]
    assert not [entry.msgid for entry in catalogue if entry.msgid_plural and len(entry.msgstr_plural) != 2]


def test_placeholders_and_markup_are_those_of_the_source():
    for entry in catalogue:
        last = entry.msgid_plural or entry.msgid
        first, many = translations(entry)[0], translations(entry)[-1]
        assert sorted(set(PLACEHOLDER.findall(many))) == sorted(set(PLACEHOLDER.findall(last))), entry.msgid
        # the singular may leave the number out, as the source may
        assert set(PLACEHOLDER.findall(first)) <= set(PLACEHOLDER.findall(last + entry.msgid)), entry.msgid
        if entry.msgctxt != "URL path":
            assert sorted(TAG.findall(many)) == sorted(TAG.findall(last)), entry.msgid


def test_a_singular_that_may_count_nothing_bears_its_number():
    """French says zero in the singular, so “un projet” would be read where there is none."""
    shown_from_one_on = {
        "Each mark stands for one member.",
        "Each mark stands for one member of the network.",
        "Member of one cluster",
        "Supervises one laboratory",
        "One of the clusters asked for is not known; the others are compared.",
    }
    told = re.compile(r"\bune?\b", re.IGNORECASE)
    numberless = {
        entry.msgid
        for entry in catalogue
        if entry.msgid_plural and told.search(entry.msgstr_plural[0]) and "%(" not in entry.msgstr_plural[0]
    }
    assert numberless <= shown_from_one_on


@pytest.mark.parametrize("rule", RULES)
def test_french_is_set_as_french(rule):
    wrong = re.compile(RULES[rule])
    found = [text for _entry, text in texts() if wrong.search(NOT_PROSE.sub("", text))]
    assert not found, rule


@pytest.mark.parametrize("wrong", ["l'état", "Vraiment ?", "Vraiment?", "Total : 3", "« oui »", "12 000", "3 km"])
def test_the_rules_see_what_they_are_for(wrong):
    assert any(re.search(rule, wrong) for rule in RULES.values())


def routes(resolver: URLResolver) -> Iterator[Promise]:
    for pattern in resolver.url_patterns:
        route = getattr(pattern.pattern, "_route", "")
        if isinstance(route, Promise):
            yield route
        if not isinstance(pattern, URLPattern):
            yield from routes(pattern)


def test_addresses_are_words_of_the_language():
    paths = {entry.msgid: entry.msgstr for entry in catalogue if entry.msgctxt == "URL path"}
    with translation.override("en"):
        assert {str(route) for route in routes(get_resolver())} == set(paths)
    for source, path in paths.items():
        assert path != source
        assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*/|<slug:slug>/)+", path), path


def test_the_catalogue_holds_what_the_sources_say_and_nothing_else(tmp_path):
    if not shutil.which("xgettext"):
        pytest.skip("xgettext is not here (on Debian: apt-get install gettext)")
    options = re.search(r"makemessages (.*)", (ROOT / "Makefile").read_text())
    assert options
    for name in (*PACKAGES, "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=NOT_SOURCES)
    (tmp_path / CATALOGUE).parent.mkdir(parents=True)
    clean = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", *options[1].split()],
        cwd=tmp_path, env=clean, check=True, capture_output=True, text=True,
    )  # fmt: skip
    said = {key(entry) for entry in polib.pofile(str(tmp_path / CATALOGUE))}
    written = {key(entry) for entry in catalogue}
    assert said - written == set(), "run `make messages`, then translate"
    assert written - said == set(), "no longer in the sources: run `make messages`"
