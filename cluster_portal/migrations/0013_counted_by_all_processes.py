"""The table of Django's database cache: what all processes of the site count together."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0012_security_log_and_outbox")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE portal_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX portal_cache_expires ON portal_cache (expires);
            """,
            "DROP TABLE portal_cache",
        )
    ]
