"""Which project each line speaks of: lines of one project find each other, and then the project that is there.

The address of its page decides; else what two signs say together: acronym, title, year of the first day. A title of some
words decides alone where nothing contradicts it. An acronym alone, or a title that is merely similar, is asked about.
"""

from django.db import connection

from members.imports.matching import Rule, found_by_rules, keep_the_near
from members.models.imports import ImportBatch
from projects.models import Project

ALIKE = 0.5  # of the letters of two titles by threes: worth a look
OTHER = 0.3  # below which two titles are of two projects
WORDS = 3  # of a title that is no mere name

# Each gives ("group", project).
PAIRS = " FROM import_key k JOIN import_title t ON t.title = ANY(k.titles) JOIN import_known o ON o.id = t.id"
AT_ODDS_BY_ACRONYM = "(k.acronym <> '' AND o.acronym <> '' AND k.acronym <> o.acronym)"
AT_ODDS_BY_YEAR = "(k.year <> 0 AND o.year <> 0 AND k.year <> o.year)"
RULES = (
    Rule("page", True, "SELECT k.grp, o.id FROM import_key k JOIN import_known o ON o.slug = k.slug WHERE k.slug <> ''"),
    Rule("acronym-title", True, f"SELECT k.grp, o.id{PAIRS} WHERE k.acronym <> '' AND k.acronym = o.acronym"),
    Rule(
        "acronym-year", True,
        "SELECT k.grp, o.id FROM import_key k JOIN import_known o ON o.acronym = k.acronym AND o.year = k.year"
        " WHERE k.acronym <> '' AND k.year <> 0 AND (k.titles = '{}' OR EXISTS ("
        "  SELECT 1 FROM import_title t, unnest(k.titles) said WHERE t.id = o.id"
        f"  AND similarity(t.title, said) >= {OTHER}"
        " ) OR NOT EXISTS (SELECT 1 FROM import_title t WHERE t.id = o.id))",
    ),
    Rule(
        "title-year", True,
        f"SELECT k.grp, o.id{PAIRS} WHERE k.year <> 0 AND k.year = o.year AND NOT {AT_ODDS_BY_ACRONYM}",
    ),
    Rule(
        "title", True,
        f"SELECT k.grp, o.id{PAIRS} WHERE cardinality(string_to_array(t.title, ' ')) >= {WORDS}"
        f" AND NOT {AT_ODDS_BY_ACRONYM} AND NOT {AT_ODDS_BY_YEAR}",
    ),
    Rule("title-only", False, f"SELECT k.grp, o.id{PAIRS}"),
    Rule(
        "acronym", False,
        "SELECT k.grp, o.id FROM import_key k JOIN import_known o ON o.acronym = k.acronym WHERE k.acronym <> ''",
    ),
    # what one calls title and the other acronym
    Rule(
        "acronym", False,
        "SELECT k.grp, o.id FROM import_key k JOIN import_known o ON o.acronym = ANY(k.titles) WHERE o.acronym <> ''"
        " UNION SELECT k.grp, t.id FROM import_key k JOIN import_title t ON t.title = k.acronym WHERE k.acronym <> ''",
    ),
)  # fmt: skip
ASKING = [rule.name for rule in RULES if not rule.sure] + ["similar-title"]

TABLES = "import_key, import_known, import_title, import_tie, import_candidate, import_judged, import_hidden"
KEYS = """
CREATE TEMP TABLE import_key ON COMMIT DROP AS
SELECT line, line AS grp, coalesce("values"->>'slug', '') AS slug, portal_fold(coalesce("values"->>'acronym', '')) AS acronym,
    ARRAY(SELECT DISTINCT portal_fold(said) FROM (VALUES ("values"->>'title_fr'), ("values"->>'title_en')) v (said)
          WHERE portal_fold(coalesce(said, '')) <> '') AS titles,
    portal_fold(coalesce("values"->>'title_fr', "values"->>'title_en', '')) AS title,
    coalesce(left("values"->>'start', 4)::int, 0) AS year
FROM members_importrow WHERE batch_id = %(batch)s AND action <> 'refuse'
"""
# A draft of others is known by the address of its page alone, and by none of its words.
KNOWN = """
CREATE TEMP TABLE import_known ON COMMIT DROP AS
SELECT id, slug, portal_fold(acronym) AS acronym, coalesce(extract(year FROM start)::int, 0) AS year,
    status = 'archived' AS archived FROM projects_project WHERE id IN ({open});
CREATE TEMP TABLE import_hidden ON COMMIT DROP AS
SELECT slug FROM projects_project WHERE id NOT IN (SELECT id FROM import_known);
CREATE TEMP TABLE import_title ON COMMIT DROP AS
SELECT DISTINCT p.id, portal_fold(v.said) AS title
FROM projects_project p JOIN import_known USING (id), LATERAL (VALUES (p.title_fr), (p.title_en)) v (said)
WHERE portal_fold(v.said) <> '';
CREATE INDEX ON import_known (acronym); CREATE INDEX ON import_known (slug); CREATE INDEX ON import_title (title);
CREATE INDEX ON import_title (id);
ANALYZE import_key; ANALYZE import_known; ANALYZE import_title; ANALYZE import_hidden
"""


