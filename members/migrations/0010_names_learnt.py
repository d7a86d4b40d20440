"""The vocabulary learns the words of names from the search documents, which are written anew: text is folded otherwise."""

from django.db import migrations

from cluster_portal.records.triggers import without

TRIGGERS = [
    f"CREATE TRIGGER members_searchdocument_names_{event.lower()} AFTER {event} ON members_searchdocument "
    "REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION portal_learn_names();"
    for event in ("INSERT", "UPDATE")
]


class Migration(migrations.Migration):
    dependencies = [("members", "0009_found_by_more"), ("portal", "0007_search_by_spelling")]
    operations = [
        *(migrations.RunSQL(statement, without(statement)) for statement in TRIGGERS),
        migrations.RunSQL("SELECT members_refresh_documents(NULL)", migrations.RunSQL.noop),
    ]
