"""Sessions from before the sign-in knows of each: nobody sees them among her own, and nobody could end them."""

from django.db import migrations


def end_all(apps, schema_editor):
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("portal", "0013_counted_by_all_processes"), ("sessions", "0001_initial")]

    operations = [migrations.RunPython(end_all, migrations.RunPython.noop)]
