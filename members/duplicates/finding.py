"""Finds the pairs that may be one and the same, over all organisations that are not archived.

Set by set, in the database, each kind of likeness gives the pairs that are worth comparing (the same number, site, address,
name; the same words; letters by threes in one department); then each pair is compared word by word. What was decided of a
pair stays, and what was open and is no longer alike goes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from members.imports.matching import SHARED, bare, host_of
from members.likeness import OF_A_SORT
from members.models import MatchCandidate

from .likeness import OFFERED, Facts, held_against

ALIKE = 0.45  # of the letters of two names by threes, in one department
COMMON = 12  # organisations whose names have a word, beyond which it tells nothing of any of them
NAMESAKES = 20  # of one name, beyond which it is no name
MOST = 20_000  # pairs that are kept open: the likest; nobody looks at more

TABLES = "same_known, same_name, same_place, same_word, same_letters, same_contact, same_number, same_found, same_pair"
KNOWN = r"""
CREATE TEMP TABLE same_known ON COMMIT DROP AS
SELECT id, kind, portal_fold(acronym) AS acronym, {host} AS host FROM members_organisation
WHERE status <> 'archived' AND merged_into_id IS NULL;
CREATE TEMP TABLE same_name ON COMMIT DROP AS
SELECT named.id, named.name, min(named.rank) AS rank FROM (
    SELECT id, {name} AS name, 0 AS rank FROM members_organisation
    UNION ALL SELECT organisation_id, {name}, 1 FROM members_organisationname
) named JOIN same_known USING (id) WHERE named.name <> '' GROUP BY 1, 2;
CREATE TEMP TABLE same_place ON COMMIT DROP AS
SELECT DISTINCT organisation_id AS id, coalesce(department_id, 0) AS department, portal_fold(city) AS town
FROM members_site JOIN same_known k ON k.id = organisation_id;
CREATE TEMP TABLE same_word ON COMMIT DROP AS
SELECT id, word FROM (
    SELECT DISTINCT id, unnest(string_to_array(name, ' ')) AS word FROM same_name
) words WHERE length(word) > 2 AND NOT word = ANY(%(of_a_sort)s);
CREATE TEMP TABLE same_letters ON COMMIT DROP AS
SELECT id, (
    SELECT string_agg(letter, '' ORDER BY letter) FROM regexp_split_to_table(replace(name, ' ', ''), '') letter
) AS letters FROM same_name;
CREATE TEMP TABLE same_contact ON COMMIT DROP AS
SELECT id, contact FROM (
    SELECT id, unnest(ARRAY[lower(email), phone]) AS contact FROM members_organisation JOIN same_known USING (id)
) contacts WHERE contact <> '';
CREATE TEMP TABLE same_number ON COMMIT DROP AS
SELECT o.id, n.kind, n.value FROM members_organisation o JOIN same_known USING (id) CROSS JOIN LATERAL (VALUES
    ('siren', CASE WHEN o.kind = 'company' THEN o.siren ELSE '' END),
    ('rnsr', o.rnsr_id), ('uai', o.uai_code), ('ror', o.ror_id)) n (kind, value) WHERE n.value <> ''
UNION SELECT f.organisation_id, f.kind, f.value FROM members_furthernumber f
    JOIN same_known k ON k.id = f.organisation_id WHERE f.kind <> 'siren' OR k.kind = 'company';
CREATE INDEX ON same_name (name); CREATE INDEX ON same_place (department, id); CREATE INDEX ON same_word (word);
CREATE INDEX ON same_letters (letters); CREATE INDEX ON same_known (host); CREATE INDEX ON same_known (acronym); CREATE INDEX ON same_contact (contact);
CREATE INDEX ON same_number (value);
ANALYZE same_known; ANALYZE same_name; ANALYZE same_place; ANALYZE same_word; ANALYZE same_letters; ANALYZE same_contact; ANALYZE same_number
"""
# Each gives (one, other), in whatever order; what very many share says nothing.
BLOCKS = {
    "number": "SELECT a.id, b.id FROM same_number a JOIN same_number b USING (kind, value)",
    "site": "SELECT a.id, b.id FROM same_known a JOIN same_known b USING (host) WHERE a.host IN ("
    f" SELECT host FROM same_known WHERE host <> '' GROUP BY host HAVING count(*) BETWEEN 2 AND {SHARED})",
    "contact": "SELECT a.id, b.id FROM same_contact a JOIN same_contact b USING (contact) WHERE contact IN ("
    f" SELECT contact FROM same_contact GROUP BY contact HAVING count(*) BETWEEN 2 AND {SHARED})",
    "name": "SELECT a.id, b.id FROM same_name a JOIN same_name b USING (name) WHERE name IN ("
    f" SELECT name FROM same_name GROUP BY name HAVING count(*) BETWEEN 2 AND {NAMESAKES})",
    "acronym": "SELECT a.id, b.id FROM same_known a JOIN same_name b ON b.name = a.acronym WHERE a.acronym <> ''",
    "initials": "SELECT a.id, b.id FROM same_known a JOIN ("
    " SELECT n.id, string_agg(left(w.word, 1), '' ORDER BY w.place) AS initials FROM same_name n,"
    " unnest(string_to_array(n.name, ' ')) WITH ORDINALITY w (word, place) WHERE length(w.word) > 2 GROUP BY n.id, n.name"
    ") b ON b.initials = a.acronym JOIN same_place p ON p.id = a.id JOIN same_place q ON q.id = b.id"
    " AND q.department = p.department WHERE length(a.acronym) > 2",
    "words": "SELECT a.id, b.id FROM same_word a JOIN same_word b USING (word) WHERE word IN ("
    f" SELECT word FROM same_word GROUP BY word HAVING count(*) BETWEEN 2 AND {COMMON})",
    "exchanged": "SELECT a.id, b.id FROM same_letters a JOIN same_letters b USING (letters) WHERE letters IN ("
    f" SELECT letters FROM same_letters GROUP BY letters HAVING count(*) BETWEEN 2 AND {NAMESAKES})",
    "letters": "SELECT a.id, b.id FROM (SELECT DISTINCT id, department FROM same_place) p"
    " JOIN (SELECT DISTINCT id, department FROM same_place) q ON q.department = p.department AND p.id < q.id"
    " JOIN same_name a ON a.id = p.id JOIN same_name b ON b.id = q.id"
    # names of different lengths are never that alike, and lengths are quickly compared
    " WHERE length(a.name) BETWEEN 0.75 * length(b.name) AND 1.34 * length(b.name)"
    f" AND similarity(a.name, b.name) >= {ALIKE}",
}
FACTS = """
SELECT k.id, k.kind, k.acronym, k.host,
    ARRAY(SELECT name FROM same_name n WHERE n.id = k.id ORDER BY rank, name),
    ARRAY(SELECT contact FROM same_contact c WHERE c.id = k.id),
    ARRAY(SELECT kind || ' ' || value FROM same_number m WHERE m.id = k.id),
    ARRAY(SELECT DISTINCT department FROM same_place p WHERE p.id = k.id AND department <> 0),
    ARRAY(SELECT DISTINCT town FROM same_place p WHERE p.id = k.id AND town <> '')
