"""Full-text search in French and English, as people type it.

Words are *folded* before anything else, by ``portal_fold`` in the database and ``fold`` here, which
must agree (a test holds them together): case, accents and ligatures go, initials close up ("S.T.", "S T" and
"S&T" are "st"), "st" and "ste" as words become "saint" and "sainte", letters of other scripts are spelt by their
numbers, every other sign is a blank unless there is nothing else. Both the French and the English stemmer then read
each word, so that a plural finds its singular in either.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import DatabaseError, connection, models, transaction
from django.db.models.functions import Sign, StrIndex
from django.utils import timezone

MOST_WORDS_OF_NAMES = 8  # of a query that are looked for as whole names
MAX_LENGTH = 200  # characters of a query that are read; more is never a question

LETTERS = str.maketrans(
    {
        **dict.fromkeys("™℠", " "),
        **dict(zip("øØǿǾđĐłŁħĦıðÐ", "ooooddllhhidd", strict=True)),
        **dict.fromkeys("œŒ", "oe"),
        **dict.fromkeys("æÆǽǼǣǢ", "ae"),
        **dict.fromkeys("ßẞ", "ss"),
        **dict.fromkeys("þÞ", "th"),
    }
)
# Ranges of Unicode as regular expressions of Python and of PostgreSQL alike read them.
UNSEEN = r"\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff"  # accents, now apart, and hidden signs
SIGNS = r"\u2190-\u2bff\U0001f000-\U0001faff"  # arrows, symbols, pictures
BLANKS = (  # punctuation of any script, and what stands for no letter
    r"\u0080-\u00bf\u00d7\u00f7\u02b0-\u036f\u2000-\u218f\u2e00-\u2e7f\u3000-\u303f\u30fb\ue000-\uf8ff\ufe10-\ufe6f"
    r"\ufff0-\uffff"
)
APOSTROPHES = "‘’ʼ"
# Of the scripts that have capitals, so that both sides have the same pairs and not those of a server's locale.
CAPITALS = {letter: letter.lower() for letter in map(chr, range(0x370, 0x590)) if len(letter.lower()) == 1} | {"ς": "σ"}
SAINTS = {"st": "saint", "ste": "sainte"}


_apostrophes = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_small_letters = str.maketrans({chr(code): chr(code).lower() for code in range(0x80)} | CAPITALS)
_unseen, _not_a_sign = re.compile(f"[{UNSEEN}]+"), re.compile(f"[^{SIGNS}]")
_signs_and_blanks, _not_ascii = re.compile(f"[{SIGNS}{BLANKS}]"), re.compile(r"[^\x00-\x7f]")


def _numbered(text: str) -> str:
    return _not_ascii.sub(lambda letter: f"u{ord(letter[0]):x}", text)


# Suggestions fold some three hundred names of clusters, themes and regions at each letter typed.
@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """ASCII words in small letters, separated by one blank."""
    text = unicodedata.normalize("NFKD", text.translate(_apostrophes).translate(LETTERS))
    text = _unseen.sub("", text).translate(_small_letters)
    signs = ""
    if not text.isascii():
        signs = _numbered(" ".join(_not_a_sign.sub("", text)))
        text = _numbered(_signs_and_blanks.sub(" ", text))
    text = re.sub(r"[^a-z0-9.&' ]+", "-", text)
    text = re.sub(r"\b([a-z])[.& ]+(?=[a-z](?:[^a-z0-9']|$))", r"\1", text)
    words = re.sub(r"[^a-z0-9]+", " ", text).split()
    return " ".join(SAINTS.get(word, word) for word in words) or signs


def clean_query(text: str) -> str:
    """What the visitor asked, without what no question contains: NUL bytes, 10 kB of text."""
    text = " ".join(text.replace("\x00", " ").split())[:MAX_LENGTH].strip()
    return identifier_in(text) or text


IDENTIFIERS = [
    re.compile(r"(?:siren|siret)?(\d{9}|\d{14})", re.ASCII),
    re.compile(r"(?:tva|vat)?fr\d\d(\d{9})", re.ASCII),  # a number of VAT ends in the SIREN
    re.compile(r"(?:rnsr)?(\d{9}[a-z])", re.ASCII),
    re.compile(r"(?:uai)?(\d{7}[a-z])", re.ASCII),
]
ROR = re.compile(r"(?:ror)?(0[0-9a-hj-km-np-tv-z]{6}\d\d)", re.ASCII)
ROR_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?ror\.org/", re.IGNORECASE)
NAMED = re.compile(r"^(siren|siret|rnsr|uai|ror|tva|vat)\b\W*(?:n[°º]\W*)?", re.IGNORECASE)
OF_A_PAGE = re.compile(r"(?:https?://[^/\s]+)?/(?:fr|en)/[a-z-]+/([a-z0-9-]+)/?(?:[?#]\S*)?", re.ASCII)


def identifier_in(text: str) -> str:
    """The official number that a text is nothing but, in whatever dress; else blank."""
    bare = NAMED.sub(lambda name: name[1].lower(), ROR_ADDRESS.sub("", text))
    bare = re.sub(r"[\s.\-]", "", bare).rstrip("/").lower()
    if number := next(filter(None, (pattern.fullmatch(bare) for pattern in IDENTIFIERS)), None):
        return number[1].upper()
    ror = ROR.fullmatch(bare)
    return ror[1] if ror else ""


def page_word(text: str) -> str:
    """For the address of a page, the word by which its search document knows it; any other text as it is."""
    address = OF_A_PAGE.fullmatch(text.strip())
    return "page" + address[1].replace("-", "") if address else text


class words_query(SearchQuery):  # noqa: N801 - reads as the function it is in SQL
    """The tsquery that wants every word of a text, each under any of its stems."""

    def __init__(self, text: str, **options) -> None:
        super().__init__(page_word(text) if isinstance(text, str) else text, **options)
        self.function = "portal_tsquery"


class joined_query(SearchQuery):  # noqa: N801
    """The tsquery that wants two neighbours among the words as one, and the others."""

    def __init__(self, text: str, **options) -> None:
        super().__init__(text, **options)
        self.function = "portal_joined"


class Rank(models.Func):
    """``portal_rank(document, names, query, folded text, names in it)``: see the migration that defines it."""

    function = "portal_rank"
    arity = 5
    output_field = models.FloatField()


def typed(text: str) -> tuple[str, str, str]:
    """What the words typed so far look for: among the names of a search document one that is just that, or one that begins
    so; and words that start with each of them, for ``starts_query``."""
    folded = fold(text)
    return f"|{folded}|", f"|{folded}", " & ".join(f"{word}:*" for word in folded.split())


def names_in(text: str) -> list[str]:
    """LIKE patterns of all that may be a whole name among the words of ``text``, such as an acronym before a town, or is
    one with two of them in one."""
    words = fold(text).split()[:MOST_WORDS_OF_NAMES]
    count = len(words)
    runs = {" ".join(words[first:beyond]) for first in range(count) for beyond in range(first + 1, count + 1)}
    runs |= {" ".join([*words[:n], words[n] + words[n + 1], *words[n + 2 :]]) for n in range(count - 1)}
    return [f"%|{run}|%" for run in sorted(runs - {" ".join(words)})]


def starts_query(starts: str) -> SearchQuery:
    return SearchQuery(starts, config="simple", search_type="raw")


DAY_OF_DOCUMENTS = """
SELECT day, pg_xact_status(xmin::text::xid8) IS DISTINCT FROM 'in progress' FROM portal_documentday
"""
_level: tuple[str, date] | None = None  # a database whose documents are known to speak of a day


def speak_of_today() -> None:
    """Sees to it that the search documents speak of the site's own today: what begins or ends by date needs no other
    change. Asked for before each search, and done once a day, by whoever comes first."""
    global _level
    here = (str(connection.settings_dict["NAME"]), timezone.localdate())
    if _level == here:
        return
    with connection.cursor() as cursor:
        cursor.execute(DAY_OF_DOCUMENTS)
        day, committed = cursor.fetchone()
        if day != here[1]:
            try:
                with transaction.atomic():
                    cursor.execute("UPDATE portal_documentday SET day = %s WHERE day <> %s", [here[1], here[1]])
            except DatabaseError:  # a role that may only read: whoever writes will do it
                return
            committed = not connection.in_atomic_block
    if committed:  # or it may yet be taken back
        _level = here


class DocumentQuerySet(models.QuerySet):
    """Of search documents themselves; the three texts are what ``typed`` makes of the words typed so far."""

    def suggested(self, whole: str, beginning: str, starts: str):
        """(key, 1 if a name is just that, 1 if a name begins so) where words of the names start so, in no order."""
        names = self.annotate(words=SearchVector("names", config="simple")).filter(words=starts_query(starts))
        nearness = (Sign(StrIndex("names", models.Value(text))) for text in (whole, beginning))
        return names.order_by().values_list("pk", *nearness)

    def commonest_word(self, starts: str, beginning: str) -> tuple[str, int]:
        """Which word of the names of these begins so most often, and in how many."""
        pattern = models.Value(rf"\m{beginning}[^ |]*")
        word = models.Func("names", pattern, function="substring", output_field=models.TextField())
        named = self.annotate(words=SearchVector("names", config="simple")).filter(words=starts_query(starts))
        often = named.values(word=word).annotate(times=models.Count("pk")).order_by("-times", "word")
        return often.values_list("word", "times").first() or ("", 0)

    def answering(self, starts: str):
        """The keys of those of which any words start so, such as a name and a town, in no order."""
        return self.filter(document=starts_query(starts)).order_by().values_list("pk", flat=True)


class Searched:
    """For querysets of what has a ``search_document``: a row of words that triggers keep."""

    shown_name: str | models.Expression = "sort_name"

    def search(self, text: str):
        """Every word of ``text`` somewhere in the search document."""
        speak_of_today()
        text = page_word(text)
        asked = words_query(text)
        return self.filter(search_document__document=asked | joined_query(text) if " " in fold(text) else asked)

    def with_rank(self, text: str):
        """``rank``: an exact name or acronym first, then names above themes above descriptions."""
        return self.annotate(
            rank=Rank(
                models.F("search_document__document"),
                models.F("search_document__names"),
                words_query(text),
                models.Value(fold(text)),
                models.Value(names_in(text), output_field=ArrayField(models.TextField())),
            )
        )

    def best_by_name(self, text: str):
        return self.with_rank(text).order_by("-rank", self.shown_name, "pk")

    def best_first(self, text: str, at: date | None = None):
        """The same; a subclass may say who comes first among equals on a day."""
        return self.best_by_name(text)
