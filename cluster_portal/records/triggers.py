"""The triggers that apps put on their tables, as the SQL of their migrations.

``portal_log_change``, ``portal_remember_slug`` and ``portal_touch`` are defined by the migrations of
``cluster_portal``. What a migration says once must stay said: change what these functions return only before it
is released.
"""

from collections.abc import Mapping, Sequence

EVENTS = ("INSERT", "UPDATE", "DELETE")


def document_trigger(table: str, function: str, event: str, of: str = "") -> str:
    """Calls ``function`` once a statement, with the rows ``changed`` and, at an update, ``former``.

    ``of`` names whose documents they are when the table has triggers for its own already. Bulk loads
    find these triggers by ``_document_`` in their names, to disable them for a while.
    """
    transitions = {
        "INSERT": "NEW TABLE AS changed",
        "UPDATE": "NEW TABLE AS changed OLD TABLE AS former",
        "DELETE": "OLD TABLE AS changed",
    }[event]
    name = "_".join(filter(None, [table, of, "document", event.lower()]))
    return (
        f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {transitions} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}();"
    )


def log_triggers(owners: Mapping[str, Sequence[str]]) -> list[str]:
    """Each change of these tables goes to the log, under the columns that say whose rows they are."""
    transitions = {
        "INSERT": "REFERENCING NEW TABLE AS changed ",
        "UPDATE": "REFERENCING NEW TABLE AS changed OLD TABLE AS former ",
        "DELETE": "REFERENCING OLD TABLE AS former ",
        "TRUNCATE": "",
    }
    return [
        f"CREATE TRIGGER {table}_{when.lower()}_logged AFTER {when} ON {table} {transitions[when]}"
        f"FOR EACH STATEMENT EXECUTE FUNCTION portal_log_change({', '.join(map(repr, columns))});"
        for table, columns in owners.items()
        for when in transitions
    ]


def slug_trigger(app: str, model: str) -> str:
    """A changed slug goes on leading to its page."""
    return (
        f"CREATE TRIGGER {app}_{model}_slug AFTER UPDATE OF slug ON {app}_{model} FOR EACH ROW "
        f"WHEN (OLD.slug IS DISTINCT FROM NEW.slug) EXECUTE FUNCTION portal_remember_slug('{model}');"
    )


def touch_trigger(app: str, model: str, *generated: str) -> str:
    """The date of change moves with a change; generated columns are not computed yet and left out."""
    columns = ", ".join(f"'{column}'" for column in generated)
    return (
        f"CREATE TRIGGER {app}_{model}_touch BEFORE UPDATE ON {app}_{model} FOR EACH ROW "
        f"EXECUTE FUNCTION portal_touch({columns});"
    )


def without(statement: str) -> str:
    """The statement that takes a trigger away again."""
    created, table = statement.split(" ON ")[0], statement.split(" ON ")[1].split()[0]
    name = created.split(" AFTER ")[0].split(" BEFORE ")[0].removeprefix("CREATE TRIGGER ")
    return f"DROP TRIGGER {name} ON {table}"


def learn_words(texts: str) -> str:
    """Adds to the vocabulary of spelling suggestions the words of ``texts``, a query of one text column.

    Each distinct word once, folded after: folding every occurrence would cost ten times more.
    """
    return rf"""
INSERT INTO portal_searchword (word, spelling)
SELECT DISTINCT ON (folded) folded, spelling
FROM (
    SELECT portal_fold(spelling) AS folded, spelling
    FROM (
        SELECT DISTINCT regexp_split_to_table(lower(text), E'[\\s[:punct:]«»’‘“”…–—{chr(0xA0)}{chr(0x202F)}]+') AS spelling
        FROM ({texts}) texts (text)
    ) words
    WHERE length(spelling) BETWEEN 4 AND 40 AND spelling !~ '[0-9]'
) folded_words
WHERE folded <> '' AND folded !~ ' '
ORDER BY folded, spelling DESC  -- an accented spelling sorts after the bare one
ON CONFLICT (word) DO NOTHING;
"""


def only_added_to(*tables: str) -> str:
    """Whoever serves visitors adds rows to these tables, and neither changes nor removes any; their owner does."""
    names = ", ".join(f"'{table}'" for table in tables)
    return f"""
DO $$ DECLARE allowed record; BEGIN
    FOR allowed IN
        SELECT DISTINCT relname, acl.grantee::regrole AS grantee
        FROM pg_class, aclexplode(relacl) acl
        WHERE relnamespace = 'public'::regnamespace AND relname IN ({names})
          AND acl.privilege_type IN ('UPDATE', 'DELETE') AND acl.grantee NOT IN (0, relowner)
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE ON %I FROM %s', allowed.relname, allowed.grantee);
    END LOOP;
END $$;
"""
