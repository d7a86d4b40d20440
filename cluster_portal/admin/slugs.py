"""The last part of a new page's address, proposed by the server from the name: while somebody types, and when the box
is left blank. The folding is that of the search, so that "L'Œuvre" is l-oeuvre."""

import re

from django.apps import apps
from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from cluster_portal.models import FormerSlug
from cluster_portal.records.search import fold


def proposed_slug(text: str, longest: int = 120) -> str:
    # the search writes letters of other scripts as their numbers, which is no address for people
    latin = "".join(" " if re.fullmatch("u[0-9a-f]{3,6}", fold(letter)) else letter for letter in text)
    return "-".join(re.findall("[a-z0-9]+", fold(latin)))[:longest].strip("-")


def free_slug(model, text: str) -> str:
    """One that no page has or had."""
    longest = model._meta.get_field("slug").max_length
    slug = start = proposed_slug(text, longest)
    number = 1
    while slug and _is_taken(model._meta.concrete_model, slug):
        number += 1
        slug = f"{start[: longest - 4]}-{number}"
    return slug


def _is_taken(model, slug: str) -> bool:
    former = FormerSlug.objects.filter(model=model._meta.model_name, slug=slug)
    return model._base_manager.filter(slug=slug).exists() or former.exists()


def propose(request: HttpRequest) -> JsonResponse:
    """For a model of the staff's pages, one that is free."""
    text, label = request.GET.get("text", ""), request.GET.get("of", "")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        model = None
    if model is None or not hasattr(model, "slug"):
        return JsonResponse({"slug": proposed_slug(text)})
    return JsonResponse({"slug": free_slug(model, text)})


class ProposesSlug:
    """A form of something new: `slug_from` are the boxes whose text makes the proposal, the first that has any."""

    slug_from: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self._proposes():
            box = self.fields["slug"]
            box.required = False
            sources = " ".join(self[name].id_for_label for name in self.slug_from)
            address = f"{reverse('admin:slug')}?of={self._meta.model._meta.label_lower}"
            box.widget.attrs |= {"data-proposed-from": sources, "data-proposed-by": address}

    def _proposes(self) -> bool:
        return bool(self.slug_from) and "slug" in self.fields and self.instance._state.adding

    def clean(self):
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        if self._proposes() and "slug" not in self.errors and not cleaned.get("slug"):
            texts = filter(None, (cleaned.get(name) for name in self.slug_from))
            cleaned["slug"] = free_slug(self._meta.model, next(texts, ""))
            if not cleaned["slug"]:
                self.add_error("slug", self.fields["slug"].error_messages["required"])
        return cleaned
