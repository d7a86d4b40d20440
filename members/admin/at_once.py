"""What can be done to many organisations, clusters, projects, themes and memberships at once, beside their publication."""

from django import forms
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from cluster_portal.admin.boxes import DayBox, LineBox
from cluster_portal.admin.verbs import ValuesForm, Verb
from cluster_portal.records.websites import is_public_page
from members import choices
from members.at_once import bearers_of
from members.models import Cluster, Site, Theme
from members.models.organisations import Size
from members.rights import rights_of

CHANGED = ngettext_lazy("%(count)d changed.", "%(count)d changed.", "count")
LINE = {"widget": forms.TextInput({"class": "vTextField"})}


# --- themes -----------------------------------------------------------------------------------------------------------
class ThemeBox(forms.ModelChoiceField):
    """In the order of the tree. The form that shows it gives it the choices, once."""

    def __init__(self, **kwargs):
        super().__init__(Theme.objects.all(), to_field_name="slug", **kwargs)


class ThemesForm(ValuesForm):
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(), to_field_name="slug", label=gettext_lazy("Themes"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["themes"].choices = choices.themes()

    def clean_themes(self):
        return list(self.cleaned_data["themes"])


class OtherThemeForm(ValuesForm):
    old, new = ThemeBox(label=gettext_lazy("In place of")), ThemeBox(label=gettext_lazy("The theme"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        every = [("", "---------"), *choices.themes()]
        for name in ("old", "new"):
            self.fields[name].choices = every

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("old") and cleaned.get("old") == cleaned.get("new"):
            self.add_error("new", _("These are the same theme."))
        return cleaned


class TargetForm(ValuesForm):
    to = ThemeBox(
        label=gettext_lazy("To the theme"),
        help_text=gettext_lazy("Whatever bears one of the themes below then bears this one in its place."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "---------"), *choices.themes()]


class MovingBearers(Verb):
    """The rows are themes; what changes is whatever bears them."""

    def weight(self, model_admin, plan) -> int:
        return sum(
            pairs._base_manager.filter(theme__in=plan.going).count()
            for _model, pairs, _bearer in bearers_of(Theme.objects)
        )

    def previews(self, rows, values):
        said: dict[int, list[str]] = {}
        keys = [row.pk for row in rows]
        for model, pairs, _bearer in bearers_of(Theme.objects):
            borne = pairs._base_manager.filter(theme__in=keys).values_list("theme", flat=True)
            for pk in dict.fromkeys(borne):
                number = list(borne).count(pk)
                kind = model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural
                said.setdefault(pk, []).append(f"{number} {kind}")
        return {pk: ", ".join(parts) for pk, parts in said.items()}


ADD_THEMES = Verb("add_themes", gettext_lazy("Add themes"), CHANGED, form=ThemesForm)
REMOVE_THEMES = Verb("remove_themes", gettext_lazy("Remove themes"), CHANGED, form=ThemesForm)
SET_THEMES = Verb("set_themes", gettext_lazy("Set the themes, in place of all others"), CHANGED, form=ThemesForm)
REPLACE_THEME = Verb("replace_theme", gettext_lazy("Replace a theme by another"), CHANGED, form=OtherThemeForm)
MOVE_BEARERS = MovingBearers(
    "move_bearers", gettext_lazy("Move what bears them to another theme"), CHANGED, form=TargetForm, of_network=True
)
ON_THEMES = (ADD_THEMES, REMOVE_THEMES, SET_THEMES, REPLACE_THEME)


# --- one value for all ------------------------------------------------------------------------------------------------
class SizeForm(ValuesForm):
    size = forms.ChoiceField(
        choices=[("", gettext_lazy("unknown")), *Size.choices], label=gettext_lazy("Size"), required=False
    )


class SettingSize(Verb):
    def refusals(self, rows, values):
        yield gettext_lazy("Only companies have a size."), rows.exclude(kind="company")


class VerificationForm(ValuesForm):
    verified_on = DayBox(label=gettext_lazy("Last verified"), initial=timezone.localdate)
    verified_by = forms.ModelChoiceField(Cluster.objects.none(), label=gettext_lazy("Verified by"), required=False)
    verified_source = LineBox(label=gettext_lazy("Source of the verification"), required=False, max_length=200, **LINE)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hers = Cluster.objects.editable_by(self.asked_of).order_by("sort_name", "pk")
        self.fields["verified_by"].queryset = hers
        if rights_of(self.asked_of).clusters:
            self.fields["verified_by"].initial = hers.first()

    def clean_verified_on(self):
        day = self.cleaned_data["verified_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day of the verification is in the future."))
        return day


class LeadForm(ValuesForm):
    lead_cluster = forms.ModelChoiceField(
        Cluster.objects.order_by("sort_name", "pk"),
        label=gettext_lazy("Kept by"),
        required=False,
        help_text=gettext_lazy(
            "The cluster whose editors keep the name, the sites and the description. Blank: the network."
        ),
    )


class JoinedForm(ValuesForm):
    joined_on = DayBox(
        label=gettext_lazy("joined on"),
        help_text=gettext_lazy("Only where no day is written yet. Of a year alone, its first of January."),
    )

    def clean_joined_on(self):
        day = self.cleaned_data["joined_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("That day has not come: they would not be members until then."))
        return day


class SettingJoined(Verb):
    def refusals(self, rows, values):
        yield gettext_lazy("It left before that day."), rows.filter(left_on__lt=values["joined_on"])


class CategoryForm(ValuesForm):
    category = LineBox(
        label=gettext_lazy("Category"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("The college or category in the cluster’s own words. Blank: none."),
        **LINE,
    )


SET_SIZE = SettingSize("set_size", gettext_lazy("Set the size"), CHANGED, form=SizeForm)
VERIFY = Verb("verify", gettext_lazy("Set the verification"), CHANGED, form=VerificationForm)
SET_LEAD = Verb("set_lead", gettext_lazy("Set the cluster that keeps them"), CHANGED, form=LeadForm, of_network=True)
SET_CATEGORY = Verb("set_category", gettext_lazy("Set the category"), CHANGED, form=CategoryForm)
SET_JOINED = SettingJoined("set_joined_on", gettext_lazy("Set the day on which they joined"), CHANGED, form=JoinedForm)


# --- one text in place of another -------------------------------------------------------------------------------------
class ReplacementForm(ValuesForm):
    old = LineBox(label=gettext_lazy("In place of"), max_length=80, **LINE)
    new = LineBox(label=gettext_lazy("Write"), max_length=80, **LINE)
    within = forms.BooleanField(
        label=gettext_lazy("Also as words of a longer text"),
        required=False,
        help_text=gettext_lazy(
            "Then exactly as typed; otherwise accents and capitals do not matter, and the whole is replaced."
        ),
    )


class CategoryReplacementForm(ReplacementForm):
    new = LineBox(label=gettext_lazy("Write"), max_length=60, required=False, **LINE)


class HostForm(ValuesForm):
    old = LineBox(
        label=gettext_lazy("In place of"),
        max_length=200,
        help_text=gettext_lazy("The name of the site, such as www.example.org"),
        **LINE,
    )
    new = LineBox(
        label=gettext_lazy("Write"),
        max_length=200,
        help_text=gettext_lazy("What stands behind it in the address stays."),
        **LINE,
    )

    def _host(self, name: str) -> str:
        host = self.cleaned_data[name].lower().removeprefix("https://").removeprefix("http://").removesuffix("/")
        if not is_public_page(f"https://{host}") or set("/?#") & set(host):
            raise forms.ValidationError(_("Write the name of a site alone, such as www.example.org."))
        return host

    def clean_old(self):
        return self._host("old")

    def clean_new(self):
        return self._host("new")


class Replacing(Verb):
    """Shows the first rows as they are and as they would be. ``column``: of the rows themselves."""

    def __init__(self, *args, column: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.column = column

    def changed(self, rows, values):
        """(row, what it says, what it would say) of each place that would change."""
        return self.due(rows, values).values_list("pk", self.column, "becomes")

    def too_long(self, rows, values):
        most = rows.model._meta.get_field(self.column).max_length
        return most, self.due(rows, values).alias(length=Length("becomes")).filter(length__gt=most)

    def refusals(self, rows, values):
        if not values.get("within", True):  # a whole text gives way to another, which the form has measured
            return
        most, found = self.too_long(rows, values)
        yield (
            ngettext("It would be longer than %(most)d sign.", "It would be longer than %(most)d signs.", most)
            % {"most": most},
            found,
        )

    def previews(self, rows, values):
        said: dict[int, list[str]] = {}
        for pk, was, becomes in self.changed(rows, values).order_by("pk"):
            said.setdefault(pk, []).append(f"{was} → {becomes or '–'}")
        return {pk: "; ".join(dict.fromkeys(parts)) for pk, parts in said.items()}


class ReplacingInSites(Replacing):
    """The rows are organisations, and the towns those of their sites."""

    def _sites(self, rows, values):
        sites = Site.objects.filter(organisation__in=rows.order_by().values("pk"))
        return sites.with_replaced("city", values["old"], values["new"], within=values["within"])

    def changed(self, rows, values):
        return self._sites(rows, values).values_list("organisation", "city", "becomes")

    def too_long(self, rows, values):
        most = Site._meta.get_field("city").max_length
        sites = self._sites(rows, values).alias(length=Length("becomes")).filter(length__gt=most)
        return most, rows.filter(pk__in=sites.order_by().values("organisation"))


REPLACE_TOWN = ReplacingInSites(
    "replace_town", gettext_lazy("Replace a town"), CHANGED, form=ReplacementForm, column="city"
)
REPLACE_TOWN_OF_CLUSTER = Replacing(
    "replace_town", gettext_lazy("Replace a town"), CHANGED, form=ReplacementForm, column="city"
)
REPLACE_CATEGORY = Replacing(
    "replace_category", gettext_lazy("Replace a category"), CHANGED, form=CategoryReplacementForm, column="category"
)
CHANGE_HOST = Replacing(
    "change_host", gettext_lazy("Replace the host of the website"), CHANGED, form=HostForm, column="website"
)
