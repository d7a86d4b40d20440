"""What may be wrong with a line of a file of projects, in sentences for whoever brings it in."""

from django.utils.translation import gettext_lazy as _

from cluster_portal.exchange.sentences import known_sentences
from members.imports.problems import TOLD_BY_A_LOOK

known_sentences({
    # as it was read
    "project-not-aligned": _("%(number)s values stand beside %(beside)s in the other column: which belongs to which? They are left out."),
    "project-amount-cents": _("“%(value)s”: an amount has two decimals and at most twelve figures before them. It is left out."),
    "project-role": _("“%(value)s” is no role that is known: coordinator or partner, lead or co-labelling cluster. It is left out."),
    "project-number": _("“%(value)s” is no SIREN, SIRET, RNSR, UAI or ROR: left out."),
    "project-of-nobody": _("“%(value)s” stands beside no partner: left out."),
    "project-funding-of-nothing": _("“%(value)s” stands beside no programme: left out."),
    "project-label-of-nobody": _("“%(value)s” stands beside no cluster: left out."),
    "project-nameless": _("The line says of no project that it speaks of: no title, acronym nor identifier."),
    # as it was compared
    "project-name-missing": _("A new project needs a title or an acronym."),
    "project-partner-unknown": _("“%(value)s” is not in the directory: left out. Bring it in as an organisation first, then this file again."),
    "project-partner-choose": _("“%(value)s”: a name alone does not say which organisation it is. Left out: give its SIREN or another number, or its town, and bring the file in again."),
    "project-partner-several": _("“%(value)s” may be several organisations: left out. Give the number of one."),
    "project-coordinator-other": _("“%(value)s” would be the coordinator, and the project has another one: left out. Change it on the page of the project."),
    "project-coordinator-stays": _("“%(value)s” is the coordinator and no other is named: it stays so."),
    "project-cluster-unknown": _("“%(value)s” is no cluster of the directory: its label is left out."),
    "project-cluster-several": _("“%(value)s” may be several clusters: its label is left out."),
    "project-label-undated": _("The label of “%(value)s” has no date: left out."),
    "project-label-of-others": _("The label of “%(value)s” is that cluster’s own to give: left out."),
    "project-lead-other": _("“%(value)s” would lead, and the project has a lead cluster: left out."),
    "project-lead-stays": _("“%(value)s” leads and no other cluster does: it stays so."),
    "project-label-without-lead": _("The label of “%(value)s” is left out: with it, and without that of the lead cluster, nobody would keep the project."),
    "project-programme-unknown": _("“%(value)s” is no funding programme of the directory: left out. Ask the network to add it."),
    "project-programme-several": _("“%(value)s” may be several funding programmes: left out."),
    "project-funding-undated": _("The funding by “%(value)s” has no date: left out."),
    "project-funding-several": _("The funding by “%(value)s” may be one of several that are known: left out."),
    "project-funding-other": _("An earlier line gives another amount of the funding by “%(value)s” on that day: left out."),
})  # fmt: skip

OF_A_LOOK = frozenset(
    {
        "project-name-missing", "project-partner-unknown", "project-partner-choose", "project-partner-several",
        "project-coordinator-other", "project-coordinator-stays", "project-cluster-unknown", "project-cluster-several",
        "project-label-undated", "project-label-of-others", "project-lead-other", "project-lead-stays", "project-label-without-lead",
        "project-programme-unknown", "project-programme-several", "project-funding-undated", "project-funding-several",
        "project-funding-other",
    }
)  # fmt: skip
TOLD_BY_A_LOOK.update(OF_A_LOOK)
