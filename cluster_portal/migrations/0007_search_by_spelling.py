"""Text is folded in any script, a query is read as people abbreviate, and the vocabulary is asked by spelling."""

from importlib import import_module

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

before = import_module("cluster_portal.migrations.0001_text_search")

# The ranges and pairs of cluster_portal.records.search, which folds alike: a test compares them over Unicode.
UNSEEN = r"\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff"
SIGNS = r"\u2190-\u2bff\U0001f000-\U0001faff"
BLANKS = (
    r"\u0080-\u00bf\u00d7\u00f7\u02b0-\u036f\u2000-\u218f\u2e00-\u2e7f\u3000-\u303f\u30fb\ue000-\uf8ff\ufe10-\ufe6f"
    r"\ufff0-\uffff"
)
CAPITALS = {letter: letter.lower() for letter in map(chr, range(0x370, 0x590)) if len(letter.lower()) == 1} | {"ς": "σ"}
CAPITALS = {letter: small for letter, small in CAPITALS.items() if letter != small}

NUMBERED = """
CREATE FUNCTION portal_numbered(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN coalesce((
    SELECT string_agg(CASE WHEN ascii(letter) < 128 THEN letter ELSE 'u' || to_hex(ascii(letter)) END, '' ORDER BY n)
    FROM regexp_split_to_table($1, '') WITH ORDINALITY AS letters (letter, n)
), '');
"""

# What is left of other scripts is spelt by numbers: the parser of full texts would read it as the server's locale has it.
FOLD = rf"""
CREATE OR REPLACE FUNCTION portal_fold(text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    bare text COLLATE "C" := translate($1, '‘’ʼ', '''''''');
    folded text COLLATE "C";
BEGIN
    IF bare ~ '[{"".join(letter for letter, spelt in before.LETTERS)}]' THEN
        bare := {before.SPELT_OUT.replace("$1", "bare")};
    END IF;
    bare := lower(regexp_replace(normalize(bare, NFKD), '[{UNSEEN}]+', '', 'g'));
    folded := bare;
    IF bare ~ '[^\x01-\x7f]' THEN
        bare := translate(bare, '{"".join(CAPITALS)}', '{"".join(CAPITALS.values())}');
        folded := regexp_replace(bare, '[{SIGNS}{BLANKS}]', ' ', 'g');
        IF folded ~ '[^\x01-\x7f]' THEN folded := portal_numbered(folded); END IF;
    END IF;
    folded := regexp_replace(folded, '[^a-z0-9.&'' ]+', '-', 'g');
    folded := regexp_replace(folded, '\m([a-z])[.& ]+(?=[a-z](?:[^a-z0-9'']|$))', '\1', 'g');
    folded := trim(regexp_replace(folded, '[^a-z0-9]+', ' ', 'g'));
    IF folded = '' THEN
        RETURN portal_numbered(trim(regexp_replace(regexp_replace(bare, '[^{SIGNS}]', '', 'g'), '(.)', '\1 ', 'g')));
    END IF;
    RETURN regexp_replace(regexp_replace(folded, '\mst\M', 'saint', 'g'), '\mste\M', 'sainte', 'g');
END $$;
"""

# What a language calls empty may be a place or an acronym here ("Grand Est", "AI Lyon", "IT"): only words that link
# others are left out, and forms of companies, which names have or lack; unless nothing else is asked.
LINKING = """
    a afin ainsi an and are as at au aux avec be by c ce ces cet cette d dans de des dont du elle elles en et for from
    have i il ils in is it its j l la le les leur leurs lui m me mes moi mon my n ne nos notre nous of on ont or ou our
    par pour qu que qui s sa se ses si sont sur t tes that the their these they this those to tu un une very vos votre
    vous was we were what which who will with y you your
""".split()
LEGAL_FORMS = (
    "earl etablissement etablissements ets eurl gie gmbh inc ltd sa sarl sas sasu scic scop selarl snc".split()
)
ABBREVIATIONS = {
    "aura": "auvergne & rhone & alpes",
    "bfc": "bourgogne & franche & comte",
    "cie": "compagnie",
    "dept": "departement",
    "fac": "faculte",
    "hdf": "hauts & france",
    "idf": "ile & france",
    "inst": "institut",
    "labo": "laboratoire",
    "labos": "laboratoire",
    "paca": "provence & alpes & azur",
    "sup": "superieur",
    "univ": "universite | university",
}

