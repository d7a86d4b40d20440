"""What names are sorted by."""

from django.db import migrations

# What is neither a letter nor a digit is a blank, in any script, and initials close up; else "(Dys)…" and "A.R.D." would
# stand before every letter. The signs are given as ranges of Unicode: ASCII, Latin-1, general and CJK punctuation.
SORT_KEY = r"""
CREATE FUNCTION portal_sort_key(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN trim(regexp_replace(regexp_replace(
    lower(portal_unaccent(normalize($1, NFKC))) COLLATE "C",
    '\m([a-z])[.&](?=[a-z]\M)', '\1', 'g'),
    '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00BF\u2000-\u206F\u3000-\u303F]+', ' ', 'g'));
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_day_of_documents")]
    operations = [migrations.RunSQL(SORT_KEY, "DROP FUNCTION portal_sort_key")]
