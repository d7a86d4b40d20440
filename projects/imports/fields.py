"""What a column of a file of projects can hold, and the headers by which people name it.

The names and the labels are those of ``projects.columns``, so that what was exported is understood when it comes back.
"""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import override, pgettext_lazy

from members.imports import cells
from members.imports.fields import LEFT_OUT, Field
from projects.columns import LABELS, MONEY, PARTNERS, PROJECT, PROJECT_COLUMNS

KNOWN = {column.name: column.label for column in PROJECT_COLUMNS}
# What an exported list holds besides: it follows from the rest, or staff say it on the page of the project alone.
NOT_BROUGHT_IN = ("state", "stated", "stated_on", "stated_reason", "private_investment", "funders", "status")

FIELDS: tuple[Field, ...] = (
    Field("acronym", KNOWN["acronym"], PROJECT, ("acronyme", "acronyme du projet", "sigle", "project acronym", "nom court", "short name")),
    Field("title_fr", KNOWN["title_fr"], PROJECT, ("titre", "titre du projet", "projet", "nom du projet", "project", "project name", "intitule", "intitule du projet", "libelle", "libelle du projet", "title", "project title", "titre francais", "nom complet")),
    Field("title_en", KNOWN["title_en"], PROJECT, ("titre anglais", "english title", "titre en anglais")),
    Field("slug", KNOWN["slug"], PROJECT, ("slug", "page address", "adresse de page", "identifiant portail")),
    Field("summary_fr", KNOWN["summary_fr"], PROJECT, ("resume", "resume du projet", "description", "presentation", "descriptif", "objet", "resume francais")),
    Field("summary_en", KNOWN["summary_en"], PROJECT, ("summary", "abstract", "resume anglais", "project summary", "english summary")),
    Field("themes", KNOWN["themes"], PROJECT, ("theme", "thematique", "domaine", "axe thematique", "das", "filiere", "secteur", "topic", "domain", "sector"), many=True, chosen=True),
    Field("website", KNOWN["website"], PROJECT, ("site internet", "site web", "site", "url", "lien", "website", "web site", "page officielle", "homepage")),
    Field("national", KNOWN["national"], PROJECT, ("portee nationale", "national")),
    Field("start", KNOWN["start"], MONEY, ("debut", "date de debut", "date debut", "demarrage", "date de demarrage", "lancement", "start", "start date", "begin", "premier jour", "t0")),
    Field("end", KNOWN["end"], MONEY, ("fin", "date de fin", "date fin", "end", "end date", "dernier jour", "cloture", "date de cloture")),
    Field("total_cost", KNOWN["total_cost"], MONEY, ("cout total", "cout", "cout du projet", "budget", "budget total", "montant total", "assiette", "total cost", "cost", "total budget", "cout complet")),
    Field("public_funding", KNOWN["public_funding"], MONEY, ("financement public", "aide publique", "aide totale", "aides", "subvention", "montant de l aide", "public funding", "public money", "grant", "total grant")),
    Field("coordinator", KNOWN["coordinator"], PARTNERS, ("coordinateur", "coordonnateur", "porteur", "porteur du projet", "chef de file", "coordinator", "project leader", "leader")),
    Field("coordinator_number", pgettext_lazy("column", "Number of the coordinator (SIREN, SIRET, RNSR, UAI, ROR)"), PARTNERS, ("siren du coordinateur", "siret du coordinateur", "siren porteur", "siret porteur", "siren du porteur", "siret du porteur", "coordinator siren", "coordinator siret", "siren of the coordinator", "siret of the coordinator")),
    Field("coordinator_cost", KNOWN["coordinator_cost"], PARTNERS, ("cout du coordinateur", "cout du porteur", "cout coordinateur", "cost of the coordinator")),
    Field("coordinator_funding", KNOWN["coordinator_funding"], PARTNERS, ("aide du coordinateur", "aide du porteur", "financement public du coordinateur", "public funding of the coordinator")),
    Field("partners", KNOWN["partners"], PARTNERS, ("partenaire", "nom du partenaire", "participant", "organisation", "organisme", "beneficiaire", "structure", "entreprise", "etablissement", "raison sociale", "denomination", "membre du consortium", "partner", "partner name", "beneficiary", "participants", "organization", "company", "consortium"), many=True),
    Field("partner_sirens", pgettext_lazy("column", "SIREN of the partners"), PARTNERS, ("siren", "n siren", "numero siren", "siren du partenaire", "siren partenaire", "partner siren", "code siren"), many=True),
    Field("partner_sirets", pgettext_lazy("column", "SIRET of the partners"), PARTNERS, ("siret", "n siret", "numero siret", "siret du partenaire", "siret partenaire", "partner siret", "code siret"), many=True),
    Field("partner_numbers", pgettext_lazy("column", "Other number of the partners (RNSR, UAI, ROR)"), PARTNERS, ("numero du partenaire", "identifiant du partenaire", "rnsr", "numero rnsr", "uai", "code uai", "ror", "identifiant ror", "partner number", "partner id", "numero", "rnsr number", "uai code", "ror id"), many=True),
    Field("partner_roles", pgettext_lazy("column", "Roles of the partners"), PARTNERS, ("role", "role du partenaire", "role dans le projet", "qualite", "partner role", "type de participation"), many=True),
    Field("partner_towns", pgettext_lazy("column", "Towns of the partners"), PARTNERS, ("ville", "commune", "ville du partenaire", "town", "city", "partner town", "partner city"), many=True),
    Field("partner_departments", pgettext_lazy("column", "Departments of the partners"), PARTNERS, ("departement", "departement du partenaire", "code departement", "department", "partner department", "dept"), many=True),
    Field("partner_costs", KNOWN["partner_costs"], PARTNERS, ("cout du partenaire", "couts des partenaires", "cout partenaire", "depenses", "assiette du partenaire", "partner cost", "cost of the partner", "costs of the partners"), many=True),
    Field("partner_fundings", KNOWN["partner_fundings"], PARTNERS, ("aide du partenaire", "aide partenaire", "aides des partenaires", "subvention du partenaire", "financement public du partenaire", "financement public des partenaires", "partner funding", "partner grant", "public funding of the partner"), many=True),
    Field("lead_cluster", KNOWN["lead_cluster"], LABELS, ("pole", "pole labellisateur", "pole chef de file", "pole pilote", "pole leader", "cluster", "labelled by", "label", "labellisation", "poles labellisateurs", "lead cluster", "labelling cluster"), many=True),
    Field("labelled_on", KNOWN["labelled_on"], LABELS, ("date de labellisation", "date du label", "labellise le", "labelled on", "label date", "date label"), many=True),
    Field("label_roles", pgettext_lazy("column", "Roles of the labels"), LABELS, ("role du label", "role du pole", "type de label", "label role", "role of the cluster"), many=True),
    Field("other_clusters", KNOWN["other_clusters"], LABELS, ("pole co labellisateur", "poles co labellisateurs", "co labellisation", "colabellisateur", "poles colabellisateurs", "co labelling cluster"), many=True),
    Field("other_labelled_on", KNOWN["other_labelled_on"], LABELS, ("date de co labellisation", "dates de co labellisation", "co labellise le", "co labelled on"), many=True),
    Field("programmes", KNOWN["programmes"], LABELS, ("programme", "dispositif", "dispositif de financement", "appel a projets", "aap", "guichet", "programme de financement", "funding programme", "program", "call"), many=True),
    Field("funding_amounts", KNOWN["funding_amounts"], LABELS, ("montant du financement", "montants des financements", "montant finance", "montant accorde", "funding amount", "amount of the funding", "amount", "montant"), many=True),
    Field("funded_on", KNOWN["funded_on"], LABELS, ("date de financement", "date du financement", "finance le", "decide le", "date de decision", "funded on", "funding date", "decided on", "date of the decision"), many=True),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
IDENTIFYING = ("title_fr", "title_en", "acronym", "slug")
MOSTLY = 0.8  # of the texts of a column


def by_contents(texts: Sequence[str]) -> str:
    """The numbers of partners alone are recognised by what they are: a day or an amount may be any."""
    if len(texts) < 2:
        return LEFT_OUT
    for name, read in (("partner_sirets", cells.read_siret), ("partner_sirens", cells.read_siren)):
        good = sum(1 for text in texts if (cell := read(text)).value is not None and not cell.problem)
        if good >= MOSTLY * len(texts):
            return name
    return LEFT_OUT


def headers_left_out() -> tuple[str, ...]:
    """What an exported list holds besides, in every language of the site."""
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found += [str(KNOWN[name]) for name in NOT_BROUGHT_IN]
    return (*found, *NOT_BROUGHT_IN)
