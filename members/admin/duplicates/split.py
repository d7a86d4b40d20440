"""What was wrongly one: which of its rows go to a new one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cluster_portal.admin.refusals import refusal
from cluster_portal.admin.verbs import with_way_back
from members.admin.finding import number
from members.duplicates.merging import split, splitting
from members.models import Organisation


def page(model_admin, request: HttpRequest, pk: str) -> HttpResponse:
    """Of an organisation that she keeps."""
    organisation = Organisation.objects.kept_by(request.user).unmerged().filter(pk=number(pk)).first()
    if organisation is None:
        raise Http404
    found = splitting(organisation, request.user)
    boxes = {slugify(relation.label): relation for relation, _rows in found}
    chosen = {relation.label: [number(value) for value in request.POST.getlist(box)] for box, relation in boxes.items()}
    name = " ".join(request.POST.get("name", "").replace("\0", "").split())
    if request.method == "POST":
        if not name:
            messages.error(request, _("Say what the new one is called."))
        elif not any(chosen.values()):
            messages.error(request, _("Tick what belongs to the new one: nothing was ticked."))
        elif answer := _done(model_admin, request, organisation, name, chosen):
            return answer
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Split: two in one"),
        "subtitle": None,
        "opts": Organisation._meta,
        "organisation": organisation,
        "name": name,
        "groups": [
            {
                "title": relation.title,
                "box": box,
                "rows": [
                    (str(row.pk), relation.words(row), row.pk in chosen[relation.label])
                    for one, rows in found
                    if one is relation
                    for row in rows
                ],
            }
            for box, relation in boxes.items()
        ],
        "back": reverse("admin:members_organisation_change", args=[organisation.pk]),
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/split.html", context)


def _done(model_admin, request, organisation, name, chosen) -> HttpResponseRedirect | None:
    try:
        made = split(organisation, name, chosen, request.user)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return None
    except IntegrityError as error:
        messages.error(request, refusal(error, Organisation))
        return None
    sentence = _("“%(made)s” is a draft of its own now. Look at what it still lacks.") % {"made": made}
    model_admin.message_user(request, with_way_back(sentence), messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:members_organisation_change", args=[made.pk]))