FROM same_known k WHERE k.id IN (SELECT one FROM same_pair UNION SELECT other FROM same_pair)
"""
# What was said of a pair holds for what either was merged into since.
DECIDED = """
SELECT least(one, other), greatest(one, other) FROM (
    SELECT coalesce(f.merged_into_id, f.id) AS one, coalesce(s.merged_into_id, s.id) AS other
    FROM members_matchcandidate c JOIN members_organisation f ON f.id = c.first_id
    JOIN members_organisation s ON s.id = c.second_id WHERE c.decision <> 'open'
) decided WHERE one <> other
"""
KEEP = """
INSERT INTO members_matchcandidate (first_id, second_id, score, reasons, decision, found_at)
SELECT p.first, p.second, p.score, string_to_array(p.reasons, ' '), 'open', now()
FROM unnest(%s::bigint[], %s::bigint[], %s::float[], %s::text[]) p (first, second, score, reasons)
ON CONFLICT (first_id, second_id) DO UPDATE SET score = excluded.score, reasons = excluded.reasons
WHERE members_matchcandidate.decision = 'open'
    AND (members_matchcandidate.score, members_matchcandidate.reasons) IS DISTINCT FROM (excluded.score, excluded.reasons)
RETURNING (xmax = 0)
"""


@dataclass(frozen=True)
class Found:
    """Pairs that were compared, that are open now, that are new among them, and that went."""

    compared: int
    open: int
    new: int
    gone: int


def find() -> Found:
    """One transaction; two at once wait for each other."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members_duplicates'))")
        cursor.execute(f"DROP TABLE IF EXISTS {TABLES}")
        cursor.execute(KNOWN.format(host=host_of("website"), name=bare("name")), {"of_a_sort": sorted(OF_A_SORT)})
        cursor.execute("CREATE TEMP TABLE same_found (one bigint, other bigint) ON COMMIT DROP")
        for block in BLOCKS.values():  # one by one: each has a plan of its own
            cursor.execute(f"INSERT INTO same_found SELECT * FROM ({block}) found (one, other) WHERE one <> other")
        cursor.execute(
            "CREATE TEMP TABLE same_pair ON COMMIT DROP AS"
            " SELECT DISTINCT least(one, other) AS one, greatest(one, other) AS other FROM same_found"
        )
        cursor.execute(f"DELETE FROM same_pair WHERE (one, other) IN ({DECIDED})")
        cursor.execute(FACTS)
        facts = {key: _facts(*values) for key, *values in cursor.fetchall()}
        cursor.execute("SELECT one, other FROM same_pair")
        pairs = cursor.fetchall()
        return _kept(cursor, len(pairs), _judged(pairs, facts))


def _facts(kind, acronym, host, names, contacts, numbers, departments, towns) -> Facts:
    return Facts(
        kind,
        tuple(names),
        acronym.replace(" ", ""),
        host,
        frozenset(contacts),
        frozenset(tuple(number.split(" ", 1)) for number in numbers),
        frozenset(departments),
        frozenset(towns),
    )


Judged = list[tuple[int, int, float, str]]


def _judged(pairs: Iterable[tuple[int, int]], facts: dict[int, Facts]) -> Judged:
    found = []
    for one, other in pairs:
        score, reasons = held_against(facts[one], facts[other])
        if score >= OFFERED:
            found.append((one, other, score, " ".join(reasons)))
    return sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))[:MOST]


def _kept(cursor, compared: int, judged: Judged) -> Found:
    columns = [[pair[place] for pair in judged] for place in range(4)]
    cursor.execute(KEEP, columns)
    new = sum(is_new for (is_new,) in cursor.fetchall())
    cursor.execute(
        "DELETE FROM members_matchcandidate c WHERE c.decision = 'open' AND NOT EXISTS ("
        " SELECT FROM unnest(%s::bigint[], %s::bigint[]) p (one, other) WHERE p.one = c.first_id AND p.other = c.second_id)",
        columns[:2],
    )
    gone = cursor.rowcount
    return Found(compared, MatchCandidate.objects.filter(decision="open").count(), new, gone)
