"""Form pieces that keep a page of many rows at a constant number of queries, and a save that changes nothing quiet."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Q

from .questions import AsksQuestions
from .slugs import ProposesSlug


class ChosenSelect(AutocompleteSelect):
    """An autocomplete box that shows a choice which came with its row; the stock one asks the database for its
    label, once per box."""

    known: dict[str, str] = {}

    def optgroups(self, name, value, attr=None):
        chosen = [str(one) for one in value if str(one) in self.known]
        if not chosen or len(chosen) < len(value):
            return super().optgroups(name, value, attr)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options += [self.create_option(name, one, self.known[one], True, len(options)) for one in chosen]
        return [(None, options, 0)]


class ChosenForm(AsksQuestions, ProposesSlug, forms.ModelForm):
    """Hands the related objects that were fetched with the row to the boxes that show them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._keep_what_is_chosen()
        fetched = self.instance._state.fields_cache
        for name, field in self.fields.items():
            box = getattr(field.widget, "widget", field.widget)  # inside the wrapper with the “add” button
            if isinstance(box, ChosenSelect) and fetched.get(name) is not None:
                box.known = {str(fetched[name].pk): field.label_from_instance(fetched[name])}

    def _keep_what_is_chosen(self):
        """A choice that others made, and that this person could not make, is no reason to refuse her form."""
        if self.instance.pk is None:
            return
        for name, field in self.fields.items():
            if not isinstance(field, forms.ModelChoiceField):
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
