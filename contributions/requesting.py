"""A change that staff of one cluster ask of whoever keeps the record: a proposal that needs no confirmation by mail."""

from hashlib import sha256
from json import dumps

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from cluster_portal.records.transactions import refused_at_once

from .fields import Json, Subject
from .models import ChangeProposal
from .models.proposals import ProposalKind, ProposalState


class SameAlready(Exception):  # noqa: N818 (an answer, and no fault)
    """The same is being looked at."""

    def __str__(self) -> str:
        return str(gettext_lazy("The same was proposed already, and is being looked at."))


def request_change(
    subject: Subject, values: dict[str, Json], now: dict[str, Json], *, by, of: int, note: str = "", sent_from: str = ""
) -> ChangeProposal:
    about = {subject._meta.model_name: subject}
    proposal = ChangeProposal(
        kind=ProposalKind.CORRECTION if values else ProposalKind.REPORT,
        values=values,
        based_on={name: now[name] for name in values},
        note=note,
        sent_by=by,
        sent_from=sent_from,
        sender_email=by.email,
        sender_name=by.get_full_name() or by.get_username(),
        from_cluster_id=of,
        language=(get_language() or "fr")[:2],
        state=ProposalState.PENDING,
        confirmed_at=timezone.now(),
        **about,
    )
    proposal.fingerprint = sha256(
        dumps([subject._meta.label_lower, subject.pk, of, values, note], sort_keys=True).encode()
    ).hexdigest()
    try:
        with refused_at_once():
            proposal.save(force_insert=True)
    except IntegrityError as error:
        raise SameAlready from error
    return proposal
