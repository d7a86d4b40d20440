"""A check that comes to NULL passes: one coordinate without the other did."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0007_documents_kept_true'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='cluster',
            name='members_cluster_coordinates_paired',
        ),
        migrations.RemoveConstraint(
            model_name='site',
            name='members_site_coordinates_with_precision',
        ),
        migrations.AddConstraint(
            model_name='cluster',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None)), models.Q(('latitude__isnull', False), ('latitude__range', (-90, 90)), ('longitude__isnull', False), ('longitude__range', (-180, 180))), _connector='OR'), name='members_cluster_coordinates_paired', violation_error_message='Give both latitude (-90 to 90) and longitude (-180 to 180), or neither.'),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None), ('precision', '')), models.Q(('latitude__isnull', False), ('longitude__isnull', False), ('latitude__range', (-90, 90)), ('longitude__range', (-180, 180)), ('precision__in', ('address', 'city', 'department'))), _connector='OR'), name='members_site_coordinates_with_precision', violation_error_message='Give latitude (-90 to 90), longitude (-180 to 180) and their precision, or none of the three.'),
        ),
    ]
