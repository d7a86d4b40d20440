"""The numbers by which the State and its research bodies know an organisation, beside the first of each kind."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cluster_portal.records.publication import choices_constraint
from cluster_portal.records.rows import FormRow
from members.identifiers import IsIdentifier, validate_rnsr, validate_ror, validate_siren, validate_uai
from members.querysets import RowsOfOrganisation

from .organisations import NUMBER_TWICE, Kind, Organisation

LABEL, NUMBER = r"^[A-Z]{1,6}(_[A-Z]{1,3})?$", r"^[0-9]{1,6}[A-Z]?$"


class UnitNumber(FormRow):
    """What those who supervise a laboratory call it: UMR 5506, U 1292, EA 1496. Searched however it is typed."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="unit_numbers")
    label = models.CharField(_("label"), max_length=10, help_text=_("UMR, U, EA, UAR, UPR, ERL..."))
    number = models.CharField(pgettext_lazy("official", "number"), max_length=7)

    objects = RowsOfOrganisation.as_manager()

    class Meta:
        verbose_name = _("unit number")
        verbose_name_plural = _("unit numbers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "label", "number"],
                name="members_unitnumber_once",
                violation_error_message=_("This unit number is already in the list."),
            ),
            models.CheckConstraint(
                condition=Q(label__regex=LABEL, number__regex=NUMBER),
                name="members_unitnumber_as_written",
                violation_error_message=_("A unit number is capital letters and digits: UMR 5506."),
            ),
        ]

    def __str__(self):
        return f"{self.label} {self.number}"

    def clean(self):
        if self.organisation.kind != Kind.LABORATORY:
            raise ValidationError(_("Unit numbers are for laboratories only."))


class NumberKind(models.TextChoices):
    SIREN = "siren", "SIREN"
    UAI = "uai", "UAI"
    RNSR = "rnsr", "RNSR"
    ROR = "ror", "ROR"


CHECKS: dict[str, Callable[[str], None]] = {
    NumberKind.SIREN: validate_siren,
    NumberKind.UAI: validate_uai,
    NumberKind.RNSR: validate_rnsr,
    NumberKind.ROR: validate_ror,
}


class FurtherNumber(FormRow):
    """A second official number of one kind, such as the UAI of another school of one university: found, not shown."""

    Kind = NumberKind

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="further_numbers")
    kind = models.CharField(_("kind"), max_length=5, choices=NumberKind.choices)
    value = models.CharField(pgettext_lazy("official", "number"), max_length=10)

    objects = RowsOfOrganisation.as_manager()

    class Meta:
        verbose_name = _("further official number")
        verbose_name_plural = _("further official numbers")
        ordering = ["pk"]
        indexes = [models.Index(fields=["kind", "value"], name="members_furthernumber_value")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "value"],
                name="members_furthernumber_once",
                violation_error_message=_("This number is already in the list."),
            ),
            choices_constraint("kind", NumberKind),
            models.CheckConstraint(
                condition=Q(
                    *(
                        ~Q(kind=kind) | Q(IsIdentifier(F("value"), function=f"members_is_{kind.value}"))
                        for kind in NumberKind
                    )
                ),
                name="members_furthernumber_value_exists",
                violation_error_message=_("There is no such number: check its digits."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.value}"

    def clean(self):
        self.value = self.value.lower() if self.kind == NumberKind.ROR else self.value.upper()
        if self.kind in CHECKS:
            try:
                CHECKS[self.kind](self.value)
            except ValidationError as error:
                raise ValidationError({"value": error}) from error
        if Organisation.objects.bearing(self.kind, self.value).exclude(pk=self.organisation.pk).exists():
            raise ValidationError({"value": NUMBER_TWICE})
