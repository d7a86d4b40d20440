"""What forms were answered, so that a second sending of the same is answered the same."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0010_folding_in_fewer_steps'),
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(max_length=64)),
                ('sent', models.CharField(blank=True, max_length=64)),
                ('location', models.TextField(blank=True, help_text='Where the answer led; blank: nothing was done.')),
                ('page', models.TextField(blank=True, help_text='The page that closes a window for one box.')),
                ('messages', models.JSONField(default=list)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='answered')),
            ],
            options={
                'verbose_name': 'answer to a form',
                'verbose_name_plural': 'answers to forms',
                'ordering': ['-at', 'pk'],
                'indexes': [models.Index(fields=['at'], name='portal_answer_by_time')],
                'constraints': [models.UniqueConstraint(fields=('form',), name='portal_answer_once', violation_error_message='This form was sent already.')],
            },
        ),
    ]
