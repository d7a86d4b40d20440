"""Projects in the log of changes, with slugs that keep leading and dates that move with a change only."""

from django.db import migrations

from cluster_portal.records.triggers import log_triggers, slug_trigger, touch_trigger, without

# What the pages of projects and of figures are made from, beside what members' log, and whose rows they are.
LOGGED = {
    "projects_project": ("id",),
    "projects_participation": ("project_id", "organisation_id"),
    "projects_projectlabel": ("project_id",),
    "projects_funding": ("project_id",),
    "projects_project_themes": ("project_id",),
    "projects_programme": ("id",),
    "projects_funder": ("id",),
    "projects_outcome": ("project_id",),
    "projects_declaredfigure": ("id",),
}
TRIGGERS = [
    *log_triggers(LOGGED),
    slug_trigger("projects", "project"),
    touch_trigger("projects", "project", "sort_name", "private_investment"),
]


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_project_documents"), ("members", "0003_changes_followed")]
    operations = [migrations.RunSQL(statement, without(statement)) for statement in TRIGGERS]
