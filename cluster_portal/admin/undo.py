"""The page that takes a change back."""

from django.http import HttpResponseRedirect
from django.urls import reverse


def undo_set(site, request, key: str):
    return HttpResponseRedirect(reverse("admin:change_set", args=[key]))
