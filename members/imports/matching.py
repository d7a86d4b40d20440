"""Whom each line speaks of: lines of one organisation find each other, and then the organisation that is there.

Set by set, in the database: the number of statements does not grow with the lines. What is sure decides, in the order of
``RULES``; what is merely alike, or could be several, is asked about. A name alone, or an acronym, never decides.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from django.db import connection

from members.likeness import FORMS, NEAR, likeness
from members.models import Organisation
from members.models.imports import ImportBatch

SHARED = 3  # organisations on one web host, beyond which its front page says nothing of any of them
ALIKE = 0.55  # of the letters of two names by threes: worth a look
LEGAL_FORMS = rf"\m({FORMS})\M"  # as PostgreSQL reads it


@dataclass(frozen=True, slots=True)
class Rule:
    """``name`` stands with the line. ``sure``: it decides where it finds one only."""

    name: str
    sure: bool
    sql: str


# Each gives ("group", organisation): among those that are not archived, which gave their numbers up.
RULES = (
    Rule("page", True, "SELECT k.grp, coalesce(o.merged_into_id, o.id) FROM import_key k JOIN members_organisation o ON o.slug = k.slug WHERE k.slug <> ''"),
    Rule(
        "siret", True,
        "SELECT k.grp, s.organisation_id FROM (SELECT grp, unnest(sirets) AS siret FROM import_key) k"
        " JOIN members_site s ON s.siret = k.siret AND s.siret <> ''"
        " JOIN import_known o ON o.id = s.organisation_id AND NOT o.archived",
    ),
    Rule(
        "siren", True,
        "SELECT k.grp, o.id FROM import_key k JOIN import_known o ON o.siren = k.siren AND NOT o.archived"
        " WHERE k.siren <> '' AND o.kind = 'company' AND k.kind IN ('company', '')",
    ),
    Rule(
        "rnsr", True,
        "SELECT k.grp, n.id FROM (SELECT grp, unnest(rnsrs) AS number FROM import_key) k"
        " JOIN import_number n ON n.kind = 'rnsr' AND n.value = k.number",
    ),
    Rule(
        "uai", True,
        "SELECT k.grp, n.id FROM (SELECT grp, unnest(uais) AS number FROM import_key) k"
        " JOIN import_number n ON n.kind = 'uai' AND n.value = k.number",
    ),
    Rule(
        "ror", True,
        "SELECT k.grp, n.id FROM (SELECT grp, unnest(rors) AS number FROM import_key) k"
        " JOIN import_number n ON n.kind = 'ror' AND n.value = k.number",
    ),
    Rule(
        "website", True,
        "SELECT k.grp, w.id FROM import_key k JOIN import_site w ON w.host = k.host AND w.page = k.page"
        " JOIN import_alone a ON a.host = k.host AND a.page = k.page"
        f" WHERE k.host <> '' AND (w.page <> '' OR w.sharing <= {SHARED})",
    ),
    Rule(
        "name", True,
        "SELECT k.grp, n.id FROM import_key k JOIN import_name n ON n.name = k.name AND n.department = k.department"
        " WHERE k.name <> '' AND k.department <> 0",
    ),
    # a website that several of the file have is that of none of them alone
    Rule(
        "same_website", False,
        "SELECT k.grp, w.id FROM import_key k JOIN import_site w ON w.host = k.host AND w.page = k.page"
        f" WHERE k.host <> '' AND (w.page <> '' OR w.sharing <= {SHARED})",
    ),
    Rule(
        "elsewhere", False,
        "SELECT k.grp, n.id FROM import_key k JOIN import_name n ON n.name = k.name WHERE k.name <> ''",
    ),
)  # fmt: skip
NUMBERS = ("page", "siret", "siren", "rnsr", "uai", "ror")

TABLES = "import_key, import_known, import_number, import_site, import_name, import_tie, import_candidate, import_judged, import_hidden, import_alone"
KEYS = r"""
CREATE TEMP TABLE import_key ON COMMIT DROP AS
SELECT line, line AS grp, coalesce("values"->>'kind', '') AS kind, coalesce("values"->>'slug', '') AS slug,
    coalesce("values"->>'siren', '') AS siren,
    ARRAY(SELECT jsonb_array_elements_text(coalesce("values"->'sirets', '[]')) UNION
          SELECT "values"->>'siret' WHERE "values" ? 'siret') AS sirets,
    ARRAY(SELECT "values"->>'rnsr_id' WHERE "values" ? 'rnsr_id' UNION
          SELECT pair->>1 FROM jsonb_array_elements(coalesce("values"->'further', '[]')) pair WHERE pair->>0 = 'rnsr') AS rnsrs,
    ARRAY(SELECT "values"->>'uai_code' WHERE "values" ? 'uai_code' UNION
          SELECT pair->>1 FROM jsonb_array_elements(coalesce("values"->'further', '[]')) pair WHERE pair->>0 = 'uai') AS uais,
    ARRAY(SELECT "values"->>'ror_id' WHERE "values" ? 'ror_id' UNION
          SELECT pair->>1 FROM jsonb_array_elements(coalesce("values"->'further', '[]')) pair WHERE pair->>0 = 'ror') AS rors,
    coalesce(("values"->>'department')::bigint, 0) AS department,
    {host_of_line} AS host, {page_of_line} AS page, {name_of_line} AS name
