"""What a name, a web address and a day are made of, for the constraints of every app."""

from django.db import migrations

HIDDEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    r"\uffa0\ufff9-\ufffb\u0001-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f"
)
BLANKS = r"\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000"
ONE_LINE = rf"""
CREATE FUNCTION portal_is_one_line(name text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    name !~ '[{HIDDEN}]'
    AND name !~ '[{BLANKS}][{BLANKS}]|[\u0009-\u000d\u0085\u2028\u2029\u2800]|^[{BLANKS}]|[{BLANKS}]$'
    AND (name = '' OR name ~ '[^{HIDDEN}{BLANKS}\u200c\u200d\ufe00-\ufe0f]');
"""
PUBLIC_PAGE = r"""
CREATE FUNCTION portal_is_public_page(address text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    address = '' OR address ~* (
        '^https?://(?:[^/?#@:\s\[\]\\.]+\.)+'
        '(?!(?:localhost|localdomain|local|internal|intranet|private|lan|home|corp|arpa|invalid|onion)\.?(?:[:/?#]|$))'
        '[^/?#@:\s\[\]\\.\d][^/?#@:\s\[\]\\.]+\.?(?::\d{1,5})?(?:[/?#]\S*)?$');
"""
# The clock of the site, whatever the server's is set to. A day that has come will not be to come again, so a check may
# ask it.
HAS_COME = """
CREATE FUNCTION portal_day_has_come(day date) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE RETURN
    day <= (now() AT TIME ZONE 'Europe/Paris')::date;
CREATE FUNCTION portal_year_has_come(year integer) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE RETURN
    year <= extract(year FROM now() AT TIME ZONE 'Europe/Paris');
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0007_search_by_spelling")]
    operations = [
        migrations.RunSQL(ONE_LINE, "DROP FUNCTION portal_is_one_line"),
        migrations.RunSQL(PUBLIC_PAGE, "DROP FUNCTION portal_is_public_page"),
        migrations.RunSQL(HAS_COME, "DROP FUNCTION portal_day_has_come; DROP FUNCTION portal_year_has_come"),
    ]
