"""“labo hydrogène isère” may mean a list: the laboratories on hydrogen in Isère.

Words that say a kind of member, a theme or a place are read as the filters that they are. What is read so is offered
beside what the words find as words, never instead of it: a name may hold any of them.
"""

from django.http import QueryDict

from cluster_portal.pages.addresses import address
from cluster_portal.records.search import fold
from members.counts import MemberCounts
from members.listings import MemberListing
from members.querysets import NOWHERE, OVERSEAS

# Folded; what people type in either language, in the singular and the plural.
KINDS = {
    ("kind", "laboratory"): "labo labos laboratoire laboratoires lab labs laboratory laboratories",
    ("kind", "company"): "entreprise entreprises societe societes company companies firm firms",
    ("kind", "institution"): "institution institutions etablissement etablissements",
    ("size", "micro"): "tpe microentreprise microentreprises microenterprise microenterprises",
    ("size", "sme"): "pme smes sme",
    ("size", "midcap"): "eti midcap midcaps",
    ("type", "higher_education"): "ecole ecoles universite universites university universities",
    ("type", "hospital"): "hopital hopitaux chu hospital hospitals",
}
SAYS = {word: meaning for meaning, words in KINDS.items() for word in words.split()}
BETWEEN = frozenset(
    "a au aux d dans de des du en et l la le les par pour pres sur and around for in near of on the".split()
)
MOST_WORDS = 8
TELLING = 3  # letters from which the beginning of a theme's name says which


def read_as_filters(words: str, counts: MemberCounts) -> list[MemberListing]:
    """The list of members that the words may mean; where it is empty, those that give up one of kind, theme and place.

    None where the words say fewer than two of them. What says none of them is kept as words.
    """
    own = [word for word in fold(words).split() if word not in BETWEEN]
    if not 2 <= len(own) <= MOST_WORDS:
        return []
    asked = QueryDict(mutable=True)
    rest = _place(own, counts, asked)
    kind = next((word for word in rest if word in SAYS), "")
    if kind:
        asked[SAYS[kind][0]] = SAYS[kind][1]
        rest = [word for word in rest if word != kind]
    if rest and (theme := _theme(rest, counts)):
        asked["theme"], rest = theme, []
    if not asked or len(asked) + bool(rest) < 2:
        return []
    if rest:
        asked["q"] = " ".join(rest)
    whole = _listing(asked)
    if whole.total:
        return [] if whole.as_typed else [whole]
    fewer = [_listing(_without(asked, name)) for name in asked] if len(asked) > 2 else []
    return [listing for listing in fewer if listing.total and not listing.as_typed]


def _listing(asked: QueryDict) -> MemberListing:
    return MemberListing.asked(asked, address("members:organisation-list"))


def _without(asked: QueryDict, name: str) -> QueryDict:
    fewer = asked.copy()
    del fewer[name]
    return fewer


def _place(own: list[str], counts: MemberCounts, asked: QueryDict) -> list[str]:
    """Chooses the region or department with the longest name among the words; the other words."""
    places = counts.facets["region"].values
    named = {
        tuple(word for word in fold(value.labels["fr"].partition(" (")[0]).split() if word not in BETWEEN): value
        for value in reversed(places.values())  # of equal names the first: a region before its department
        if value.slug not in (NOWHERE, OVERSEAS)
    }
    for length in range(len(own), 0, -1):
        for start in range(len(own) - length + 1):
            if value := named.get(tuple(own[start : start + length])):
                asked[value.parameter or "region"] = value.slug
                return own[:start] + own[start + length :]
    return own


def _theme(rest: list[str], counts: MemberCounts) -> str:
    """The theme whose name is just these words, or else the one whose name begins so, if it is the only one."""
    begins = []
    for slug, value in counts.facets["theme"].values.items():
        for label in value.labels.values():
            name = [word for word in fold(label).split() if word not in BETWEEN]
            if len(name) == len(rest) and all(_same(*pair) for pair in zip(name, rest, strict=True)):
                return slug
            if len(name) > len(rest) and all(_same(*pair) for pair in zip(name, rest, strict=False)):
                begins.append(slug)
    telling = min(map(len, rest)) >= TELLING
    return begins[0] if telling and len(set(begins)) == 1 else ""


def _same(name: str, typed: str) -> bool:
    """But for a plural."""
    return name.rstrip("sx") == typed.rstrip("sx")
