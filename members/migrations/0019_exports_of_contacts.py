"""Who took contact persons away in a file, which and what for (docs/decisions/0024)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0018_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                ("purpose", models.CharField(max_length=300, verbose_name="purpose")),
                ("filters", models.TextField(blank=True, verbose_name="filters")),
                ("address", models.TextField(verbose_name="address of the list")),
                ("rows", models.PositiveIntegerField(verbose_name="number of rows")),
                ("people", models.PositiveIntegerField(verbose_name="number of persons")),
                ("columns", models.TextField(verbose_name="columns")),
                ("format", models.CharField(max_length=10, verbose_name="format")),
                (
                    "cluster",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="members.cluster",
                        verbose_name="whose contact persons",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by whom",
                    ),
                ),
            ],
            options={
                "verbose_name": "export of contact persons",
                "verbose_name_plural": "exports of contact persons",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["-at", "-id"], name="members_contactexport_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose", ""), _negated=True),
                        name="members_contactexport_for_a_purpose",
                        violation_error_message="Say what the contact persons are needed for, in a few words.",
                    )
                ],
            },
        ),
    ]