QUERY = rf"""
CREATE OR REPLACE FUNCTION portal_tsquery(words text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    word text;
    plain tsquery;
    meant tsquery;
    wanted tsquery := ''::tsquery;
    verbatim tsquery := ''::tsquery;
BEGIN
    FOREACH word IN ARRAY string_to_array(portal_fold(words), ' ') LOOP
        plain := plainto_tsquery('pg_catalog.simple', word);
        verbatim := verbatim && plain;
        CONTINUE WHEN word = ANY ('{{{",".join(LINKING + LEGAL_FORMS)}}}');
        meant := plainto_tsquery('pg_catalog.french', word) || plainto_tsquery('pg_catalog.english', word) || plain;
        IF word ~ '...aux?$' THEN  -- the stemmer reads “matériaux” as the plural of “matérial”
            meant := meant || plainto_tsquery('pg_catalog.french', CASE
                WHEN right(word, 1) = 'x' THEN left(word, -1) ELSE word || 'x' END);
        ELSIF word ~ '^[a-z]{{1,5}}[0-9]+$' THEN  -- “UMR5506” is “UMR 5506”
            meant := meant || (plainto_tsquery('pg_catalog.simple', rtrim(word, '0123456789'))
                               && plainto_tsquery('pg_catalog.simple', ltrim(word, 'abcdefghijklmnopqrstuvwxyz')));
        END IF;
        meant := CASE word
            {
    chr(10).join(
        f"WHEN '{short}' THEN meant || to_tsquery('pg_catalog.french', '{long}')"
        for short, long in ABBREVIATIONS.items()
    )
}
            ELSE meant
        END;
        wanted := wanted && meant;
    END LOOP;
    RETURN CASE WHEN numnode(wanted) > 0 THEN wanted ELSE verbatim END;
END $$;
"""

# What two neighbours in one ask for beside all the others: "bio mems" may be BioMEMS, whatever else has both words.
JOINED = """
CREATE FUNCTION portal_joined(words text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    parts text[] := string_to_array(portal_fold(words), ' ');
    number int := cardinality(parts);
    wanted tsquery := ''::tsquery;
BEGIN
    FOR n IN 1 .. CASE WHEN number BETWEEN 2 AND 6 THEN number - 1 ELSE 0 END LOOP
        wanted := wanted || (plainto_tsquery('pg_catalog.simple', parts[n] || parts[n + 1])
            && portal_tsquery(array_to_string(parts[:n - 1] || parts[n + 2:], ' ')));
    END LOOP;
    RETURN wanted;
END $$;
"""

# As before; and a name or acronym that is among the words ("CHU Rennes", "EN Brest") comes before other answers.
RANK = """
CREATE FUNCTION portal_rank(document tsvector, names text, query tsquery, folded text, named text[])
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN ts_rank('{0.01, 0.05, 0.3, 1.0}', document, query)
    + CASE WHEN strpos(names, '|' || folded || '|') > 0 THEN 4.0
           WHEN strpos(names, '|' || folded || ' ') > 0 THEN 0.5
           ELSE 0.0 END
    + CASE WHEN names LIKE ANY (named) THEN 2.0 ELSE 0.0 END;
"""

# A word with none or one of its letters left out: two words that share one of these are a letter, or two that changed
# places, apart (or a little more, which whoever asks finds out).
DELETIONS = """
CREATE FUNCTION portal_deletions(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN array(SELECT DISTINCT overlay(word placing '' from n for 1) FROM generate_series(1, length(word)) n) || word;
"""

# Of the words of names those that are too short to be offered, or numbered: what was typed in one word or in two is put
# together from them. The others are learnt as they are written (cluster_portal.records.triggers.learn_words).
LEARN_NAMES = """
CREATE FUNCTION portal_learn_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO portal_searchword (word, spelling)
    SELECT DISTINCT word, word FROM changed, regexp_split_to_table(names, '[ |]+') word
    WHERE length(word) BETWEEN 2 AND 40 AND (length(word) < 4 OR word ~ '[0-9]')
    ORDER BY word
    ON CONFLICT (word) DO NOTHING;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0006_log_on_standbys")]
    operations = [
        migrations.RunSQL(NUMBERED, "DROP FUNCTION portal_numbered"),
        migrations.RunSQL(FOLD, before.FOLD.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(QUERY, before.QUERY.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(JOINED, "DROP FUNCTION portal_joined"),
        migrations.RunSQL(f"DROP FUNCTION portal_rank; {RANK}", f"DROP FUNCTION portal_rank; {before.RANK}"),
        migrations.RunSQL(DELETIONS, "DROP FUNCTION portal_deletions"),
        migrations.RunSQL(LEARN_NAMES, "DROP FUNCTION portal_learn_names"),
        migrations.AddField(
            "searchword",
            "deletions",
            models.GeneratedField(
                db_persist=True,
                expression=models.Func("word", function="portal_deletions"),
                help_text="Itself, and itself without each of its letters: what it shares with words that are a letter away.",
                output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
            ),
        ),
        migrations.AddIndex(
            "searchword",
            django.contrib.postgres.indexes.GinIndex(fields=["deletions"], name="portal_search_deletions"),
        ),
    ]
