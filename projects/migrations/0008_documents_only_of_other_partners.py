"""What a partner costs or does in a project is in no search document: three hundred costs are not three hundred documents."""

from importlib import import_module

from django.db import migrations

before = import_module("projects.migrations.0002_project_documents").CHILD_ROWS.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
START = "    IF TG_OP = 'UPDATE' THEN\n"
PARTNERS = """\
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'projects_participation' THEN
        SELECT array_agg(DISTINCT project) INTO touched
        FROM changed JOIN former USING (id)
        CROSS JOIN LATERAL unnest(ARRAY[changed.project_id, former.project_id]) project
        WHERE (changed.project_id, changed.organisation_id)
              IS DISTINCT FROM (former.project_id, former.organisation_id);
    ELSIF TG_OP = 'UPDATE' THEN
"""
assert before.count(START) == 1


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_wrong_values_refused")]
    operations = [migrations.RunSQL(before.replace(START, PARTNERS), before)]
