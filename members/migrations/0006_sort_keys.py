"""Names sort by their letters, themes by the name that a language shows, clusters by the name that people use."""

from django.db import migrations, models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Length, NullIf, StrIndex
from django.db.models.lookups import Exact, GreaterThan

from cluster_portal.records.ordering import SortKey

KEYS = {
    ("organisation", "sort_name"): "name",
    ("region", "sort_name"): "name",
    ("department", "sort_name"): "name",
    ("theme", "sort_name_fr"): "name_fr",
    ("theme", "sort_name_en"): Coalesce(NullIf("name_en", Value("")), "name_fr"),
    ("cluster", "sort_name"): Case(
        When(
            ~Q(acronym="") & (Q(Exact(StrIndex("name", "acronym"), 1)) | Q(GreaterThan(Length("name"), 36))),
            then=F("acronym"),
        ),
        default=F("name"),
    ),
}


class Migration(migrations.Migration):
    dependencies = [("members", "0005_documents_of_a_day"), ("portal", "0005_sort_key")]
    operations = [
        # the expression of a generated column cannot be altered
        migrations.RemoveIndex("organisation", "members_organisation_by_name"),
        *(migrations.RemoveField(model, name) for model, name in KEYS),
        *(
            migrations.AddField(
                model,
                name,
                models.GeneratedField(
                    expression=SortKey(of), output_field=models.TextField(db_collation="C"), db_persist=True
                ),
            )
            for (model, name), of in KEYS.items()
        ),
        migrations.AddIndex(
            "organisation", models.Index(fields=["sort_name", "id"], name="members_organisation_by_name")
        ),
    ]
