from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from cluster_portal.records.publication import Status, choices_constraint, language_constraint
from contributions.querysets import ChangeProposalQuerySet
from members.models import Cluster, Organisation
from projects.models import Project

LONGEST_REASON = 500
ERASED_SENDER = "erased@invalid.invalid"  # who was erased: a proposal has a sender, and nobody is written to


class ProposalKind(models.TextChoices):
    REPORT = "report", pgettext_lazy("proposal", "Error reported")
    CORRECTION = "correction", pgettext_lazy("proposal", "Change proposed")
    JOIN = "join", pgettext_lazy("proposal", "Request to become a member")
    PROJECT = "project", pgettext_lazy("proposal", "Project proposed")
    CONFIRMATION = "confirmation", pgettext_lazy("proposal", "Confirmed by the organisation")


class ProposalState(models.TextChoices):
    UNCONFIRMED = "unconfirmed", pgettext_lazy("proposal", "not confirmed by its sender")
    PENDING = "pending", pgettext_lazy("proposal", "waiting for a decision")
    WAITING = "waiting", pgettext_lazy("proposal", "waiting for its sender")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
    PARTLY = "partly", pgettext_lazy("proposal", "accepted in part")
    REFUSED = "refused", pgettext_lazy("proposal", "refused")
    EXPIRED = "expired", pgettext_lazy("proposal", "expired")


class ChangeProposal(models.Model):
    """Somebody without an account says what is wrong or missing in what is published, or staff of another cluster do.

    ``values`` and ``based_on`` are keyed by the names of ``contributions.fields``. A request to join holds in ``values`` all
    that was typed of the organisation, the kind (``kind``) among it, and nothing in ``based_on``; likewise a project.

    Nothing of it is public, and nothing is changed by it, until whoever keeps the record has decided: field by field,
    since each value comes with the one that it was meant to replace.
    """

    Kind, State = ProposalKind, ProposalState
    OPEN = (ProposalState.PENDING, ProposalState.WAITING)
    DECIDED = (ProposalState.ACCEPTED, ProposalState.PARTLY, ProposalState.REFUSED)

    kind = models.CharField(_("kind"), max_length=12, choices=ProposalKind.choices)
    # What it is about. A request to join names the cluster, and the organisation if it is in the directory already; a project
    # that is proposed names the cluster that is asked to take it up, an outcome its project and no cluster.
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name=_("organisation")
    )
    cluster = models.ForeignKey(
        Cluster, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name=_("cluster")
    )
    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name=_("project")
    )
    values = models.JSONField(_("proposed"), default=dict, blank=True)  # by the names of contributions.fields
    based_on = models.JSONField(_("instead of"), default=dict, blank=True)  # what stood there, by the same names
    note = models.TextField(_("note"), max_length=4000, blank=True)

    sender_email = models.EmailField(_("sender"), blank=True)
    sender_name = models.CharField(_("name of the sender"), max_length=120, blank=True)
    sender_known = models.BooleanField(_("sent from the organisation’s own address"), default=False)
    sent_by = models.ForeignKey(  # staff of another cluster, who have an account
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    from_cluster = models.ForeignKey(
        Cluster, models.CASCADE, null=True, blank=True, related_name="requests", verbose_name=_("asked by")
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")
    sent_from = models.CharField(max_length=200, blank=True, editable=False)  # the site's address, for links in mails
    fingerprint = models.CharField(
        max_length=64, editable=False
    )  # of who says it, what it is about and all that it says
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    state = models.CharField(
        _("state"), max_length=11, choices=ProposalState.choices, default=ProposalState.UNCONFIRMED
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    # by the same names: {"taken": "proposed" | "edited" | "refused", "value": what was written}
    decisions = models.JSONField(_("decided"), default=dict, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    change_set = models.UUIDField(_("change set"), null=True, blank=True, editable=False)

    objects = ChangeProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["created_at", "pk"]
        constraints = [
            choices_constraint("kind", ProposalKind),
            choices_constraint("state", ProposalState),
            language_constraint("contributions_proposal_language"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(cluster__isnull=False) | Q(project__isnull=False),
                name="contributions_proposal_about",
                violation_error_message=_("A proposal is about something."),
            ),
            models.CheckConstraint(
                condition=~Q(sender_email="") | Q(from_cluster__isnull=False),
                name="contributions_proposal_sender",
                violation_error_message=_("A proposal is sent by somebody: an e-mail address, or a cluster."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""),
                name="contributions_proposal_reason",
                violation_error_message=_("A refusal has a reason."),
            ),
            models.UniqueConstraint(
                "fingerprint",
                condition=Q(state__in=["unconfirmed", "pending", "waiting"]),
                name="contributions_proposal_once",
                violation_error_message=_("The same was proposed already, and is being looked at."),
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="contributions_proposal_queue")]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.name}"

    def get_kind_display(self) -> str:
        """In words; an outcome is proposed as part of a project, and is none."""
        if self.is_outcome:
            return pgettext("proposal", "Outcome proposed")
        return str(ProposalKind(self.kind).label)

    @property
    def is_outcome(self) -> bool:
        return self.kind == ProposalKind.PROJECT and not self.cluster_id

    @property
    def may_be_confirmed(self) -> bool:
        """What it is about is public still: of an archived page nothing is shown that could be right or wrong."""
        return bool(self.subject) and self.subject.status == Status.PUBLISHED

    @property
    def sender_is_known(self) -> bool:
        """Whether there is somebody to write to."""
        return self.sender_email not in ("", ERASED_SENDER)

    @property
    def name(self) -> str:
        """Of what it is about: a new member or project has the name that was proposed."""
        if self.kind in (ProposalKind.JOIN, ProposalKind.PROJECT) and not (self.organisation_id or self.project_id):
            return str(
                self.values.get("name") or self.values.get("acronym") or self.values.get("title_fr") or self.cluster
            )
        return str(self.subject)

    @property
    def subject(self) -> Organisation | Project | Cluster | None:
        """The record that would be changed; of a request to join, the organisation if it is there already."""
        return self.project or self.organisation or self.cluster


class ProposalMessage(models.Model):
    """What staff ask the sender of a proposal, and what the sender answers."""

    proposal = models.ForeignKey(ChangeProposal, models.CASCADE, related_name="messages", verbose_name=_("proposal"))
    text = models.TextField(_("text"), max_length=4000)
    by = models.ForeignKey(  # nobody: the sender
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    from_staff = models.BooleanField(_("from staff"))
    at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["at", "pk"]

    def __str__(self):
        return self.text[:80]
