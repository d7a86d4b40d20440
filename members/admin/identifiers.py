"""Identifiers as people write them: read without their blanks before anything judges them."""

from django import forms

from members.identifiers import compact


class IdentifierField(forms.CharField):
    """Takes off blanks, dots and hyphens; the box is wide enough to type them."""

    def to_python(self, value):
        return self.normalise(compact(super().to_python(value)))

    def normalise(self, value: str) -> str:
        return value.upper()

    def widget_attrs(self, widget):
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return {**attrs, "autocomplete": "off", "spellcheck": "false"}


class RorField(IdentifierField):
    """Also read out of its address, https://ror.org/02feahw73."""

    def normalise(self, value: str) -> str:
        return value.lower().rpartition("rororg")[2]


class NafField(IdentifierField):
    """2910Z and 29.10z are 29.10Z."""

    def normalise(self, value: str) -> str:
        return f"{value[:2]}.{value[2:]}".upper() if len(value) > 2 else value


class AnyNumberField(IdentifierField):
    """An official number of any kind; which letters are small depends on the kind (``FurtherNumber.clean``)."""

    def normalise(self, value: str) -> str:
        return value.rpartition("rororg")[2]


IDENTIFIERS = {
    "value": AnyNumberField,
    "label": IdentifierField,
    "number": IdentifierField,
    "siren": IdentifierField,
    "siret": IdentifierField,
    "rnsr_id": IdentifierField,
    "uai_code": IdentifierField,
    "ror_id": RorField,
    "naf_code": NafField,
}


class WithIdentifiers:
    """For an admin or an inline whose model has identifiers."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in IDENTIFIERS:
            kwargs["form_class"] = IDENTIFIERS[db_field.name]
        return super().formfield_for_dbfield(db_field, request, **kwargs)
