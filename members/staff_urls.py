"""The way in for whoever is invited, under `/admin/` and before the admin's own."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from cluster_portal.sign_in.views import page
from members.views.invitation import AcceptInvitation, open_invitation

urlpatterns = [
    path("invitation/", page(AcceptInvitation, _("Invitation"), "sign_in/invitation.html"), name="invitation"),
    path("invitation/<str:token>/", open_invitation, name="open_invitation"),
]
