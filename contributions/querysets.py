"""Which proposals, notes, messages and alerts there are, and for whom."""

from datetime import date, datetime, timedelta

from django.apps import apps
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cluster_portal.records.publication import Status
from members.models import Organisation
from members.rights import rights_of
from members.scope import OfOneCluster
from projects.models import Project

SILENT_FOR = timedelta(days=2 * 365)  # after which nothing is told to a reader of whom nothing was heard
ASKED_BEFORE = timedelta(days=30)  # that ends
MORNING = 7  # o'clock, by the site's clock


class ChangeProposalQuerySet(QuerySet):
    def open(self):
        """Those that somebody of staff decides: their senders have confirmed them."""
        return self.filter(state__in=self.model.OPEN)

    def with_subject(self):
        return self.select_related("organisation", "project", "cluster", "from_cluster")

    def the_same(self, fingerprint: str):
        """Those under way that say the same of the same."""
        return self.filter(fingerprint=fingerprint, state__in=[self.model.State.UNCONFIRMED, *self.model.OPEN])

    def never_confirmed(self, before):
        return self.filter(state=self.model.State.UNCONFIRMED, created_at__lt=before)

    def that_made(self, record):
        """Those that were accepted, and of which this organisation or project came to be."""
        accepted = self.filter(state__in=[self.model.State.ACCEPTED, self.model.State.PARTLY]).exclude(values={})
        match record:
            case Organisation():
                return accepted.filter(kind=self.model.Kind.JOIN, organisation=record)
            case Project():
                return accepted.filter(kind=self.model.Kind.PROJECT, project=record, cluster__isnull=False)
        return self.none()

    def editable_by(self, user):
        """Those that she decides: about what she keeps, or sent to one of her clusters."""
        rights = rights_of(user)
        if rights.network:
            return self.all()
        new = Q(kind=self.model.Kind.JOIN) | Q(
            kind=self.model.Kind.PROJECT, cluster__isnull=False
        )  # what is not there yet, or was not when it was sent
        kept = (
            Q(organisation__in=Organisation.objects.kept_by(user).order_by().values("pk"), project=None)
            | Q(project__in=Project.objects.kept_by(user).order_by().values("pk"))
            | Q(cluster__in=rights.clusters, organisation=None, project=None)
        )
        return self.filter(new & Q(cluster__in=rights.clusters) | ~new & kept)

    def selectable_by(self, user):
        return self.editable_by(user)

    def asked_by(self, user):
        """What her clusters ask of whoever keeps what they see."""
        rights = rights_of(user)
        asked = self.filter(from_cluster__isnull=False)
        return asked if rights.network else asked.filter(from_cluster__in=rights.clusters)


class SavedAnswerQuerySet(QuerySet):
    def editable_by(self, user):
        rights = rights_of(user)
        return self.all() if rights.network else self.filter(cluster__in=rights.clusters)

    def selectable_by(self, user):
        rights = rights_of(user)
        return self.all() if rights.network else self.filter(Q(cluster=None) | Q(cluster__in=rights.clusters))


class NoticeQuerySet(QuerySet):
    def unsent(self):
        return self.filter(sent_at=None)


class InternalNoteQuerySet(OfOneCluster):
    """Read and written by the cluster whose notes they are, and by the network."""

    def to_remind(self, user, at=None):
        """Her own, of which the day has come."""
        return self.editable_by(user).filter(author=user.pk, remind_on__lte=at or timezone.localdate())


class RelayedMessageQuerySet(QuerySet):
    """Nobody of staff reads a message: they are told how many there were."""

    def unconfirmed(self):
        return self.filter(passed_on_at=None)

    def never_confirmed(self, before: datetime):
        return self.unconfirmed().filter(created_at__lte=before)

    def passed_on(self, *, since: datetime | None = None, before: datetime | None = None):
        moments = {"passed_on_at__gt": since, "passed_on_at__lte": before}
        known = {name: moment for name, moment in moments.items() if moment}
        return self.filter(passed_on_at__isnull=False, **known)

    def with_subject(self):
        return self.select_related("organisation", "project")

    def to_address(self, email: str):
        """Of whatever organisations have this address: it is one person who reads them."""
        return self.filter(organisation__email__iexact=email)

    def as_number(self) -> Subquery:
        """Their number beside a row that they are of."""
        return Subquery(self.order_by().values("organisation").annotate(number=Count("pk")).values("number"))


class ListAlertQuerySet(QuerySet):
    """``at``: a moment."""

    def unconfirmed(self, before):
        return self.filter(confirmed_at=None, created_at__lt=before)

    def silent_since(self, moment):
        return self.filter(answered_at__lte=moment)

    def heard_of(self, at):
        """Those whose readers want them still, as far as one knows."""
        return self.filter(answered_at__gt=at - SILENT_FOR)

    def soon_silent(self, at):
        """Those that end within a month unless something is heard of their readers, whom ``is_heard_of`` asks."""
        return self.heard_of(at).silent_since(at - SILENT_FOR + ASKED_BEFORE)

    def due(self, at):
        """Those whose lists are to be looked at: each morning or a week after the last time, and at once where nothing is
        known yet to compare with."""
        today, new = timezone.localdate(at), Q(looked_on=None)
        daily = Q(frequency="daily", looked_on__lt=today)
        weekly = Q(frequency="weekly", looked_on__lte=today - timedelta(days=7))
        is_morning = timezone.localtime(at).hour >= MORNING
        return self.heard_of(at).filter(new | daily | weekly if is_morning else new)


class CorrespondenceQuerySet(OfOneCluster):
    def asking(self):
        return self.filter(asks=True, cluster__status=Status.PUBLISHED)

    def with_answers(self, days: int = 365):
        """``asked`` and ``answered``: how many organisations in so many days."""
        links = apps.get_model("contributions.SignedLink").objects.filter(cluster=OuterRef("cluster")).order_by()
        lately = links.sent_on(timezone.localdate() - timedelta(days=days))

        def organisations(some):
            number = some.values("cluster").annotate(number=Count("organisation", distinct=True)).values("number")
            return Coalesce(Subquery(number), 0)

        return self.annotate(asked=organisations(lately), answered=organisations(lately.filter(used_at__isnull=False)))


class SignedLinkQuerySet(QuerySet):
    def newer_than(self, link):
        """Those that were sent later to the same organisation for the same."""
        return self.filter(organisation=link.organisation_id, purpose=link.purpose, pk__gt=link.pk)

    def sent_on(self, first: date, last: date | None = None):
        """From the first of these days to the last, or until now."""
        rows = self.filter(sent_at__date__gte=first)
        return rows if last is None else rows.filter(sent_at__date__lte=last)

    def organisations(self):
        """Keys of those that they stand for: what was merged stands for what it was merged into."""
        stands_for = Coalesce("organisation__merged_into", "organisation")
        return self.order_by().annotate(stands_for=stands_for).values("stands_for")
