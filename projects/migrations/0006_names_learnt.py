"""The vocabulary learns the words of names from the search documents, which are written anew: text is folded otherwise."""

from django.db import migrations

from cluster_portal.records.triggers import without

TRIGGERS = [
    f"CREATE TRIGGER projects_projectdocument_names_{event.lower()} AFTER {event} ON projects_projectdocument "
    "REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal_learn_names();"
    for event in ("INSERT", "UPDATE")
]


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_sort_keys"), ("portal", "0007_search_by_spelling")]
    operations = [
        *(migrations.RunSQL(statement, without(statement)) for statement in TRIGGERS),
        migrations.RunSQL("SELECT projects_refresh_documents(NULL)", migrations.RunSQL.noop),
    ]
