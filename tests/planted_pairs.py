"""Organisations entered a second time, as people do it: with a slip, another legal form, without accents, shortened, with
the words in another order, or under the address of another site. The same rows always, without chance."""

import re
import unicodedata
from dataclasses import dataclass

from members.models import Membership, Organisation, Site

SHORT = {
    "technologies": "Techno", "laboratoire": "Labo", "institut": "Inst.", "universite": "Univ.", "biosciences": "Bio.",
    "mobilites": "Mob.", "logiciels": "Log.", "centre": "Ctre", "recherche": "Rech.", "batiment": "Bat.",
}  # fmt: skip
FORMS = ("SAS", "SARL", "S.A.", "SASU")


@dataclass(frozen=True)
class Planted:
    how: str
    original: int
    double: int


def _plain(name: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))


def _typo(name: str, number: int) -> str:
    """Two letters exchanged, one left out or one doubled, in the longest word."""
    word = max(name.split(), key=len)
    place = 1 + number % max(1, len(word) - 2)
    wrong = (
        word[:place] + word[place + 1] + word[place] + word[place + 2 :] if place + 1 < len(word) else word,
        word[:place] + word[place + 1 :],
        word[:place] + word[place] + word[place:],
    )[number % 3]
    return name.replace(word, wrong, 1)


def _shortened(name: str, number: int) -> str:
    """The longest word but the first."""
    words = re.findall(r"[^\W_]+", name)
    longest = max(words[1:], key=len)
    head, _found, tail = name.rpartition(longest)
    return f"{head}{SHORT.get(_plain(longest).lower(), f'{longest[:4]}.')}{tail}"


def _moved(name: str, number: int) -> str:
    words = name.split()
    return " ".join([*words[1:], words[0]])


HOW = {
    "slip": _typo,
    "legal form": lambda name, number: f"{name} {FORMS[number % len(FORMS)]}",
    "accents and capitals": lambda name, number: _plain(name).upper(),
    "shortened": _shortened,
    "words moved": _moved,
    "other site": lambda name, number: name,
}
OF_SEVERAL_WORDS = ("shortened", "words moved")


def plant(number: int, step: int = 29) -> list[Planted]:
    """Of each ``step``-th organisation a second one, without its numbers and its website."""
    rows = Organisation.objects.exclude(status="archived").filter(sites__isnull=False).distinct()
    rows = list(rows.order_by("pk").prefetch_related("sites"))
    several = [row for row in rows if len(row.name.split()) > 1]
    ways, planted, used = list(HOW), [], set()
    for turn in range(number):
        how = ways[turn % len(ways)]
        among = several if how in OF_SEVERAL_WORDS else rows
        place = turn * step % len(among)
        while among[place].pk in used:
            place = (place + 1) % len(among)
        original = among[place]
        used.add(original.pk)
        double = Organisation.objects.create(
            kind=original.kind, name=HOW[how](original.name, turn), slug=f"planted-{turn}", status=original.status
        )
        site = original.sites.all()[0]
        if how == "other site":
            elsewhere = rows[(place + 977) % len(rows)].sites.all()[0]
            site = elsewhere
        Site.objects.create(
            organisation=double, city=site.city, postcode=site.postcode, department_id=site.department_id,
            region_id=site.region_id, country=site.country,
        )  # fmt: skip
        for membership in Membership.objects.filter(organisation=original)[:1]:
            Membership.objects.create(organisation=double, cluster_id=membership.cluster_id)
        planted.append(Planted(how, original.pk, double.pk))
    return planted
