"""What the members' ground floor keeps of persons, and for how long."""

import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cluster_portal.personal_data.of_portal import make_nobody_s, with_accounts
from cluster_portal.personal_data.retention import Term, keep
from cluster_portal.personal_data.sought import ERASED, Sought
from cluster_portal.personal_data.sources import Found, Rows, of_nobody, register
from members.imports.batches import forget_old_files
from members.models import ContactPerson, ImportBatch, Invitation, Membership, Person, RoleAssignment
from members.models.imports import KEPT_DAYS, OVER, Action

YEAR = 365

register(
    Rows(
        "contacts",
        _("Contact persons"),
        _("are deleted"),
        "members.contactperson",
        names=("name",),
        emails=("email",),
        phones=("phone",),
        told=("role", "organisation", "cluster", "agreed_on"),
    )
)
register(
    Rows(
        "invitations",
        _("Invitations"),
        _("are deleted"),
        "members.invitation",
        emails=("email",),
        told=("role", "cluster", "created_at"),
    )
)
of_nobody(
    "an organisation's, not a person's; where it is one's all the same, it is found as a mention",
    "members.organisation.email", "members.organisation.phone", "members.cluster.email", "members.cluster.phone",
)  # fmt: skip


# --- files ------------------------------------------------------------------------------------------------------------
def _line_emptied(rows: QuerySet, sought: Sought) -> int:
    """Of the whole line: its cells hold parts of a name each. What was not imported yet is not imported."""
    number = 0
    for row in rows.select_related("batch"):
        row.raw = [ERASED if cell else "" for cell in row.raw] if isinstance(row.raw, list) else ERASED
        row.values, row.changes, row.repairs, row.problems, row.candidates = {}, {}, [], [], []
        if row.batch.state not in OVER:
            row.action, row.decision, row.decided = Action.SKIP, "", None
        row.save()
        number += 1
    return number


register(
    Rows(
        "import_lines",
        _("Lines of imported files"),
        _("are emptied, and not imported if they were not yet"),
        "members.importrow",
        texts=("raw", "values"),
        also=("changes",),
        forget=_line_emptied,
    )
)


class Files:
    """Uploaded files that are kept still."""

    key, label, becomes = "import_files", _("Imported files"), _("are deleted")
    fields = ("members.importbatch.stored_as",)

    def find(self, sought: Sought) -> list[Found]:
        kept = ImportBatch.objects.exclude(stored_as="").order_by("pk")
        return [
            Found(
                str(one.pk),
                f"{one.file_name} ({one.cluster})",
                {str(_("file")): one.file_name},
                certain=sought.sure.names_her(words),
            )
            for one in kept.select_related("cluster")
            if one.path.exists() and sought.all_words_in(words := _words_of(one.path))
        ]

    def erase(self, keys: Iterable[str], sought: Sought) -> int:
        number = 0
        for batch in ImportBatch.objects.filter(pk__in=list(keys)).exclude(stored_as=""):
            path = batch.path
            ImportBatch.objects.filter(pk=batch.pk).update(stored_as="")
            transaction.on_commit(lambda path=path: path.unlink(missing_ok=True))
            number += 1
        return number


def _words_of(path: Path) -> str:
    """What stands in a file, whether it is a workbook or plain text, however it is coded."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            inside = [packed.read(name) for name in packed.namelist() if name.endswith(".xml")]
        return " ".join(re.sub("<[^>]*>", " ", one.decode(errors="replace")) for one in inside)
    content = path.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


register(Files())


# --- accounts ---------------------------------------------------------------------------------------------------------
@with_accounts
def end_roles(accounts: list[int]) -> None:
    today = timezone.localdate()
    running = RoleAssignment.objects.filter(user__in=accounts).not_over(today)
    running.filter(valid_from__lte=today).update(valid_until=today)
    running.filter(valid_from__gt=today).update(valid_until=F("valid_from"))
    Invitation.objects.filter(invited_by__in=accounts).unanswered().delete()


# --- how long ---------------------------------------------------------------------------------------------------------
def contacts_of_former_members(moment: datetime) -> QuerySet:
    """Of a cluster that the organisation left by then, by closing or otherwise; the network's own, of organisations that
    left every cluster. Whom an organisation that was never a member names, stays."""
    day = timezone.localdate(moment)
    here = Membership.objects.filter(organisation=OuterRef("organisation"))
    of_cluster = Q(Exists(here.filter(cluster=OuterRef("cluster")))) & ~Q(
        Exists(here.filter(cluster=OuterRef("cluster")).exclude(pk__in=Membership.objects.ended(day)))
    )
    of_network = Q(Exists(here)) & ~Q(Exists(here.exclude(pk__in=Membership.objects.ended(day))))
    return ContactPerson.objects.filter(Q(cluster__isnull=False) & of_cluster | Q(cluster=None) & of_network)


def accounts_out_of_use(moment: datetime) -> QuerySet:
    """Closed, and neither signed in by nor at work since; those that became a number already are left out."""
    worked = RoleAssignment.objects.filter(user=OuterRef("pk")).exclude(valid_until__lte=timezone.localdate(moment))
    closed = Person.objects.filter(is_active=False, date_joined__lt=moment).exclude(username__startswith="erased-")
    return closed.filter(Q(last_login=None) | Q(last_login__lt=moment)).filter(~Exists(worked))


def _deleted(rows: QuerySet) -> int:
    number = rows.count()
    rows.delete()
    return number


def _old_files(moment: datetime) -> QuerySet:
    return ImportBatch.objects.filter(uploaded_at__lt=moment).exclude(stored_as="")


keep(
    Term(
        "contacts",
        _("contact persons of organisations that left three years ago"),
        3 * YEAR,
        lambda moment: contacts_of_former_members(moment).count(),
        lambda moment: _deleted(contacts_of_former_members(moment)),
    )
)
keep(
    Term(
        "import_files",
        _("imported files, after thirty days"),
        KEPT_DAYS,
        lambda moment: _old_files(moment).count(),
        lambda moment: forget_old_files(),
    )
)
keep(
    Term(
        "accounts",
        _("accounts closed for two years"),
        2 * YEAR,
        lambda moment: accounts_out_of_use(moment).count(),
        lambda moment: make_nobody_s(accounts_out_of_use(moment)),
    )
)