FROM members_importrow WHERE batch_id = %(batch)s AND action <> 'refuse'
"""
KNOWN = r"""
CREATE TEMP TABLE import_known ON COMMIT DROP AS
SELECT id, slug, siren, kind, status = 'archived' AS archived, {host} AS host, {page} AS page FROM members_organisation
    WHERE merged_into_id IS NULL;
CREATE TEMP TABLE import_number ON COMMIT DROP AS
SELECT 'rnsr' AS kind, rnsr_id AS value, id FROM members_organisation WHERE rnsr_id <> '' AND status <> 'archived'
UNION ALL SELECT 'uai', uai_code, id FROM members_organisation WHERE uai_code <> '' AND status <> 'archived'
UNION ALL SELECT 'ror', ror_id, id FROM members_organisation WHERE ror_id <> '' AND status <> 'archived'
UNION ALL SELECT n.kind, n.value, n.organisation_id FROM members_furthernumber n
    JOIN members_organisation o ON o.id = n.organisation_id WHERE n.kind <> 'siren' AND o.status <> 'archived';
CREATE TEMP TABLE import_site ON COMMIT DROP AS
SELECT id, host, page, count(*) OVER (PARTITION BY host) AS sharing FROM import_known WHERE host <> '' AND NOT archived;
CREATE TEMP TABLE import_name ON COMMIT DROP AS
SELECT DISTINCT named.id, named.name, coalesce(s.department_id, 0) AS department FROM (
    SELECT id, {name} AS name FROM members_organisation WHERE merged_into_id IS NULL
    UNION SELECT n.organisation_id, {other_name} FROM members_organisationname n JOIN import_known k ON k.id = n.organisation_id
) named LEFT JOIN members_site s ON s.organisation_id = named.id;
CREATE INDEX ON import_number (id); CREATE INDEX ON import_key (name); CREATE INDEX ON import_name (name); CREATE INDEX ON import_key (siren);
ANALYZE import_key; ANALYZE import_known; ANALYZE import_number; ANALYZE import_site; ANALYZE import_name
"""


def host_of(column: str) -> str:
    return rf"lower(coalesce(substring({column} from '^https?://(?:www\.)?([^/:?#]+)'), ''))"


def _page(column: str) -> str:
    return rf"lower(rtrim(coalesce(substring({column} from '^https?://[^/?#]+([^#]*)'), ''), '/?'))"


def bare(column: str) -> str:
    """A name without case, accents and legal form; with it where nothing else is left."""
    folded = f"portal_fold({column})"
    without = f"btrim(regexp_replace(regexp_replace({folded}, '{LEGAL_FORMS}', ' ', 'g'), ' +', ' ', 'g'))"
    return f"coalesce(nullif({without}, ''), {folded})"


def match(batch: ImportBatch) -> None:
    """Writes ``group``, ``match``, ``rule``, ``score``, ``candidates`` and, of what is asked about, ``action``."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLES}")  # a file is looked at twice in one transaction
        said = "coalesce(\"values\"->>'{}', '')"
        cursor.execute(
            KEYS.format(
                host_of_line=host_of(said.format("website")),
                page_of_line=_page(said.format("website")),
                name_of_line=bare(said.format("name")),
            ),
            {"batch": batch.pk},
        )
        cursor.execute(
            KNOWN.format(
                host=host_of("website"), page=_page("website"), name=bare("name"), other_name=bare("n.name")
            ).replace("%", "%%"),
            [],
        )
        _group(cursor)
        _candidates(cursor)
        _decide(cursor, batch)