def match(batch: ImportBatch) -> None:
    """Writes ``group``, ``match``, ``rule``, ``score``, ``candidates`` and, of what is asked about, ``action``."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLES}")  # a file is looked at twice in one transaction
        cursor.execute(KEYS, {"batch": batch.pk})
        of_hers = Project.objects.selectable_by(batch.whose_rights).order_by().values("pk").query
        sql, params = of_hers.sql_with_params()
        cursor.execute(KNOWN.format(open=sql), params)
        _group(cursor)
        _candidates(cursor)
        _decide(cursor, batch)


# Within one file an acronym stands for the only title that it has there, and a title for its only acronym.
GROUPS = """
CREATE TEMP TABLE import_tie ON COMMIT DROP AS
SELECT line, 'page ' || slug AS tie FROM import_key WHERE slug <> ''
UNION ALL SELECT k.line, 'name ' || coalesce(nullif(k.acronym, ''), only_acronym.acronym, '') || ' / '
        || CASE WHEN k.title = '' AND only_title.title IS NULL THEN 'in ' || k.year
                ELSE coalesce(nullif(k.title, ''), only_title.title) END
FROM import_key k
LEFT JOIN (SELECT title, min(acronym) AS acronym FROM import_key WHERE slug = '' AND acronym <> '' AND title <> ''
           GROUP BY title HAVING count(DISTINCT acronym) = 1) only_acronym ON only_acronym.title = k.title
LEFT JOIN (SELECT acronym, min(title) AS title FROM import_key WHERE slug = '' AND acronym <> '' AND title <> ''
           GROUP BY acronym HAVING count(DISTINCT title) = 1) only_title ON only_title.acronym = k.acronym
WHERE k.slug = '';
CREATE INDEX ON import_tie (tie); ANALYZE import_tie
"""


def _group(cursor) -> None:
    cursor.execute(GROUPS)
    cursor.execute(
        "UPDATE import_key k SET grp = f.grp FROM import_tie t JOIN ("
        " SELECT tie, min(line) AS grp FROM import_tie GROUP BY tie"
        ") f USING (tie) WHERE k.line = t.line"
    )
    cursor.execute("CREATE INDEX ON import_key (grp); ANALYZE import_key")


# A title that begins alike: the whole of all pairs would be too many.
SIMILAR = f"""
INSERT INTO import_candidate
SELECT k.grp, t.id, %(rank)s, 'similar-title', max(similarity(said, t.title))
FROM import_key k CROSS JOIN LATERAL unnest(k.titles) said JOIN import_title t ON left(t.title, 5) = left(said, 5)
WHERE NOT EXISTS (SELECT 1 FROM import_candidate c WHERE c.grp = k.grp) AND similarity(said, t.title) >= {ALIKE}
GROUP BY k.grp, t.id
"""


def _candidates(cursor) -> None:
    found_by_rules(cursor, RULES)
    cursor.execute(SIMILAR, {"rank": len(RULES)})
    keep_the_near(
        cursor, "similar-title", len(RULES),
        "SELECT DISTINCT c.grp, c.record, said, t.title FROM import_candidate c JOIN import_key k ON k.grp = c.grp"
        " CROSS JOIN LATERAL unnest(k.titles) said JOIN import_title t ON t.id = c.record WHERE c.rule = 'similar-title'",
    )  # fmt: skip


# One project by the strongest rule that says anything: that is it. Several, or an archived one: somebody is asked.
DECIDE = """
CREATE TEMP TABLE import_judged ON COMMIT DROP AS WITH found AS (
    SELECT grp, count(DISTINCT record) AS number, min(record) AS project, min(rule) AS rule, max(score) AS score,
        jsonb_agg(DISTINCT jsonb_build_array(record, rule, score)) AS candidates
    FROM import_candidate GROUP BY grp
), judged AS (
    SELECT k.grp, f.candidates, f.score,
        CASE WHEN f.grp IS NULL THEN 'create' WHEN f.number > 1 OR f.rule = ANY(%(asking)s) OR o.archived THEN 'ask'
             ELSE 'update' END AS action,
        CASE WHEN f.number > 1 THEN 'several' WHEN o.archived THEN 'archived' ELSE coalesce(f.rule, '') END AS rule,
        CASE WHEN f.number = 1 AND NOT f.rule = ANY(%(asking)s) AND NOT o.archived THEN f.project END AS match
    FROM (SELECT DISTINCT grp FROM import_key) k LEFT JOIN found f USING (grp) LEFT JOIN import_known o ON o.id = f.project
)
SELECT k.line, j.* FROM import_key k JOIN judged j USING (grp);
CREATE UNIQUE INDEX ON import_judged (line); ANALYZE import_judged;
UPDATE members_importrow r SET "group" = j.grp, candidates = coalesce(j.candidates, '[]'), score = j.score, action = j.action,
    rule = j.rule, match = j.match, changes = '{}'
FROM import_judged j WHERE r.batch_id = %(batch)s AND r.line = j.line
"""


def _decide(cursor, batch: ImportBatch) -> None:
    cursor.execute(DECIDE, {"batch": batch.pk, "asking": ASKING})
    cursor.execute(
        "UPDATE members_importrow r SET action = 'refuse', rule = 'hidden',"
        " problems = r.problems || jsonb_build_array(jsonb_build_array('slug', 'line-hidden', '{}'::jsonb))"
        " WHERE r.batch_id = %s AND r.action <> 'refuse' AND r.\"group\" IN ("
        "  SELECT k.grp FROM import_key k JOIN import_hidden h USING (slug))",
        [batch.pk],
    )
