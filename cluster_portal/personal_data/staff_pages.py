"""What administrators do for a person who asks what is known of her, or to be forgotten.

Nobody is looked for by an address: names and numbers would stand in logs and in the history of browsers.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_portal.admin.once import digest
from cluster_portal.admin.site import with_addresses
from cluster_portal.models import Erasure
from cluster_portal.records.scope import KEEP_ACCOUNTS
from cluster_portal.work.knowing import SaidToStaff

from . import mentions
from .erasing import Order, Outcome, erase, foreseen, found_in, widened
from .sought import Sought
from .sources import SOURCES, Found

LAST_SHOWN = 20
HER_OWN = gettext_lazy("Your own account is erased by another administrator.")


class SearchForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=30, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = {name: cleaned.get(name) or "" for name in self.fields}
        self.sought = Sought.of(**typed)
        if not self.errors and not self.sought:
            raise forms.ValidationError(
                _("Write a name of three letters at least, an e-mail address or a telephone number.")
            )
        return cleaned


@dataclass(frozen=True)
class Part:
    """What one source knows."""

    key: str
    label: Any
    becomes: Any
    rows: list[Found]


def _for_administrators(request: HttpRequest) -> None:
    """To everybody else there is no such page."""
    if not request.user.has_perm(KEEP_ACCOUNTS):
        raise Http404


def personal_data(site, request: HttpRequest) -> HttpResponse:
    _for_administrators(request)
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    form = SearchForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(site, request, "admin/personal_data.html", _("Personal data"), form=form, parts=None)
    do = request.POST.get("do", "")
    found = found_in(form.sought)
    if do not in ("json", "page", "erase", "confirm"):
        return _page(
            site, request, "admin/personal_data.html", _("Personal data"),
            form=form, parts=_parts(found), mentions=mentions.find(form.sought.in_texts_of_all),
        )  # fmt: skip
    order = widened(Order(form.sought, _ticked(request.POST, found), ()))
    if do in ("json", "page"):
        return _told(request, order, _parts(found, order), as_json=do == "json")
    return _erasure(site, request, form, order, found)


def _ticked(sent: QueryDict, found: dict[str, list[Found]]) -> dict[str, tuple[str, ...]]:
    """Of what was found anew: what somebody made up is not."""
    chosen = set(sent.getlist("row"))
    rows = {
        key: tuple(one.key for one in those if f"{key}:{one.key}" in chosen) for key, those in found.items()
    }  # fmt: skip
    return {key: keys for key, keys in rows.items() if keys}


def _parts(found: dict[str, list[Found]], order: Order | None = None) -> list[Part]:
    return [
        Part(key, SOURCES[key].label, SOURCES[key].becomes, those)
        for key, rows in found.items()
        if (those := [one for one in rows if order is None or one.key in order.rows.get(key, ())])
    ]


# --- told -------------------------------------------------------------------------------------------------------------
def _told(request: HttpRequest, order: Order, parts: list[Part], *, as_json: bool) -> HttpResponse:
    """What is known, to be given to whom it concerns: the rows that were chosen, and where else she is named."""
    named = mentions.find(order.sought.in_texts_of_all)
    day = timezone.localdate()
    if as_json:
        said = {
            "told_on": day.isoformat(),
            "kept": {part.key: [one.said for one in part.rows] for part in parts},
            "named_in": [asdict(one) for one in named],
        }
        answer = HttpResponse(json.dumps(said, ensure_ascii=False, indent=2), content_type="application/json")
    else:
        answer = TemplateResponse(
            request, "admin/personal_data_told.html", {"parts": parts, "mentions": named, "day": day}
        ).render()  # fmt: skip
    end = "json" if as_json else "html"
    answer["Content-Disposition"] = f'attachment; filename="personal-data-{day.isoformat()}.{end}"'
    answer["Cache-Control"] = "no-store"
    return answer


# --- erased -----------------------------------------------------------------------------------------------------------
def _erasure(site, request: HttpRequest, form: SearchForm, order: Order, found: dict[str, list[Found]]) -> HttpResponse:
    seen = request.POST.get("token", "")
    if seen:  # of the page that tells each table
        order = Order(
            order.sought, order.rows, tuple(set(request.POST.getlist("named")) - set(request.POST.getlist("table")))
        )
    try:
        if str(request.user.pk) in order.rows.get("accounts", ()):
            raise SaidToStaff(str(HER_OWN))
        outcome = foreseen(Order(order.sought, order.rows))
        token = _token(outcome)
        if not seen:  # what one word alone names may be a town: somebody looks at it first
            left = () if order.sought.sure else tuple(one.table for one in outcome.mentions)
            order = Order(order.sought, order.rows, left)
        if request.POST.get("do") == "confirm" and seen == token:
            certificate = erase(order, request.user.pk)
            return HttpResponseRedirect(reverse("admin:erasure", args=[certificate.pk]))
    except SaidToStaff as refused:
        messages.error(request, _(str(refused)))
        return _page(
            site, request, "admin/personal_data.html", _("Personal data"),
            form=form, parts=_parts(found), mentions=mentions.find(form.sought.in_texts_of_all),
        )  # fmt: skip
    return _page(
        site,
        request,
        "admin/personal_data_erase.html",
        _("Erase a person"),
        form=form,
        parts=_parts(found, order),
        outcome=outcome,
        left=order.left,
        token=token,
        changed=bool(seen),
        rows=[f"{key}:{one}" for key, keys in order.rows.items() for one in keys],
    )


def _token(outcome: Outcome) -> str:
    return digest(repr(outcome.counts))[:32]


def certificate(site, request: HttpRequest, pk: int) -> HttpResponse:
    """Numbers and a day, to be kept and shown: not who it was."""
    _for_administrators(request)
    one = Erasure.objects.filter(pk=pk).select_related("by").first() if pk < 2**63 else None
    if one is None:
        raise Http404
    lines = [(_name_of(key), number) for key, number in one.counts]
    return _page(site, request, "admin/erasure.html", _("Certificate of erasure"), erasure=one, lines=lines)


def _name_of(key: str) -> str:
    if key.startswith("table:"):
        return _("named in: %(table)s") % {"table": mentions.label_of(key.removeprefix("table:"))}
    return capfirst(str(SOURCES[key].label)) if key in SOURCES else key


def _page(site, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
    about = {**site.each_context(request), "title": title, "subtitle": None, "opts": None}
    done = Erasure.objects.select_related("by")[:LAST_SHOWN] if template == "admin/personal_data.html" else ()
    answer = TemplateResponse(request, template, {"erasures": done, "mentions": (), **about, **context})
    answer["Cache-Control"] = "no-store"
    return answer


@with_addresses
def addresses(site) -> list:
    def page(view):
        def shown(request, **asked):
            return view(site, request, **asked)

        return site.admin_view(shown)

    return [
        path("personal-data/", page(personal_data), name="personal_data"),
        path("personal-data/erasures/<int:pk>/", page(certificate), name="erasure"),
    ]