NUMBERED = r"""
(siren <> '' OR slug <> '' OR sirets <> '{}' OR rnsrs <> '{}' OR uais <> '{}' OR rors <> '{}')"""
GROUPS = r"""
CREATE TEMP TABLE import_tie ON COMMIT DROP AS
SELECT line, 'siren ' || siren AS tie FROM import_key WHERE siren <> '' AND kind IN ('company', '')
UNION ALL SELECT line, 'siret ' || n FROM import_key, unnest(sirets) n
UNION ALL SELECT line, 'rnsr ' || n FROM import_key, unnest(rnsrs) n
UNION ALL SELECT line, 'uai ' || n FROM import_key, unnest(uais) n
UNION ALL SELECT line, 'ror ' || n FROM import_key, unnest(rors) n
UNION ALL SELECT line, 'page ' || slug FROM import_key WHERE slug <> ''
UNION ALL SELECT line, 'name ' || department || ' ' || name FROM import_key
    WHERE name <> '' AND department <> 0
      AND NOT (siren <> '' OR slug <> '' OR sirets <> '{}' OR rnsrs <> '{}' OR uais <> '{}' OR rors <> '{}');
CREATE INDEX ON import_tie (tie); ANALYZE import_tie
"""


def _group(cursor) -> None:
    """Lines with a number in common, or without any and of one name in one department, are of one organisation: each takes
    the first of those it is tied to, until none moves."""
    cursor.execute(GROUPS)
    _tied(cursor)
    # one of the same name and department without a number, beside a single one with: the same again
    cursor.execute(
        f"INSERT INTO import_tie SELECT line, 'name ' || department || ' ' || name FROM import_key WHERE {NUMBERED}"
        f" AND (name, department) IN (SELECT name, department FROM import_key WHERE {NUMBERED} AND name <> ''"
        "  AND department <> 0 GROUP BY 1, 2 HAVING count(DISTINCT grp) = 1)"
    )
    _tied(cursor)
    cursor.execute("CREATE INDEX ON import_key (grp); ANALYZE import_key")
    cursor.execute(
        "CREATE TEMP TABLE import_alone ON COMMIT DROP AS SELECT host, page FROM import_key WHERE host <> ''"
        " GROUP BY host, page HAVING count(DISTINCT grp) = 1"
    )


def _tied(cursor) -> None:
    moved = 1
    while moved:
        cursor.execute(
            "UPDATE import_key k SET grp = least.grp FROM ("
            " SELECT t.line, min(f.grp) AS grp FROM import_tie t JOIN ("
            "  SELECT tie, min(grp) AS grp FROM import_tie JOIN import_key USING (line) GROUP BY tie HAVING count(*) > 1"
            " ) f USING (tie) GROUP BY t.line"
            ") least WHERE k.line = least.line AND least.grp < k.grp"
        )
        moved = cursor.rowcount


SIMILAR = f"""
INSERT INTO import_candidate
SELECT k.grp, n.id, %(rank)s, 'similar', max(similarity(k.name, n.name))
FROM import_key k JOIN import_name n ON n.department = k.department AND left(n.name, 2) = left(k.name, 2)
WHERE k.name <> '' AND k.department <> 0 AND NOT EXISTS (SELECT 1 FROM import_candidate c WHERE c.grp = k.grp)
  AND similarity(k.name, n.name) >= {ALIKE}
GROUP BY k.grp, n.id
"""


