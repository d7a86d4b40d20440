"""An UAI code, an RNSR number and a ROR id belong to one organisation, whether first or further numbers of it."""

from django.db import migrations, models

# Looked at as the transaction ends, so that a number may pass from one to another in one save.
NUMBERS = """
CREATE FUNCTION members_check_further(sort text, number text, bearer bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF sort <> 'siren' AND EXISTS (
        SELECT 1 FROM members_organisation WHERE id = bearer AND status <> 'archived'
    ) AND (EXISTS (
        SELECT 1 FROM members_furthernumber further JOIN members_organisation other ON other.id = further.organisation_id
        WHERE further.kind = sort AND further.value = number AND other.id <> bearer AND other.status <> 'archived'
    ) OR sort = 'uai' AND EXISTS (
        SELECT 1 FROM members_organisation
        WHERE uai_code = number AND uai_code <> '' AND status <> 'archived' AND id <> bearer
    ) OR sort = 'rnsr' AND EXISTS (
        SELECT 1 FROM members_organisation
        WHERE rnsr_id = number AND rnsr_id <> '' AND status <> 'archived' AND id <> bearer
    ) OR sort = 'ror' AND EXISTS (
        SELECT 1 FROM members_organisation
        WHERE ror_id = number AND ror_id <> '' AND status <> 'archived' AND id <> bearer
    )) THEN
        RAISE EXCEPTION 'Number % is of two organisations', number
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'members_number_of_one_organisation';
    END IF;
END $$;
CREATE FUNCTION members_numbers_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('members_official_numbers'));
    PERFORM members_check_further(kind, value, organisation_id) FROM members_furthernumber WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE FUNCTION members_numbers_of_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('members_official_numbers'));
    PERFORM members_check_further(kind, value, organisation_id) FROM members_furthernumber WHERE organisation_id = NEW.id;
    PERFORM members_check_further(further.kind, further.value, further.organisation_id)
    FROM members_organisation own
    CROSS JOIN LATERAL (VALUES ('uai', uai_code), ('rnsr', rnsr_id), ('ror', ror_id)) first (sort, number)
    JOIN members_furthernumber further ON further.kind = first.sort AND further.value = first.number
    WHERE own.id = NEW.id AND own.status <> 'archived' AND first.number <> '';
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER members_furthernumber_once_in_all AFTER INSERT OR UPDATE ON members_furthernumber
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind <> 'siren') EXECUTE FUNCTION members_numbers_of_row();
CREATE CONSTRAINT TRIGGER members_organisation_numbers_insert AFTER INSERT ON members_organisation
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.uai_code || NEW.rnsr_id || NEW.ror_id <> '')
EXECUTE FUNCTION members_numbers_of_organisation();
CREATE CONSTRAINT TRIGGER members_organisation_numbers_update
AFTER UPDATE OF uai_code, rnsr_id, ror_id, status ON members_organisation
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (OLD.status = 'archived'
      OR (OLD.uai_code, OLD.rnsr_id, OLD.ror_id) IS DISTINCT FROM (NEW.uai_code, NEW.rnsr_id, NEW.ror_id))
EXECUTE FUNCTION members_numbers_of_organisation();
"""
WITHOUT = """
DROP TRIGGER members_organisation_numbers_update ON members_organisation;
DROP TRIGGER members_organisation_numbers_insert ON members_organisation;
DROP TRIGGER members_furthernumber_once_in_all ON members_furthernumber;
DROP FUNCTION members_numbers_of_row; DROP FUNCTION members_numbers_of_organisation;
DROP FUNCTION members_check_further;
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0013_wrong_values_refused")]
    operations = [
        migrations.AddIndex(
            model_name="furthernumber",
            index=models.Index(fields=["kind", "value"], name="members_furthernumber_value"),
        ),
        migrations.RunSQL(NUMBERS, WITHOUT),
    ]
