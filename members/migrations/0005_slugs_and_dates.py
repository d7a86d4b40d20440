"""Old slugs that keep leading to their pages, and dates of change that move with a change only."""

from django.db import migrations

from cluster_portal.triggers import slug_trigger, touch_trigger, without

# Saving without a change moves no date. Arguments: generated columns, which are not computed yet.
TOUCH = """
CREATE FUNCTION portal_touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ignored text[] := ARRAY['updated_at', 'updated_by_id'] || TG_ARGV::text[];
BEGIN
    IF to_jsonb(NEW) - ignored = to_jsonb(OLD) - ignored THEN
        RETURN OLD;
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END $$;
"""

# Argument: the kind of page, as members.models.FormerSlug names it.
SLUGS = """
CREATE FUNCTION portal_remember_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO members_formerslug (model, slug, object_id, changed_at)
    VALUES (TG_ARGV[0], OLD.slug, OLD.id, now())
    ON CONFLICT (model, slug) DO UPDATE SET object_id = EXCLUDED.object_id, changed_at = now();
    DELETE FROM members_formerslug WHERE model = TG_ARGV[0] AND slug = NEW.slug;
    RETURN NULL;
END $$;
"""

TRIGGERS = [
    *(slug_trigger("members", model) for model in ("organisation", "cluster", "theme", "region")),
    touch_trigger("members", "organisation", "sort_name"),
    touch_trigger("members", "cluster", "sort_name"),
    touch_trigger("members", "page"),
]


class Migration(migrations.Migration):
    dependencies = [("members", "0004_changes_logged")]
    operations = [
        migrations.RunSQL(TOUCH, "DROP FUNCTION portal_touch"),
        migrations.RunSQL(SLUGS, "DROP FUNCTION portal_remember_slug"),
        *(migrations.RunSQL(statement, without(statement)) for statement in TRIGGERS),
    ]
