"""Plan a refresh for the rows that it is given: from the sixth call of a session on, PostgreSQL 18 would
take a plan for any rows, which reads whole tables for one organisation."""

from django.db import migrations

FUNCTION = "projects_refresh_documents(bigint[])"


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_documents_kept_true")]
    operations = [
        migrations.RunSQL(
            f"ALTER FUNCTION {FUNCTION} SET plan_cache_mode = force_custom_plan",
            f"ALTER FUNCTION {FUNCTION} RESET plan_cache_mode",
        )
    ]
