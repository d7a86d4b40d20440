"""allauth's views on the staff's pages, and what they lack."""

from collections.abc import Callable

from allauth.account.internal.flows.logout import logout
from allauth.account.views import LoginView
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import admin, auth, messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.generic import View

from cluster_portal.models import SecurityEvent

from . import second_factor
from .people import may_enter
from .security_log import record

Respond = Callable[..., HttpResponse]


def page(view: type[View], title, template: str, **options) -> Respond:
    """A view of allauth's in the frame of the staff's pages."""
    respond = view.as_view(template_name=template, extra_context={"title": title}, **options)

    def framed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = respond(request, *args, **kwargs)
        context = getattr(response, "context_data", None)
        if context is not None and not response.is_rendered:
            factor_missing = request.user.is_authenticated and second_factor.missing(request)
            opts = auth.get_user_model()._meta  # which of the lists this is: none of them
            about = {**admin.site.each_context(request), "title": title, "factor_missing": factor_missing, "opts": opts}
            response.context_data = {**about, **context}
        response["Cache-Control"] = "no-store, private"
        return response

    return framed


def door(view: type[View], title, template: str, **options) -> Respond:
    """A page at which somebody comes in. Whoever is signed in and may not come in (any more) is nobody here, and no longer
    signed in once she sends anything."""
    framed = page(view, title, template, **options)

    def for_anybody(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated and not may_enter(request.user):
            if request.method == "POST":
                auth.logout(request)
            request.user = AnonymousUser()
        return framed(request, *args, **kwargs)

    return for_anybody


def own_page(view: type[View], title, template: str, confirms: bool = False, **options) -> Respond:
    """A page of one's own account, for whoever may come in today. Who has no second factor sets one up here; who has one
    gives it first, unless the page is the one that asks for it (``confirms``): a session from before takes none away."""
    framed = page(view, title, template, **options)

    def for_staff(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not may_enter(request.user):
            return redirect_to_login(request.get_full_path())
        if not confirms and second_factor.owed(request):
            return HttpResponseRedirect(way_to_a_factor(request, request.get_full_path()))
        return framed(request, *args, **kwargs)

    return for_staff


class SignIn(LoginView):
    """Also where whoever lacks a second factor is sent by every page: she is led on to what gives her one."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated and second_factor.missing(request):
            return HttpResponseRedirect(way_to_a_factor(request, self.get_next_url()))
        return super().dispatch(request, *args, **kwargs)


def way_to_a_factor(request: HttpRequest, then: str | None) -> str:
    types = set(second_factor.factors(request.user).values_list("type", flat=True))
    if not types:
        return reverse("mfa_index")
    by_code = Authenticator.Type.TOTP in types
    confirm = reverse("mfa_reauthenticate" if by_code else "mfa_reauthenticate_webauthn")
    return f"{confirm}?{urlencode({'next': then or reverse('admin:index')})}"


def way_out(request: HttpRequest) -> HttpResponseRedirect:
    """For whoever has just lost what let her in."""
    logout(request)
    return HttpResponseRedirect(reverse("account_login"))


class OwnAccount(IndexView):
    """All about signing in, on one page."""

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        known = context["authenticators"]
        codes = known.get(Authenticator.Type.RECOVERY_CODES)
        return {
            **context,
            "app": known.get(Authenticator.Type.TOTP),
            "passkeys": known.get(Authenticator.Type.WEBAUTHN, []),
            "codes_left": len(codes.get_unused_codes()) if codes else None,
            "has_password": self.request.user.has_usable_password(),
            "demanded": second_factor.demanded_of(self.request.user),
        }


class SetUpApp(ActivateTOTPView):
    def get_context_data(self, **kwargs) -> dict:
        """The code to be scanned stands in the page itself: as a picture of its own it would be a secret in an address,
        and as `data:` the policy refuses it."""
        context = super().get_context_data(**kwargs)
        drawn = context["totp_svg"].partition("?>")[2] or context["totp_svg"]  # what precedes it belongs to files
        return {**context, "drawn": mark_safe(drawn), "secret": context["form"].secret}  # noqa: S308 (from numbers)


class OwnSessions(ListUserSessionsView):
    """Where one is signed in; each session can be ended, all others, or every one."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        which = request.POST.get("which", "")
        sessions = UserSession.objects.filter(user_id=request.user.pk)
        if which == "others":
            sessions = sessions.exclude(session_key=request.session.session_key)
        elif which != "all":
            sessions = sessions.filter(pk=which) if which.isascii() and which.isdigit() and len(which) < 19 else []
            if not sessions:
                raise Http404
        for session in sessions:
            record(request, SecurityEvent.Kind.SESSION_ENDED, request.user, session.user_agent)
            here = session.is_current()
            session.end()
            if here:
                logout(request)
        if request.user.is_authenticated:
            messages.success(request, _("Ended. Nothing can be done there any more."))
        return HttpResponseRedirect(reverse("usersessions_list"))