def _candidates(cursor) -> None:
    found_by_rules(cursor, RULES, speaking=NUMBERS)
    cursor.execute(SIMILAR, {"rank": len(RULES)})
    keep_the_near(
        cursor, "similar", len(RULES),
        "SELECT DISTINCT c.grp, c.record, k.name, n.name FROM import_candidate c"
        " JOIN import_key k ON k.line = c.grp JOIN import_name n ON n.id = c.record WHERE c.rule = 'similar'",
    )  # fmt: skip


def found_by_rules(cursor, rules: Iterable[Rule], speaking: Container[str] = ()) -> None:
    """``import_candidate``: the records that each rule finds for a group of lines. The weaker rules speak where the
    stronger are silent, but for those that are ``speaking`` whatever was found."""
    cursor.execute(
        "CREATE TEMP TABLE import_candidate (grp int, record bigint, rank int, rule text, score float) ON COMMIT DROP"
    )
    for rank, rule in enumerate(rules):
        silent = " WHERE NOT EXISTS (SELECT 1 FROM import_candidate c WHERE c.grp = found.grp)"
        cursor.execute(
            "INSERT INTO import_candidate SELECT DISTINCT found.grp, found.id, %s::int, %s, 1.0"
            f" FROM ({rule.sql}) found (grp, id){'' if rule.name in speaking else silent}",
            [rank, rule.name],
        )
    cursor.execute("ANALYZE import_candidate")


def keep_the_near(cursor, rule: str, rank: int, pairs: str) -> None:
    """Texts by threes of letters are alike sooner than those that people take for one another. ``pairs``: a question for
    (group, record, text of the line, text of the record)."""
    cursor.execute(pairs)
    near: dict[tuple[int, int], float] = {}
    for group, record, one, other in cursor.fetchall():
        near[group, record] = max(near.get((group, record), 0), likeness(one, other))
    cursor.execute("DELETE FROM import_candidate WHERE rule = %s", [rule])
    kept = [(*pair, score) for pair, score in near.items() if score >= NEAR]
    cursor.execute(
        "INSERT INTO import_candidate SELECT g, r, %s, %s, s FROM unnest(%s::int[], %s::bigint[], %s::float[]) f (g, r, s)",
        [rank, rule, *([one[place] for one in kept] for place in range(3))],
    )


# One organisation by the strongest rule that says anything, and nothing against it: that is it. Numbers of two
# organisations, a number that contradicts, a strong likeness with two: somebody is asked.
DECIDE = """
CREATE TEMP TABLE import_judged ON COMMIT DROP AS WITH strongest AS (
    SELECT grp, min(rank) AS rank FROM import_candidate GROUP BY grp
), found AS (
    SELECT c.grp, count(DISTINCT c.record) AS number, min(c.record) AS organisation, s.rank,
        min(c.rule) FILTER (WHERE c.rank = s.rank) AS rule, max(c.score) AS score,
        jsonb_agg(jsonb_build_array(c.record, c.rule, c.score) ORDER BY c.rank, c.score DESC, c.record) AS candidates
    FROM import_candidate c JOIN strongest s USING (grp) GROUP BY c.grp, s.rank
), judged AS (
    SELECT k.grp, f.candidates, f.score,
        CASE WHEN f.grp IS NULL THEN 'create' WHEN f.number > 1 OR f.rule = ANY(%(asking)s) OR o.archived OR contradicted THEN 'ask'
             ELSE 'update' END AS action,
        CASE WHEN f.number > 1 THEN 'several' WHEN o.archived THEN 'archived' WHEN contradicted THEN 'contradicted'
             ELSE coalesce(f.rule, '') END AS rule,
        CASE WHEN f.number = 1 AND NOT (f.rule = ANY(%(asking)s)) AND NOT o.archived AND contradicted IS NOT TRUE THEN f.organisation END AS match
    FROM (SELECT DISTINCT grp FROM import_key) k LEFT JOIN found f USING (grp)
    LEFT JOIN import_known o ON o.id = f.organisation
    LEFT JOIN LATERAL (
        SELECT bool_or(m.kind NOT IN ('', o.kind) OR f.rule NOT IN ('siret', 'siren') AND o.kind = 'company'
            AND m.siren <> '' AND o.siren <> '' AND m.siren <> o.siren
            OR NOT (f.rule = ANY(%(numbers)s)) AND EXISTS (
                SELECT FROM (VALUES ('rnsr', m.rnsrs), ('uai', m.uais), ('ror', m.rors)) own (kind, numbers)
                WHERE cardinality(own.numbers) > 0
                    AND EXISTS (SELECT FROM import_number n WHERE n.id = o.id AND n.kind = own.kind)
                    AND NOT EXISTS (SELECT FROM import_number n
                        WHERE n.id = o.id AND n.kind = own.kind AND n.value = ANY(own.numbers)))) AS contradicted
        FROM import_key m WHERE m.grp = k.grp AND f.rule <> 'page'
    ) c ON true
)
SELECT k.line, j.* FROM import_key k JOIN judged j USING (grp);
CREATE UNIQUE INDEX ON import_judged (line); ANALYZE import_judged;
UPDATE members_importrow r SET "group" = j.grp, candidates = coalesce(j.candidates, '[]'), score = j.score, action = j.action,
    rule = j.rule, match = j.match, changes = '{}'
FROM import_judged j WHERE r.batch_id = %(batch)s AND r.line = j.line
"""


