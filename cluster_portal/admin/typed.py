"""What was typed in a form whose session had ended: it is kept until whoever typed it is signed in again.

She then finds the form as she sent it, with nothing saved yet, laid over what stands in the database by now. Kept for a
browser in which somebody had signed in before, and shown to that person alone; files cannot be.
"""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from cluster_portal.sign_in.security_log import browser_knows

from .once import SENT_WITH

TYPED = "typed"  # in the session: where, by whom, and the boxes
LEAVE = "leave_typed"  # in the address: she wants to see what stands there instead
LONGEST = 1_000_000  # characters


def keep(site: AdminSite, request: HttpRequest) -> None:
    """Of a form that was sent without a session that may send it."""
    known = browser_knows(request)
    if not known or not _is_kept(site, request):
        return
    sent = request.POST.copy()
    sent.pop(SENT_WITH, None)
    boxes = sent.urlencode()
    if len(boxes) > LONGEST:
        return
    request.session[TYPED] = {"where": request.get_full_path(), "who": known[0], "boxes": boxes}
    messages.info(request, _("Your session had ended. What you typed is kept: sign in, and go on from there."))


def come_back_to(site: AdminSite, request: HttpRequest) -> HttpResponseRedirect | None:
    """Has the form that was asked for show what was typed there, as if it had been sent and refused."""
    kept = request.session.get(TYPED)
    if kept is None or kept["who"] != request.user.pk:
        return None
    if request.method == "GET" and request.GET.get(LEAVE) and _without_leave(request) == kept["where"]:
        del request.session[TYPED]
        return HttpResponseRedirect(kept["where"])
    if request.get_full_path() != kept["where"] or not _is_kept(site, request):
        return None
    if request.method == "POST":
        del request.session[TYPED]
    elif request.method == "GET":
        request.method, request.POST, request.typed_before = "POST", QueryDict(kept["boxes"]), True
        request._files = MultiValueDict()
    return None


def _is_kept(site: AdminSite, request: HttpRequest) -> bool:
    """Whether it is the form of a model's admin, which says so of itself, and not just any page that takes something: only
    there is it certain that what is shown is not saved. Nor is anything kept of forms in which passwords are typed."""
    asked = request.resolver_match.url_name if request.resolver_match else ""
    for model, model_admin in site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if asked in (f"{name}_add", f"{name}_change"):
            return getattr(model_admin, "keeps_typed", False)
    return False


def _without_leave(request: HttpRequest) -> str:
    left = request.GET.copy()
    left.pop(LEAVE)
    return request.path + ("?" + left.urlencode() if left else "")


class NotSavedYet:
    """A form that says so, and so is not saved. `leave` is the address of what stands there instead."""

    leave: str

    def clean(self):
        cleaned = super().clean()
        sentence = _("Your session had ended, and this was not saved. It stands here as you typed it: look, and save.")
        files = _("Files have to be chosen again.") if self.is_multipart() else ""
        see = _("Leave it, and see what is saved")
        text = format_html('{} {} <a href="{}">{}</a>', sentence, files, self.leave, see)
        self.add_error(None, ValidationError(text, code="typed_before"))
        return cleaned


def not_saved_yet(request: HttpRequest, form: type) -> type:
    left = request.GET.copy()
    left[LEAVE] = "1"
    leave = f"{request.path}?{left.urlencode()}"
    return type(form)(form.__name__, (NotSavedYet, form), {"leave": leave})
