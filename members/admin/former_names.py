"""A name that is given up is not lost: whoever renames something is asked whether it stays as a former name.

The question comes back with the form, ticked. Members who know the old name go on finding what they look for.
"""

import re
from datetime import date

from django.db.models import PositiveSmallIntegerField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from cluster_portal.admin.once import digest
from cluster_portal.records.search import fold

ASKED, KEEP = "renamed", "keep_former_name"  # sent with the answer: of which two names it speaks, and what it says


class AsksForFormerName:
    """A form of what has a ``name`` and rows of other ``names``."""

    keeps_former_name = False

    def _post_clean(self):
        super()._post_clean()
        if self._gives_up_a_name():
            old, new = self.initial["name"], self.cleaned_data["name"]
            asked = digest(old, new)
            if self.data.get(ASKED) == asked:
                self.keeps_former_name = KEEP in self.data
            else:
                self.add_error("name", self._question(old, asked))

    def _gives_up_a_name(self) -> bool:
        """Unless it is but written otherwise, or the old one is among the others already."""
        old, new = self.initial.get("name"), self.cleaned_data.get("name")
        if self.instance._state.adding or "name" not in self.changed_data or not old or not new:
            return False
        if "".join(fold(old).split()) == "".join(fold(new).split()):
            return False
        typed = {value for name, value in self.data.items() if re.fullmatch(r"names-\d+-name", name)}
        return old not in typed and not self.instance.names.filter(name=old).exists()

    def _question(self, old: str, asked: str):
        sentence = _("The name changes. Save once more, with the former one kept or not:")
        keep = _("keep “%(name)s” as a former name, by which it is still found") % {"name": old}
        return format_html(
            '<div class="question">{} <label><input type="checkbox" name="{}" value="on" checked> {}</label>'
            '<input type="hidden" name="{}" value="{}"></div>',
            sentence, KEEP, keep, ASKED, asked,
        )  # fmt: skip


class KeepsFormerNames:
    """The admin of such a thing."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if getattr(form, "keeps_former_name", False):
            keep_former_name(form.instance, form.initial["name"])


def keep_former_name(obj, name: str) -> None:
    kind = obj.names.model
    today = timezone.localdate()
    is_year = isinstance(kind._meta.get_field("until"), PositiveSmallIntegerField)
    until: int | date = today.year if is_year else today
    obj.names.create(name=name, kind=kind.Kind.FORMER, until=until)
