"""The page of what everybody changed lately, in the part of the network that somebody edits; and one change set of it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cluster_portal.history import reading, telling
from cluster_portal.history.change_sets import Kind
from cluster_portal.records.scope import EDIT_NETWORK

from .history import names_of, people_named

LATELY = 7  # days
OF_OTHERS = 5  # sets on the first page

# (value, name, somebody who edits that part and nothing else) for each part of the network among which one may choose
Parts = list[tuple[str, str, object]]
_parts: list[Callable[..., Parts]] = []


def divide(parts: Callable[..., Parts]) -> None:
    """Has the page offer these parts of the network, of those that the person of a request edits."""
    _parts[:] = [parts]


def changes(site, request):
    parts = _parts[0](request) if _parts else []
    part = next((one for one in parts if one[0] == request.GET.get("cluster")), None)
    asked, day = _asked(request)
    whole = part is None and request.user.has_perm(EDIT_NETWORK)
    sets = reading.latest(part[2] if part else request.user, asked, everything=whole)
    more = len(sets) > reading.SETS_A_PAGE
    sets = sets[: reading.SETS_A_PAGE]
    names = _names(request.user, sets)
    given = {name: request.GET.get(name, "") for name in ("cluster", "person", "kind", "day")}
    kept = {name: value for name, value in given.items() if value}
    context = {
        **site.each_context(request),
        "title": _("Changes"),
        "subtitle": None,
        "sets": [_line(site, one, names) for one in sets],
        "parts": [(value, name) for value, name, _reader in parts],
        "people": _people(request, names, asked.who),
        "kinds": Kind.choices,
        "asked": {**given, "day": day},
        "older": "?" + urlencode({**kept, "before": sets[-1].at.isoformat()}) if more else "",
        "narrowed": bool(kept),
    }
    return TemplateResponse(request, "admin/changes.html", context)


def of_others_lately(site, request) -> list[dict]:
    """What others did within a week to what somebody edits, for her first page: the newest few of the newest sets."""
    asked = reading.Asked(start=timezone.now() - timedelta(days=LATELY))
    request.keys_edited = {}  # which the rest of that page asks for too
    everything = request.user.has_perm(EDIT_NETWORK)
    sets = reading.latest(request.user, asked, everything=everything, keys=request.keys_edited)
    others = [one for one in sets if one.said.get("user") != request.user.pk]
    once = {(one.touched[0].model, one.touched[0].keys[0]): one for one in reversed(others)}  # a record, changed last
    newest = sorted(once.values(), key=lambda one: one.at, reverse=True)[:OF_OTHERS]
    names = _names(request.user, newest)
    return [_line(site, one, names) for one in newest]


def change_set(site, request, key: str):
    """All that one request, task or command did."""
    if not is_key(key):
        raise Http404
    one, whole = reading.one_set(request.user, key)
    if one is None:
        raise Http404
    wanted: dict = {}
    records: dict[tuple, list] = {}
    for event in one.events:
        root, column = reading.root_of(event.tracked)
        pk = event.pk if column == "pgh_obj_id" else event.row[column]
        records.setdefault((root, pk), []).append(event)
        wanted.setdefault(root, set()).add(pk)
    those = {None, *(reading.name_of_record(root, pk) for root, pk in records)}
    one.undone = [undo for undo in one.undone if undo.of in those]
    names = people_named(request.user, [one]) | names_of(request.user, wanted)
    alone = reading.ChangeSet(one.key, one.at, one.said, undone=one.undone)
    (entry,) = telling.entries([alone], one.events[0].tracked.model, names)
    told = [
        (record_line(site, root, pk, names), list(telling.lines(events, root, names)))
        for (root, pk), events in records.items()
    ]
    context = {
        **site.each_context(request),
        "title": _("One change"),
        "subtitle": None,
        "entry": entry,
        "request_id": one.said.get("request", ""),
        "records": told,
        "whole": whole,
    }
    return TemplateResponse(request, "admin/changeset.html", context)


def is_key(key: str) -> bool:
    return reading.is_context(key) or _moment(key) is not None


def _asked(request) -> tuple[reading.Asked, str]:
    who, kind, day = (request.GET.get(name, "") for name in ("person", "kind", "day"))
    try:
        start = timezone.make_aware(datetime.combine(date.fromisoformat(day), time()))
        end = timezone.make_aware(datetime.combine(date.fromisoformat(day) + timedelta(days=1), time()))
    except (ValueError, OverflowError):
        start = end = None
    return reading.Asked(
        int(who) if who.isascii() and who.isdecimal() and len(who) < 10 else None,
        kind if kind in Kind.values else "",
        start,
        end,
        _moment(request.GET.get("before", "")),
    ), day if start else ""


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) and 2000 <= moment.year <= 2200 else None


def _names(user, sets: list[reading.Latest]) -> telling.Names:
    people = [one.said.get(name) for one in sets for name in ("user", "undoes_by")]
    wanted: dict = {get_user_model(): set(filter(None, people))}
    for one in sets:
        for touched in one.touched:
            wanted.setdefault(touched.model, set()).update(touched.keys)
    return names_of(user, {model: keys for model, keys in wanted.items() if keys})


def _line(site, one: reading.Latest, names: telling.Names) -> dict:
    (entry,) = telling.entries([reading.ChangeSet(one.key, one.at, one.said)], get_user_model(), names)
    named = [record_line(site, touched.model, pk, names) for touched in one.touched for pk in touched.keys]
    number = sum(touched.number for touched in one.touched)
    return {
        "entry": entry,
        "url": entry.url,
        "records": named[: reading.NAMED],
        "more": number - len(named[: reading.NAMED]),
        "others": number - 1,
        "many": any(touched.uncounted for touched in one.touched),
        "by": entry.how if entry.who == telling.NOTHING else entry.who,
    }


def record_line(site, root, pk, names: telling.Names) -> dict:
    """Its kind, its name, and its history if it is still there."""
    name = names.get((root, pk))
    registered = root in site._registry and name is not None
    label = f"{root._meta.app_label}_{root._meta.model_name}"
    return {
        "kind": (_("%(kind)s: %(what)s") % {"kind": capfirst(str(root._meta.verbose_name)), "what": ""}).rstrip(" "),
        "name": name or str(telling.GONE),
        "url": reverse(f"admin:{label}_history", args=[pk]) if registered else "",
    }


def _people(request, names: telling.Names, chosen: int | None) -> list[tuple[int, str]]:
    """All accounts for whoever edits the whole network; for others those whom the page names anyway."""
    users = get_user_model()
    if request.user.has_perm(EDIT_NETWORK):
        found = {one.pk: one.get_full_name() or one.get_username() for one in users.objects.order_by("username")[:500]}
    else:
        found = {pk: name for (model, pk), name in names.items() if model is users}
    return sorted(found.items(), key=lambda one: one[1].lower())
