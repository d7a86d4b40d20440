"""An UAI code, an RNSR number and a ROR id belong to one organisation, whether first or further numbers of it."""

from django.db import migrations, models

# Looked at as the transaction ends, so that a number may pass from one to another in one save.
NUMBERS = """
CREATE FUNCTION members_check_numbers(organisation bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE twice text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('members_official_numbers'));
    IF NOT EXISTS (SELECT 1 FROM members_organisation WHERE id = organisation AND status <> 'archived') THEN
        RETURN;
    END IF;
    WITH mine AS (
        SELECT kind, value, true AS further FROM members_furthernumber
        WHERE organisation_id = organisation AND kind <> 'siren'
        UNION ALL
        SELECT first.kind, first.value, false FROM members_organisation own
        CROSS JOIN LATERAL (
            VALUES ('uai', own.uai_code), ('rnsr', own.rnsr_id), ('ror', own.ror_id)
        ) first (kind, value)
        WHERE own.id = organisation AND first.value <> ''
    ), borne AS (
        SELECT mine.value, further.organisation_id FROM mine
        JOIN members_furthernumber further ON further.kind = mine.kind AND further.value = mine.value
        UNION ALL
        SELECT value, other.id FROM mine JOIN members_organisation other ON other.uai_code = value
        WHERE further AND kind = 'uai' AND other.uai_code <> '' AND other.status <> 'archived'
        UNION ALL
        SELECT value, other.id FROM mine JOIN members_organisation other ON other.rnsr_id = value
        WHERE further AND kind = 'rnsr' AND other.rnsr_id <> '' AND other.status <> 'archived'
        UNION ALL
        SELECT value, other.id FROM mine JOIN members_organisation other ON other.ror_id = value
        WHERE further AND kind = 'ror' AND other.ror_id <> '' AND other.status <> 'archived'
    )
    SELECT value INTO twice FROM borne JOIN members_organisation other ON other.id = borne.organisation_id
    WHERE borne.organisation_id <> organisation AND other.status <> 'archived' LIMIT 1;
    IF twice IS NOT NULL THEN
        RAISE EXCEPTION 'Number % is of two organisations', twice
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'members_number_of_one_organisation';
    END IF;
END $$;
CREATE FUNCTION members_numbers_of_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM members_check_numbers(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION members_numbers_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM members_check_numbers(NEW.organisation_id);
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
DROP FUNCTION members_check_numbers;
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
