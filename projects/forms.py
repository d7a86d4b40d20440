"""Forms of the public pages; crispy-forms lays them out in Bootstrap's markup."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_portal.facets import FacetValues
from cluster_portal.writing.translated import active_language
from members.models import Organisation


class PartnerForm(forms.Form):
    """What kind of partner is sought: on a theme, in a region, of a kind; ``project`` or ``organisation``
    say for whom. It only shows what the address asks: the search itself reads it leniently."""

    project = forms.CharField(widget=forms.HiddenInput, required=False)
    organisation = forms.CharField(widget=forms.HiddenInput, required=False)
    theme = forms.ChoiceField(label=gettext_lazy("Theme"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)

    def __init__(self, asked: Mapping[str, str], facets: Mapping[str, FacetValues], sought_for=None) -> None:
        super().__init__(initial=asked)
        themes = _("The themes of %(name)s") % {"name": sought_for} if sought_for else _("All themes")
        self.fields["theme"].choices = [("", themes), *_choices(facets["theme"])]
        self.fields["region"].choices = [("", _("All regions")), *_choices(facets["region"], top_level=True)]
        labels, language = facets["kind"].values, active_language()
        kinds = [(kind, labels[kind].label(language)) for kind in Organisation.Kind.values]
        self.fields["kind"].choices = [("", _("All kinds")), *kinds]
        for name in ("project", "organisation"):
            if not asked.get(name):
                del self.fields[name]


def _choices(facet: FacetValues, *, top_level: bool = False) -> list[tuple[str, str]]:
    """The values of a facet; what is under another is set in."""
    language = active_language()
    return [
        (value.slug, ("\u2003" if value.parent else "") + value.label(language))
        for value in facet.in_order(language)
        if not (top_level and value.parent) and value.slug != "none"
    ]
