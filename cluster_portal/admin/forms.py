"""Form pieces that keep a page of many rows at a constant number of queries, and a save that changes nothing quiet."""

from functools import cache

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Model, Q, prefetch_related_objects
from django.urls import reverse

from cluster_portal.records.publication import Publication

from .naming import UNNAMED, call_unnamed, take_off_names, withheld
from .questions import AsksQuestions
from .slugs import ProposesSlug


@cache
def suggestions_of(site: str) -> str:
    """Looked up once, and not for every box."""
    return reverse(f"{site}:autocomplete")


class ChosenSelect(AutocompleteSelect):
    """An autocomplete box that shows a choice which came with its row; the stock one asks the database for its
    label, once per box."""

    known: dict[str, str] = {}

    def get_url(self):
        return suggestions_of(self.admin_site.name)

    def optgroups(self, name, value, attr=None):
        chosen = [str(one) for one in value if str(one) in self.known]
        if not chosen or len(chosen) < len(value):
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options += [self.create_option(name, one, self.known[one], True, len(options)) for one in chosen]
        return [(None, options, 0)]


class ChosenField(forms.ModelChoiceField):
    """What came with its row and is chosen again is taken from there; the stock field fetches it again."""

    fetched: Model | None = None

    def to_python(self, value):
        if self.fetched is not None and str(value) == str(self.fetched.pk):
            return self.fetched
        return super().to_python(value)


class ChosenForm(AsksQuestions, ProposesSlug, forms.ModelForm):
    """Hands the related objects that were fetched with the row to the boxes that show them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fetched = self.instance._state.fields_cache
        for name, field in self.fields.items():
            box = getattr(field.widget, "widget", field.widget)  # inside the wrapper with the “add” button
            if isinstance(field, ChosenField):
                field.fetched = fetched.get(name)
            if isinstance(box, ChosenSelect) and fetched.get(name) is not None:
                box.known = {str(fetched[name].pk): field.label_from_instance(fetched[name])}
        self._keep_what_is_chosen()
        self._name_no_draft_of_others()

    def _post_clean(self):
        """Cleaning fetches anew what was chosen before."""
        super()._post_clean()
        take_off_names([self.instance], self.asked_of)

    def _name_no_draft_of_others(self):
        """Of what is many; of what is one, the row came without the names (``take_off_names``)."""
        if self.instance.pk is None or self.asked_of is None:
            return
        for many in self.instance._meta.many_to_many:
            if not issubclass(many.related_model, Publication):
                continue
            if box := self.fields.get(many.name):
                hidden = {one.pk for one in withheld(self.initial.get(many.name) or (), self.asked_of)}
                box.label_from_instance = lambda one, hidden=hidden: str(UNNAMED if one.pk in hidden else one)
            else:
                prefetch_related_objects([self.instance], many.name)
                for one in withheld(getattr(self.instance, many.name).all(), self.asked_of):
                    call_unnamed(one)

    def _keep_what_is_chosen(self):
        """A choice that others made, and that this person could not make, is no reason to refuse her form."""
        if self.instance.pk is None:
            return
        for name, field in self.fields.items():
            if not isinstance(field, forms.ModelChoiceField) or getattr(field, "fetched", None) is not None:
                continue
            chosen = self.initial.get(name)
            if isinstance(field, forms.ModelMultipleChoiceField):
                kept = [one.pk for one in chosen or ()]
            else:
                kept = [chosen] if chosen else []
            if kept:
                offered = field.queryset.order_by().values("pk")
                every = field.queryset.model._default_manager.all()
                field.queryset = every.filter(Q(pk__in=offered) | Q(pk__in=kept))


class RowForm(ChosenForm):
    """A row of a table: what the column's heading tells the eye, each box says by itself."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            getattr(field.widget, "widget", field.widget).attrs["aria-label"] = str(field.label or "")
