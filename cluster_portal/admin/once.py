"""A form that is sent twice does what it does once, and the second answer is the first's.

The token against forged forms is masked anew for each page that is rendered, so that person, address and token together
name one form of one page, and no template knows of this. What is done and that it was done are one transaction; a
second sending waits for the first. Whoever goes back, changes something and saves sends something else: it is done.
"""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.safestring import SafeData, mark_safe

from cluster_portal.models import Answer

SENT_WITH = "csrfmiddlewaretoken"
KEPT = timedelta(days=1)
SWEPT = 100  # old answers that a form takes away


def once(request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    token = request.POST.get(SENT_WITH)
    if request.method != "POST" or not token or not request.user.is_authenticated:
        return view()
    form = digest(str(request.user.pk), request.get_full_path(), token)
    with transaction.atomic():
        _sweep()
        Answer.objects.bulk_create([Answer(form=form)], ignore_conflicts=True)  # waits for one that is being answered
        known = Answer.objects.select_for_update().get(form=form)
        sent = _digest_of_what_was_sent(request)
        if known.sent == sent and (known.location or known.page):
            return _again(request, known)
        answer = view()
        known.sent, known.at, known.location, known.page, known.messages = sent, timezone.now(), "", "", []
        _remember(request, answer, known)
        known.save()
        return answer


def _sweep() -> None:
    old = Answer.objects.filter(at__lt=timezone.now() - KEPT).select_for_update(skip_locked=True)
    if keys := list(old.order_by("at").values_list("pk", flat=True)[:SWEPT]):
        Answer.objects.filter(pk__in=keys).delete()


def digest(*parts: str | bytes) -> str:
    """Of texts one after another, where no two different lists come to the same."""
    whole = sha256()
    for part in parts:
        content = part.encode(errors="surrogatepass") if isinstance(part, str) else part
        whole.update(b"%d:" % len(content))
        whole.update(content)
    return whole.hexdigest()


def _digest_of_what_was_sent(request: HttpRequest) -> str:
    """The token is in it, which is kept nowhere: so nobody guesses from the digest what was sent, a password say."""
    parts: list[str | bytes] = []
    for name, values in sorted(request.POST.lists()):
        parts += [name, str(len(values)), *values]
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            content = sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            parts += [name, file.name or "", content.digest()]
    return digest(*parts)


def _remember(request: HttpRequest, answer: HttpResponseBase, known: Answer) -> None:
    """If something was done: a form that was refused may be sent again, and is looked at again."""
    if isinstance(answer, HttpResponseRedirect):
        known.location = answer.url
    elif IS_POPUP_VAR in request.POST and _closes_its_window(answer):
        known.page = answer.render().text  # type: ignore[attr-defined]
    else:
        return
    queued = getattr(messages.get_messages(request), "_queued_messages", ())
    known.messages = [
        [one.level, str(one.message), one.extra_tags or "", isinstance(one.message, SafeData)] for one in queued
    ]


def _closes_its_window(answer: HttpResponseBase) -> bool:
    names = getattr(answer, "template_name", ())
    return "admin/popup_response.html" in ([names] if isinstance(names, str) else names or ())


def _again(request: HttpRequest, known: Answer) -> HttpResponse:
    for level, text, tags, safe in known.messages:
        messages.add_message(request, level, mark_safe(text) if safe else text, tags)
    return HttpResponseRedirect(known.location) if known.location else HttpResponse(known.page)