def _decide(cursor, batch: ImportBatch) -> None:
    asking = [rule.name for rule in RULES if not rule.sure] + ["similar"]
    cursor.execute(
        DECIDE,
        {"batch": batch.pk, "asking": asking, "numbers": list(NUMBERS)},
    )
    _refuse_what_is_hidden(cursor, batch)


def _refuse_what_is_hidden(cursor, batch: ImportBatch) -> None:
    """Whoever brings the file in learns nothing of what she may not choose: a draft of others is named by none of its
    words, and what looks like one is new to her, unless a number says that it is the same."""
    open_to_her = Organisation.objects.selectable_by(batch.whose_rights).order_by().values("pk")
    sql, params = open_to_her.query.sql_with_params()
    cursor.execute(
        f"CREATE TEMP TABLE import_hidden ON COMMIT DROP AS SELECT DISTINCT record, rule, grp FROM import_candidate"
        f" WHERE record NOT IN ({sql})",
        params,
    )
    if not cursor.rowcount:
        return
    cursor.execute("ANALYZE import_hidden")
    cursor.execute(
        "UPDATE members_importrow r SET action = 'refuse', match = NULL, candidates = '[]', rule = 'hidden',"
        " problems = r.problems || jsonb_build_array(jsonb_build_array('name', 'line-hidden', '{}'::jsonb))"
        " FROM import_hidden h WHERE r.batch_id = %s AND r.\"group\" = h.grp AND r.action <> 'refuse' AND h.rule = ANY(%s)",
        [batch.pk, list(NUMBERS)],
    )
    # the rest of what is hidden falls out of the candidates; where none is left, it is new
    cursor.execute(
        """
        WITH open AS (
            SELECT r.line, jsonb_agg(c.one ORDER BY c.place) FILTER (WHERE h.record IS NULL) AS candidates,
                count(*) FILTER (WHERE h.record IS NULL) AS number, count(*) AS all
            FROM members_importrow r CROSS JOIN jsonb_array_elements(r.candidates) WITH ORDINALITY c (one, place)
            LEFT JOIN import_hidden h ON h.grp = r."group" AND h.record = (c.one->>0)::bigint
            WHERE r.batch_id = %(batch)s AND r.action <> 'refuse' GROUP BY r.line
        )
        UPDATE members_importrow r SET candidates = coalesce(o.candidates, '[]'),
            action = CASE WHEN o.number = 0 THEN 'create' ELSE 'ask' END,
            rule = CASE WHEN o.number = 0 THEN '' WHEN o.number = 1 THEN o.candidates->0->>1 ELSE r.rule END,
            match = NULL, score = CASE WHEN o.number = 0 THEN NULL ELSE r.score END
        FROM open o WHERE r.batch_id = %(batch)s AND r.line = o.line AND o.number < o.all
        """,
        {"batch": batch.pk},
    )
