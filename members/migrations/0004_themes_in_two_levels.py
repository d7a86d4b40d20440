"""Domains, and themes under them: no third level, which no list, facet or page would know how to show."""

from django.db import migrations

TWO_LEVELS = """
CREATE FUNCTION members_theme_two_levels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM members_theme WHERE id = NEW.parent_id AND parent_id IS NOT NULL)
       OR EXISTS (SELECT 1 FROM members_theme WHERE parent_id = NEW.id) THEN
        RAISE EXCEPTION 'themes have two levels' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER members_theme_two_levels AFTER INSERT OR UPDATE OF parent_id ON members_theme
FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION members_theme_two_levels();
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0003_changes_followed")]
    operations = [
        migrations.RunSQL(
            TWO_LEVELS,
            "DROP TRIGGER members_theme_two_levels ON members_theme; DROP FUNCTION members_theme_two_levels()",
        ),
    ]
