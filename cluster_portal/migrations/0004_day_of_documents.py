"""The day that search documents speak of: what begins or ends by date enters and leaves them when that day comes."""

from django.db import migrations

# One day for all documents, those that are written later included, so that two of them never speak of different days.
# It is the site's own, told by whoever searches (cluster_portal.records.search); the server's is another for some hours
# of each day. The apps whose documents depend on it put triggers on this table.
DAY = """
CREATE TABLE portal_documentday (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    day date NOT NULL
);
INSERT INTO portal_documentday (day) VALUES (current_date);
CREATE FUNCTION portal_day() RETURNS date
LANGUAGE sql STABLE
RETURN (SELECT day FROM portal_documentday);
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0003_log_of_changes")]
    operations = [migrations.RunSQL(DAY, "DROP FUNCTION portal_day; DROP TABLE portal_documentday")]
