"""The page of what waits: the oldest first, with the criteria by which it is decided printed beside it."""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.admin import ModelAdmin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cluster_portal.models import Page
from cluster_portal.records.scope import EDIT_NETWORK
from cluster_portal.writing import rich_text
from contributions.models import ChangeProposal, Matter
from contributions.waiting import IN_REVIEW, MINE, OVERDUE, WAITING, Asked, Waits, age, numbers, what_waits

A_PAGE = 50
CRITERIA = "review-criteria"  # the key of the text, which staff of the network edit
ONLY = (MINE, WAITING, OVERDUE)


@dataclass
class Line:
    """A row as it is shown."""

    row: Waits
    what: str
    about: str
    detail: str
    url: str
    age: str
    assigned_to: str
    is_mine: bool
    verbs_url: str = ""  # where a record in review is published or refused


def queue(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    rows = what_waits(request.user)
    asked = asked_of(request)
    of_matter = Asked(asked.matter).among(rows, request.user)
    shown = Paginator(asked.among(of_matter, request.user), A_PAGE).get_page(request.GET.get("p"))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("What waits for a decision"),
        "subtitle": None,
        "opts": model_admin.opts,
        "matters": _choices(asked, "what", _matters(rows), len(rows)),
        "only": _choices(asked, "only", _only(of_matter, request.user), len(of_matter)),
        "lines": lines_of(shown.object_list, request.user),
        "page": shown,
        "address": f"?{urlencode({'what': asked.matter, 'only': asked.only})}",
        "criteria": criteria(),
        "criteria_url": criteria_address(request),
        "asked_url": reverse("admin:contributions_asked"),
        "answers_url": reverse("admin:contributions_savedanswer_changelist"),
        "notices_url": reverse("admin:contributions_notices"),
        "decided_url": reverse("admin:contributions_changeproposal_changelist"),
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/contributions/queue.html", context)


def asked_of(request: HttpRequest) -> Asked:
    matter, only = request.GET.get("what", ""), request.GET.get("only", "")
    return Asked(matter if matter in Matter.values else "", only if only in ONLY else "")


def _matters(rows) -> list[tuple[str, object, int]]:
    counts = numbers(rows)
    return [(matter.value, matter.label, counts.get(matter, 0)) for matter in Matter if matter.waits]


def _only(rows, user) -> list[tuple[str, object, int]]:
    words = {MINE: _("in my hand"), WAITING: _("waiting for an answer"), OVERDUE: _("overdue")}
    return [(only, words[only], len(Asked("", only).among(rows, user))) for only in ONLY]


def _choices(asked: Asked, name: str, choices, number: int) -> list[dict]:
    now = asked.matter if name == "what" else asked.only
    other = {"only": asked.only} if name == "what" else {"what": asked.matter}
    return [
        {
            "label": label,
            "count": count,
            "chosen": value == now,
            "url": "?" + urlencode({key: text for key, text in {**other, name: value}.items() if text}),
        }
        for value, label, count in [("", _("All"), number), *choices]
    ]


def lines_of(rows: list[Waits], user) -> list[Line]:
    """A query for each model that the page names, whatever the number of rows."""
    keys: dict[str, list[int]] = {}
    for row in rows:
        keys.setdefault(row.model, []).append(row.pk)
    known = {}
    for label, some in keys.items():
        found = apps.get_model(label)._default_manager.filter(pk__in=some).select_related("assigned_to")
        if label == ChangeProposal._meta.label_lower:
            found = found.select_related("organisation", "cluster", "project", "from_cluster", "sent_by")
        else:
            found = found.only(*NAMED[label], "assigned_to")
        known |= {(label, one.pk): one for one in found}
    return [_line(row, known[row.model, row.pk], user) for row in rows if (row.model, row.pk) in known]


NAMED = {
    model._meta.label_lower: ("name",) if hasattr(model, "name") else ("acronym", "title_fr", "title_en")
    for model in IN_REVIEW
}


def _line(row: Waits, one, user) -> Line:
    person = one.assigned_to
    common = {
        "row": row,
        "age": age(row.since),
        "assigned_to": (person.get_full_name() or person.get_username()) if person else "",
        "is_mine": bool(person and person.pk == user.pk),
    }
    if isinstance(one, ChangeProposal):
        return Line(
            what=one.get_kind_display(),
            about=name_of_subject(one),
            detail=said_by(one),
            url=reverse("admin:contributions_changeproposal_change", args=[one.pk]),
            **common,
        )
    label = row.model.replace(".", "_")
    return Line(
        what=_("%(kind)s in review") % {"kind": capfirst(str(one._meta.verbose_name))},
        about=str(one),
        detail="",
        url=reverse(f"admin:{label}_change", args=[one.pk]),
        verbs_url=reverse(f"admin:{label}_changelist"),
        **common,
    )


def name_of_subject(proposal: ChangeProposal) -> str:
    """What it is about; of what is not there yet, as its sender calls it."""
    if proposal.is_outcome:
        return f"{proposal.values.get('title_fr') or proposal.values.get('title_en') or '–'} → {proposal.project}"
    new = proposal.kind in ("join", "project") and not proposal.project_id
    if new and not proposal.organisation_id:
        said = next(
            (proposal.values[name] for name in ("name", "acronym", "title_fr") if proposal.values.get(name)), ""
        )
        return f"{said} → {proposal.cluster}" if said else str(proposal.cluster)
    if new:
        return f"{proposal.organisation} → {proposal.cluster}"
    return str(proposal.subject)


def said_by(proposal: ChangeProposal) -> str:
    if proposal.from_cluster_id:
        return str(proposal.from_cluster)
    return proposal.sender_name or proposal.sender_email


def criteria():
    page = Page.objects.filter(key=CRITERIA).first()
    if page is None:
        return None
    return {"page": page, "body": rich_text.render("\n\n".join(filter(None, [str(page.standfirst), str(page.body)])))}


def criteria_address(request: HttpRequest) -> str:
    return f"{reverse('admin:portal_page_changelist')}?q={CRITERIA}" if request.user.has_perm(EDIT_NETWORK) else ""
