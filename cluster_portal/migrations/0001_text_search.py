"""Extensions, and the functions by which text is folded, queried and ranked."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

# unaccent() is STABLE because its dictionary may change; a generated column needs IMMUTABLE.
UNACCENT = """
CREATE FUNCTION portal_unaccent(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN public.unaccent('public.unaccent'::regdictionary, $1);
"""

# cluster_portal.records.search.fold does the same, character by character: a test compares them over Unicode.
# Letters that no decomposition spells out: looked for first, since most texts have none of them.
LETTERS = [
    *((letter, " ") for letter in "™℠"),
    *zip("øØǿǾđĐłŁħĦıðÐ", "ooooddllhhidd"),
    *((letter, "oe") for letter in "œŒ"),
    *((letter, "ae") for letter in "æÆǽǼǣǢ"),
    *((letter, "ss") for letter in "ßẞ"),
    *((letter, "th") for letter in "þÞ"),
]
SPELT_OUT = "$1"
for letter, spelt in LETTERS:
    SPELT_OUT = f"replace({SPELT_OUT}, '{letter}', '{spelt}')"

FOLD = rf"""
CREATE FUNCTION portal_fold(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN trim(regexp_replace(regexp_replace(regexp_replace(replace(replace(regexp_replace(regexp_replace(
    lower(regexp_replace(normalize(
        CASE WHEN $1 ~ '[{"".join(letter for letter, spelt in LETTERS)}]' THEN {SPELT_OUT} ELSE $1 END,
        NFKD), U&'[\0300-\036F\00AD\200B-\200D\2060\FEFF]+', '', 'g') COLLATE "C"),
    '[^a-z0-9.& ]+', ' ', 'g'),
    '\m([a-z])[.&](?=[a-z]\M)', '\1', 'g'),
    '.', ' '), '&', ' '), '  +', ' ', 'g'),
    '\mst\M', 'saint', 'g'),
    '\mste\M', 'sainte', 'g'));
"""

# A word that either language considers empty ("de", "the") is left out, unless nothing else is
# asked: then "IT" or "EN" are meant as they stand.
QUERY = """
CREATE FUNCTION portal_tsquery(words text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    word text;
    french tsquery;
    english tsquery;
    wanted tsquery := ''::tsquery;
    verbatim tsquery := ''::tsquery;
BEGIN
    FOREACH word IN ARRAY string_to_array(portal_fold(words), ' ') LOOP
        french := plainto_tsquery('pg_catalog.french', word);
        english := plainto_tsquery('pg_catalog.english', word);
        IF word ~ '...aux?$' THEN  -- the stemmer reads “matériaux” as the plural of “matérial”
            french := french || plainto_tsquery('pg_catalog.french', CASE
                WHEN right(word, 1) = 'x' THEN left(word, -1) ELSE word || 'x' END);
        END IF;
        verbatim := verbatim && plainto_tsquery('pg_catalog.simple', word);
        IF numnode(french) > 0 AND numnode(english) > 0 THEN
            wanted := wanted && (french || english || plainto_tsquery('pg_catalog.simple', word));
        END IF;
    END LOOP;
    RETURN CASE WHEN numnode(wanted) > 0 THEN wanted ELSE verbatim END;
END $$;
"""

# Weights D, C, B, A: a word of a name outranks any number of the same word in a description, and a
# description outranks an address. The bonus puts an exact name or acronym before everything else.
RANK = """
CREATE FUNCTION portal_rank(document tsvector, names text, query tsquery, folded text)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN ts_rank('{0.01, 0.05, 0.3, 1.0}', document, query)
    + CASE WHEN strpos(names, '|' || folded || '|') > 0 THEN 2.0
           WHEN strpos(names, '|' || folded || ' ') > 0 THEN 0.5
           ELSE 0.0 END;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(UNACCENT, "DROP FUNCTION portal_unaccent"),
        migrations.RunSQL(FOLD, "DROP FUNCTION portal_fold"),
        migrations.RunSQL(QUERY, "DROP FUNCTION portal_tsquery"),
        migrations.RunSQL(RANK, "DROP FUNCTION portal_rank"),
    ]
