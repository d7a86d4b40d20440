"""Names sort by their letters, those of projects, programmes and funders by the name that a language shows."""

from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf

from cluster_portal.records.ordering import SortKey
from cluster_portal.records.triggers import touch_trigger, without


def first_of(*names: str):
    *others, last = names
    return Coalesce(*(NullIf(name, Value("")) for name in others), last)


KEYS = {
    ("project", "sort_name_fr"): first_of("acronym", "title_fr", "title_en"),
    ("project", "sort_name_en"): first_of("acronym", "title_en", "title_fr"),
    ("programme", "sort_name_fr"): "name_fr",
    ("programme", "sort_name_en"): first_of("name_en", "name_fr"),
    ("funder", "sort_name_fr"): "name_fr",
    ("funder", "sort_name_en"): first_of("name_en", "name_fr"),
}
BEFORE = touch_trigger("projects", "project", "sort_name", "private_investment")
TOUCHED = touch_trigger("projects", "project", "sort_name_fr", "sort_name_en", "private_investment")


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_documents_of_a_day"), ("portal", "0005_sort_key")]
    operations = [
        migrations.RemoveIndex("project", "projects_project_by_name"),
        migrations.RemoveField("project", "sort_name"),
        migrations.RemoveField("programme", "sort_name"),
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
        migrations.AlterModelOptions(
            "project", {"ordering": ["sort_name_fr", "pk"], "verbose_name": "project", "verbose_name_plural": "projects"}
        ),
        migrations.AlterModelOptions(
            "programme",
            {"ordering": ["sort_name_fr", "pk"], "verbose_name": "programme", "verbose_name_plural": "programmes"},
        ),
        migrations.AlterModelOptions(
            "funder", {"ordering": ["sort_name_fr", "pk"], "verbose_name": "funder", "verbose_name_plural": "funders"}
        ),
        *(
            migrations.AddIndex(
                "project",
                models.Index(fields=[f"sort_name_{language}", "id"], name=f"projects_project_by_name_{language}"),
            )
            for language in ("fr", "en")
        ),
        migrations.RunSQL(without(BEFORE), BEFORE),
        migrations.RunSQL(TOUCHED, without(TOUCHED)),
    ]
