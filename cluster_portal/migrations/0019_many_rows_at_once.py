"""Changes of very many rows, which are made behind the pages."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0016_events_of_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=300, verbose_name='what')),
                ('order', models.JSONField()),
                ('number', models.PositiveIntegerField(verbose_name='rows')),
                ('language', models.CharField(max_length=10)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'under way'), ('done', 'done'), ('failed', 'failed, nothing was written'), ('interrupted', 'interrupted, nothing was written')], default='waiting', max_length=11, verbose_name='state')),
                ('told', models.JSONField(default=list, help_text='What to say of it: pairs of a level and a text.')),
                ('task', models.CharField(blank=True, help_text='Its key in the queue.', max_length=64)),
                ('key', models.CharField(blank=True, help_text='The change set, for the way back.', max_length=36)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'change of many rows',
                'verbose_name_plural': 'changes of many rows',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['created_at'], name='portal_bulkchange_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'done', 'failed', 'interrupted'])), name='portal_bulkchange_state_known', violation_error_message='Choose one of the values offered.')],
            },
        ),
    ]
