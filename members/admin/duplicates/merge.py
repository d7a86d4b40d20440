"""Both sides beside each other, what would come of them, and the merger itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_portal.admin.refusals import refusal
from cluster_portal.admin.verbs import with_way_back
from cluster_portal.records.scope import EDIT_NETWORK
from members.admin.finding import number
from members.admin.two_of_one import address_of_pair
from members.duplicates.fields import THEIRS
from members.duplicates.merging import Plan, Refused, merge, plan, proposed_survivor
from members.models import MatchCandidate, Organisation

SHOWN = 12  # rows of a relation that are named
WITH_NAMES = Organisation.objects.select_related("lead_cluster", "verified_by", "successor")


@dataclass(frozen=True)
class Outcome:
    """A box of the survivor as it would be."""

    label: str
    value: str
    changes: bool


def page(model_admin, request: HttpRequest) -> HttpResponse:
    """``survivor`` and ``other`` by their keys; without ``as_given`` the one that is proposed stays."""
    survivor, other = _both(request)
    kept = set(
        Organisation.objects.kept_by(request.user).filter(pk__in=[survivor.pk, other.pk]).values_list("pk", flat=True)
    )
    if not kept:
        raise Http404
    may = len(kept) == 2
    of_network = request.user.has_perm(EDIT_NETWORK)
    posted = request.method == "POST"
    chosen = {name: value.replace("\0", "") for name, value in request.POST.items()} if posted else {}
    if not posted and "as_given" not in request.GET and proposed_survivor(survivor, other) is other:
        survivor, other = other, survivor
    found = plan(survivor, other, chosen, of_network=of_network)
    preview = posted and may and not found.missing and not found.stopped and "change" not in chosen
    if posted and may and found.missing:
        for what in found.missing:
            messages.error(request, _("Say what is right: %(what)s.") % {"what": what})
    if preview and "confirm" in chosen:
        if answer := _merged(model_admin, request, survivor, other, chosen, of_network=of_network):
            return answer
        survivor, other = _as_they_are(survivor, other)
        if survivor.merged_into_id or other.merged_into_id:  # by somebody else, at the same moment
            return HttpResponseRedirect(reverse("admin:members_matchcandidate_changelist"))
        found = plan(survivor, other, chosen, of_network=of_network)
    return _shown(model_admin, request, found, chosen, may=may, preview=preview)


def _both(request: HttpRequest) -> tuple[Organisation, Organisation]:
    keys = [number(request.GET.get(name, "")) for name in ("survivor", "other")]
    rows = WITH_NAMES.selectable_by(request.user).in_bulk(keys)
    if len(rows) != 2:
        raise Http404
    return rows[keys[0]], rows[keys[1]]


def _as_they_are(survivor: Organisation, other: Organisation) -> tuple[Organisation, Organisation]:
    rows = WITH_NAMES.in_bulk([survivor.pk, other.pk])
    return rows[survivor.pk], rows[other.pk]


def _merged(model_admin, request: HttpRequest, survivor, other, chosen, *, of_network: bool):
    try:
        shown = chosen.get("digest", "-")
        merge(survivor, other, chosen, request.user, of_network=of_network, shown=shown)
    except Refused as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return None
    except IntegrityError as error:
        messages.error(request, refusal(error, Organisation))
        return None
    sentence = _("“%(other)s” was merged into “%(survivor)s”.") % {"other": other, "survivor": survivor}
    model_admin.message_user(request, with_way_back(sentence), messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:members_organisation_change", args=[survivor.pk]))


def _shown(model_admin, request: HttpRequest, found: Plan, chosen: dict[str, str], *, may: bool, preview: bool):
    pair = found.pair
    known = list(MatchCandidate.objects.between(pair.survivor.pk, pair.other.pk))
    lines = [
        (line, pair.chosen[line.name]) for line in found.lines if line.ours or line.theirs
    ]  # fmt: skip
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Are these one and the same?") if not preview else _("Merge: what would come"),
        "subtitle": None,
        "opts": model_admin.opts,
        "survivor": pair.survivor,
        "other": pair.other,
        "pages": [_page_of(row) for row in (pair.survivor, pair.other)],
        "lines": [pair for pair in lines if not pair[0].same],
        "same": [line for line, _side in lines if line.same],
        "parts": [_told(part, pair) for _relation, part in found.parts],
        "outcomes": list(_outcomes(found)),
        "number": found.number,
        "stopped": found.stopped,
        "may": may,
        "preview": preview,
        "why": next((one.why for one in known if one.why), []),
        "are_different": any(one.decision == MatchCandidate.Decision.DIFFERENT for one in known),
        "kinds_differ": pair.survivor.kind != pair.other.kind,
        "kept": _kept_values(found, chosen),
        "digest": found.digest,
        "action": f"{address_of_pair(pair.survivor.pk, pair.other.pk)}&as_given=1",
        "other_way_url": f"{address_of_pair(pair.other.pk, pair.survivor.pk)}&as_given=1",
        "different_url": reverse("admin:members_different", args=[f"{pair.survivor.pk}-{pair.other.pk}"]),
        "list_url": reverse("admin:members_matchcandidate_changelist"),
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/merge.html", context)


def _page_of(row: Organisation) -> dict:
    return {"row": row, "url": reverse("admin:members_organisation_change", args=[row.pk])}


def _told(part, pair) -> dict:
    more = len(part.moving) - SHOWN
    return {
        "title": part.title,
        "number": len(part.moving),
        "moving": part.moving[:SHOWN],
        "more": ngettext("and %(more)d more", "and %(more)d more", more) % {"more": more} if more > 0 else "",
        "same": part.same,
        "choices": [(choice, pair.choice(choice.name, choice.proposed)) for choice in part.choices],
        "answers": [
            (choice.title, dict(choice.options).get(pair.choice(choice.name, choice.proposed), ""))
            for choice in part.choices
        ],
    }


def _outcomes(found: Plan) -> Iterator[Outcome]:
    for line in found.lines:
        theirs = not line.same and found.pair.chosen[line.name] == THEIRS
        value = line.theirs if theirs else line.ours
        if value or theirs:
            yield Outcome(line.label, value, theirs)


def _kept_values(found: Plan, chosen: dict[str, str]) -> list[tuple[str, str]]:
    """What was chosen, for the form of the preview to send again."""
    names = [line.name for line in found.lines if not line.same]
    names += [choice.name for _relation, part in found.parts for choice in part.choices]
    return [(name, chosen[name]) for name in names if name in chosen]
