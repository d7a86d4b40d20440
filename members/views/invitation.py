"""Where the link of an invitation leads, and how it is accepted.

The link is taken off the address at once: what is held in the session tells which invitation it is, and is no secret
(docs/decisions/0021).
"""

from allauth.core.internal import ratelimit
from django.contrib import auth, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cluster_portal.sign_in import second_factor
from cluster_portal.sign_in.limits import MINUTES
from cluster_portal.sign_in.people import may_enter
from cluster_portal.sign_in.views import way_to_a_factor
from members.joining import Refused, accept, name_of
from members.models import Invitation
from members.models.invitations import digest_of

HELD = "invitation"  # in the session: the digest of the link that was opened
UNKNOWN_LINKS = {"link": f"20/{MINUTES}m/ip"}
# What may be said instead of “accept”, with the status of the answer; the state of an invitation among them.
STATUS = {"unknown": 404, "expired": 410, "accepted": 410, "withdrawn": 410, "foreign": 403, "closed": 403, "busy": 429}


def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """On to an address that gives nothing away: to whoever looks over a shoulder, to a history, to another site. How
    many links somebody tries is counted, before it is looked whether there is such an invitation."""
    usage = ratelimit.consume(request, app=__name__, action="link", config=UNKNOWN_LINKS, limit_get=True)
    request.session.pop(HELD, None)
    digest = digest_of(token)
    if usage and Invitation.objects.filter(token_digest=digest).exists():
        usage.rollback()
        request.session[HELD] = digest
    response = HttpResponseRedirect(reverse("invitation") + ("" if usage else "?busy"))
    response["Referrer-Policy"] = "no-referrer"  # not on the page itself, whose form would come from nowhere
    response["Cache-Control"] = "no-store, private"
    return response


class NewAccountForm(UserCreationForm):
    """For whoever has no account: her name, and what she signs in with."""

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name")

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = self.instance.email = email
        self.initial["username"] = free_name(email)
        for name in ("first_name", "last_name"):
            self.fields[name].required = True
        self.fields["username"].help_text = _("You sign in with it, or with your e-mail address.")
        self.fields["username"].widget.attrs |= {"autocomplete": "username"}
        self.fields["password2"].help_text = ""

    def clean_username(self) -> str | None:
        """Nobody is called by somebody else's address, with which that person signs in."""
        name = super().clean_username()
        if name and "@" in name and name.casefold() != self.email.casefold():
            raise ValidationError(_("A user name contains no @, unless it is your own address."))
        return name


def free_name(email: str) -> str:
    """What stands before the @, if nobody is called so."""
    name = "".join(sign for sign in email.partition("@")[0] if sign.isalnum() or sign in "._-")[:100]
    people = get_user_model()._default_manager
    taken = {one.casefold() for one in people.filter(username__istartswith=name).values_list("username", flat=True)}
    options = [name, *(f"{name}{number}" for number in range(2, len(taken) + 3))]
    return next(one for one in options if one.casefold() not in taken)


class AcceptInvitation(TemplateView):
    """One page for all that may come of a link: a form, a button, or a sentence that says why not and whom to ask."""

    template_name = "sign_in/invitation.html"

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        digest = request.session.get(HELD)
        if request.user.is_authenticated and not may_enter(request.user):  # nobody here, as at every door
            if request.method == "POST":
                auth.logout(request)
            request.user = AnonymousUser()
        self.found = self._found(digest)
        if request.user.is_authenticated and (second_factor.missing(request) or second_factor.owed(request)):
            return HttpResponseRedirect(way_to_a_factor(request, request.path))
        return super().dispatch(request, *args, **kwargs)

    @staticmethod
    def _found(digest: str | None) -> Invitation | None:
        if not digest:
            return None
        return Invitation.objects.filter(token_digest=digest).select_related("cluster", "invited_by").first()

    def _why_not(self) -> str:
        """Nothing if it can be accepted here and now, by whoever asks."""
        if self.found is None:
            return "busy" if "busy" in self.request.GET else "unknown"
        state = self.found.state()
        if state != Invitation.State.OPEN:
            return state.value
        if self.request.user.is_authenticated:
            return "" if self._is_hers(self.request.user) else "foreign"
        known = self._accounts()
        return "closed" if known and not any(one.is_active for one in known) else ""

    def _is_hers(self, user) -> bool:
        return bool(user.email) and user.email.casefold() == self.found.email.casefold()

    def _accounts(self) -> list:
        """Those of the address."""
        return list(get_user_model()._default_manager.filter(email__iexact=self.found.email))

    def _who(self) -> tuple[str, User | None]:
        """How she shows that it is she, and as whom she accepts: ``herself`` is signed in; ``signs_in`` first; was here
        ``before``, and has nothing to sign in for until she has accepted; is ``new``."""
        if self.request.user.is_authenticated:
            return "herself", self.request.user
        known = [one for one in self._accounts() if one.is_active]
        if not known:
            return "new", None
        if len(known) == 1 and not may_enter(known[0]):
            return "before", known[0]
        return "signs_in", None

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        why_not = kwargs.get("why_not") or self._why_not()
        context |= {"why_not": why_not, "invitation": None, "asked": None, "who": ""}
        if self.found is not None:
            context["invitation"] = self.found
            context["asked"] = name_of(self.found.invited_by) if self.found.invited_by else ""
        if not why_not:
            context["who"], _person = self._who()
            context["next"] = urlencode({"next": reverse("invitation")})
            if context["who"] == "new":
                context["form"] = kwargs.get("form") or NewAccountForm(email=self.found.email)
        return context

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return self._said(self._why_not())

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if why_not := self._why_not():
            return self._said(why_not)
        who, person = self._who()
        if who == "signs_in":
            return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': reverse('invitation')})}")
        if who == "new":
            form = NewAccountForm(request.POST, email=self.found.email)
            if not form.is_valid():
                return self._said("", form=form)
            person = form.save(commit=False)
        try:
            with transaction.atomic():
                accepted = accept(request, self.found.pk, person)
        except Refused as refused:
            return self._said(refused.args[0].value)
        except IntegrityError:  # somebody took the name a moment ago
            form.add_error("username", _("This name was taken a moment ago. Choose another one."))
            return self._said("", form=form)
        request.session.pop(HELD, None)
        if who == "herself":
            messages.success(request, _("From now on you are: %(role)s.") % {"role": accepted.to_what})
            return HttpResponseRedirect(reverse("admin:index"))
        messages.success(request, _("Your account is ready. Sign in."))
        return HttpResponseRedirect(reverse("account_login"))

    def _said(self, why_not: str, **more) -> HttpResponse:
        context = self.get_context_data(why_not=why_not, **more)
        return self.render_to_response(context, status=STATUS.get(why_not, 200))
