"""What may be wrong with a line, or with a whole file, in sentences for whoever brings it in.

A problem is kept as [field, code, what it speaks of], and said in the language of its reader.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cluster_portal.admin.refusals import sentence_of
from cluster_portal.exchange.sentences import known_sentences, sentence

from .subjects import HANDLINGS

known_sentences({
    # as it was read
    "line-declined": _("“%(value)s” is left out: its repair was not wanted."),
    "line-unmapped": _("“%(value)s” is left out: nothing says what it becomes."),
    "line-several": _("“%(value)s” are several values, and there is place for one: left out."),
    "line-not-aligned": _("%(labels)s labels stand beside %(numbers)s numbers: which belongs to which? They are left out."),
    "line-half-a-position": _("A latitude without a longitude, or the other way round: left out."),
    "line-of-another": _("The SIRET %(siret)s does not begin with the SIREN %(siren)s: one of the two is wrong."),
    "line-sites-without-place": _("%(count)s further SIRET (%(numbers)s) are left out: where these sites are is not said."),
    "line-contradicts-department": _("The region is not that of the department: the department counts."),
    "line-contact-without-name": _("A contact person without a name: left out."),
    "line-of-another-kind": _("Left out: only another kind of organisation has it."),
    "line-nobody": _("The line says of nobody that it speaks of: neither a name nor a number."),
    # as it was compared
    "line-hidden": _("It is in the directory already and not published yet; another cluster keeps it. Ask the network."),
    "line-name-missing": _("A new one needs a name."),
    "line-kind-missing": _("A new one needs a kind: company, laboratory or institution."),
    "line-first-refused": _("It speaks of the same as line %(line)s, which does not go."),
    "line-number-twice": _("It has a number in common with line %(line)s, and another number that differs (%(one)s, %(other)s): one of them is wrong."),
    "line-number-of-another": _("%(new)s is the number of another organisation: left out."),
    "line-another-number": _("%(new)s is not the number that is there (%(old)s): left out."),
    "line-supervisors-several": _("“%(value)s” may be several institutions: left out."),
    "line-supervisor-unknown": _("“%(value)s” is no institution that is in the directory: left out."),
    "line-site-without-place": _("A site needs a town, a department or a region: left out."),
    "line-left-before-joined": _("It would have left before it joined: the day on which it left is left out."),
    "line-overlaps": _("It was a member for part of that time already: the membership is left as it is."),
    "line-constraint": _("Refused: %(name)s"),
    "line-changed-since": _("What it speaks of changed since the check: look at it once more."),
    # of the whole file
    "import-refused": _("Nothing was written. The database refuses the import: %(constraint)s"),
    "import-interrupted": _("Interrupted, nothing was written: start it again."),
    "import-file-gone": _("The file is no longer kept: bring it in again."),
    "import-error": _("Nothing was written. An error of the program: tell an administrator, who finds it in the log."),
    "import-nobody": _("Nothing was written: whoever started the import may not do so any more."),
})  # fmt: skip

# told by a look at what is in the directory, and so told anew by the next; whoever handles other lines adds to them
TOLD_BY_A_LOOK = set(
    {
        "line-hidden", "line-name-missing", "line-kind-missing", "line-first-refused", "line-number-twice", "line-number-of-another", "line-another-number",
        "line-supervisors-several", "line-supervisor-unknown", "line-site-without-place", "line-left-before-joined",
        "line-overlaps", "line-constraint", "line-changed-since",
    }
)  # fmt: skip


def said(code: str, told: Mapping[str, Any]) -> str:
    """A problem as a sentence; the rules of the database in their own words."""
    told = {key: rule(value) if key in ("name", "constraint") and code.endswith(("constraint", "refused")) else value for key, value in told.items()}  # fmt: skip
    return sentence(code, told)


def rule(name: str) -> str:
    sentences = (sentence_of(name, handling.model) for handling in HANDLINGS.values())
    return next(filter(None, sentences), name)
