"""Invented names: coined words, trades, imaginary landscapes. No surname, and no organisation that we know of."""

from random import Random

from django.utils.text import slugify

from .words import Field, Phrase, capital, of, without_article

STARTS = (
    "Al Am Ar Au Ba Bel Bo Ca Cel Cor Da Del Do Dun Él Ér Fa Fel Fo Ga Gal Go Is Jo Ka Kel Ko La Lor Lu Ma Mel Mi Na "
    "Nel No Œn Or Os Pa Pel Po Qua Ra Ri Ro Sa Sel So Ta Tel Ti Ty Ul Va Vel Vi Vol Xa Ya Yl Za Zel Zo"
).split()
MIDDLES = "ba ca da di do la li lo lu ma mi mo na ni no ra ri ro sa si ta ti to va vé vi vo za".split()
ENDS = "a cia dor éa el ène éo éor gane ia iane ine io is ium ix lys mis nor on onde or os quen ris stra thys tis vane vor ys".split()
FUSED = "bria cal cys dane dor génis kalis lane lia lior mage matis nalis nis nova phore pia quis ris rys sens sia taé tis via vys zéa".split()

PLACES = {
    "le": (
        "Val Mont Bois Lac Plateau Bocage Marais Cap Coteau Rivage".split(),
        "Doré Clair Vert Bleu Brun Argenté Fleuri Serein Ombreux Venteux".split(),
    ),
    "la": (
        "Côte Rive Plaine Vallée Baie Lande Combe Roche Forêt Source".split(),
        "Dorée Claire Verte Bleue Brune Argentée Fleurie Sereine Ombreuse Venteuse".split(),
    ),
    "les": (
        "Deux Trois Quatre Cinq Sept Neuf".split(),
        "Vallées Rives Monts Étangs Clochers Forêts Moulins Ponts Chênes Sources".split(),
    ),
}
ODDITIES = [
    "À Ciel Ouvert", "À Contre-Courant", "À Fleur d’Eau", "À Plein Vent", "À Pas Comptés", "Çà et Là", "Œil-de-Mer",
    "Œuvre-Vive", "L’Établi", "L’Îlot", "D’Ici et d’Ailleurs", "Ô Large", "Été-Hiver", "Aujourd’hui Demain",
    "Grand-Angle", "Presqu’Île", "Clair-Obscur", "Avant-Poste",
]  # fmt: skip
STREETS = [
    "rue des Bobineurs", "allée du Banc", "rue de la Filature", "avenue des Tilleuls", "quai des Mariniers",
    "chemin des Carrières", "rue du Four-à-Chaux", "boulevard de l’Industrie", "impasse des Tisserands", "rue des Forges",
    "avenue de la Gare", "route du Vieux-Moulin", "place de la Halle", "rue de l’Écluse", "allée des Chercheurs",
    "rue des Tanneurs", "zone d’activité des Trois-Chênes", "parc technologique du Plateau", "rue du Château-d’Eau",
    "avenue de l’Europe", "chemin de la Source", "rue des Sapins", "rue des Œillets", "passage des Ateliers",
]  # fmt: skip
INSTITUTION_HEADS = {
    "higher_education": [
        "École supérieure {of_area} {of_place}", "Université {of_place}", "Institut universitaire {of_area} {of_place}",
        "École d’ingénieurs {coined}", "Institut {coined} {of_area}", "École {coined}",
    ],
    "training": [
        "Campus des métiers {of_area} {of_place}", "Centre de formation {of_area} {of_place}", "Centre d’apprentissage {coined}",
        "Lycée des métiers {of_place}",
    ],
    "authority": [
        "Communauté de communes {of_place}", "Communauté d’agglomération {of_place}", "Syndicat mixte {of_place}",
        "Agence de développement {of_place}", "Établissement public {of_place}",
    ],
    "support": [
        "Technopole {coined}", "Incubateur {coined}", "Agence des transitions {of_place}", "Pépinière {of_place}",
        "Centre technique {of_area} {of_place}", "Réseau {coined}", "Maison {of_area} {of_place}", "Association {coined}",
    ],
    "research_body": ["Institut national {coined} {of_area}", "Organisme national {of_area} {coined}"],
    "hospital": ["Centre hospitalier {of_place}", "Hôpital {of_place}", "Institut hospitalier {coined}"],
    "technical_centre": ["Centre technique {coined}", "Centre technique {of_area} {of_place}", "Plateau technique {coined}"],
    "foundation": ["Fondation {coined}", "Fondation {of_area} {of_place}"],
    "funder": ["Fonds {coined}", "{coined} Amorçage", "{coined} Participations", "Prêt d’honneur {of_place}"],
}  # fmt: skip
LABORATORY_HEADS = [
    "Laboratoire {a} et {b}", "Institut {a} et {b}", "Laboratoire {a}", "Centre de recherche {a} {of_place}", "Laboratoire {a} {of_place}",
    "Unité de recherche {coined}\u00a0: {t}", "Institut {a} {of_place}", "Laboratoire {coined}", "Observatoire {of_place}",
    "Laboratoire commun {a} et {b} {of_place}", "Plateforme {coined}",
]  # fmt: skip
ABROAD = {
    "DE": "GmbH", "IT": "S.r.l.", "ES": "S.L.", "BE": "BV", "CH": "AG", "NL": "B.V.", "PT": "Lda", "SE": "AB", "AT": "GmbH",
    "IE": "Ltd", "PL": "Sp. z o.o.", "FI": "Oy", "GB": "Ltd", "CZ": "s.r.o.", "DK": "ApS", "LU": "S.à r.l.", "CA": "Inc.",
}  # fmt: skip
SMALL_WORDS = {"de", "du", "des", "d", "la", "le", "les", "l", "et", "a", "au", "aux", "en", "sur", "par", "pour"}


def coined(rng: Random) -> str:
    word = rng.choice(STARTS) + (rng.choice(MIDDLES) if rng.random() < 0.8 else "") + rng.choice(ENDS)
    if len(word) < 5:
        word = word[:2] + rng.choice(MIDDLES) + word[2:]
    return word.replace("aa", "a").replace("ii", "i").replace("oo", "o")


def landscape(rng: Random) -> str:
    """ "le Val-Doré", "la Rive-Claire", "les Trois-Étangs"."""
    article = rng.choices(("le", "la", "les"), (4, 4, 2))[0]
    first, second = PLACES[article]
    return f"{article} {rng.choice(first)}-{rng.choice(second)}"


def fused(rng: Random, field: Field) -> str:
    return rng.choice(field.roots).rstrip("sx") + rng.choice(FUSED)


def initials(rng: Random) -> str:
    return "".join(f"{rng.choice('ABCDEFGILMNPRSTV')}." for _ in range(rng.choice((2, 2, 3))))


def company(rng: Random, field: Field) -> str:
    """One of a dozen ways in which companies are called."""
    draw = rng.random()
    trade = rng.choice(field.trades)
    if draw < 0.22:
        return f"{fused(rng, field)} {trade}"
    if draw < 0.44:
        return f"{coined(rng)} {trade}"
    if draw < 0.54:
        return fused(rng, field)
    if draw < 0.64:
        return coined(rng)
    if draw < 0.70:
        return f"Ateliers {coined(rng)} {of(landscape(rng))}"
    if draw < 0.76:
        return f"{fused(rng, field)} {of(landscape(rng))}"
    if draw < 0.80:
        return f"{initials(rng)} {coined(rng)}"
    if draw < 0.83:
        return f"{rng.choice(field.roots)} {trade}"
    if draw < 0.88:
        return f"{rng.choice(field.roots)}-{coined(rng)}"
    if draw < 0.92:
        return f"L’Atelier {of(coined(rng))}"
    if draw < 0.95:
        return f"{coined(rng)} & {trade}"
    if draw < 0.965:
        return f"{rng.choice(ODDITIES)} {trade}"
    if draw < 0.985:
        return f"Compagnie {coined(rng)} {of(landscape(rng))}"
    return f"{coined(rng).upper()} {trade}"


def laboratory(rng: Random, field: Field, topics: list[Phrase]) -> str:
    first, second = (of(without_article(topic.fr)) for topic in topics)
    head = rng.choice(LABORATORY_HEADS)
    return head.format(
        a=first, b=second, t=without_article(topics[0].fr), coined=coined(rng), of_place=of(landscape(rng))
    )


def foreign(rng: Random, kind: str, country: str) -> str:
    """A company with its legal form, as the country writes it, or a research institute."""
    if kind == "company":
        return f"{coined(rng)} {ABROAD[country]}"
    return f"{coined(rng)} Research {rng.choice(('Institute', 'Centre', 'Foundation'))}"


def institution(rng: Random, field: Field, institution_type: str, national: bool) -> str:
    if national:
        return f"Institut national {coined(rng)} {field.area.of}"
    head = rng.choice(INSTITUTION_HEADS[institution_type])
    return head.format(coined=coined(rng), of_place=of(landscape(rng)), of_area=field.area.of)


def acronym(name: str, least: int = 3) -> str:
    """Initials of the words that count; blank when they are too few."""
    words = [word for word in slugify(name.replace("’", " ")).split("-") if word not in SMALL_WORDS]
    letters = "".join(word[0] for word in words).upper()
    return letters[:8] if len(letters) >= least else ""


def address(rng: Random) -> str:
    number = rng.randint(1, 148)
    suffix = rng.choice(("", "", "", "", "", "", " bis", ""))
    street = rng.choice(STREETS)
    return capital(street) if street.startswith(("zone", "parc")) else f"{number}{suffix} {street}"


class Slugs:
    """Slugs given out so far; a name whose slug is taken is not taken either."""

    def __init__(self, longest: int):
        self.longest = longest
        self.taken: set[str] = set()

    def take(self, name: str) -> str:
        """The slug of this name, or nothing when another name has it."""
        slug = slugify(name.replace("’", " ").replace("œ", "oe").replace("Œ", "Oe"))[: self.longest].rstrip("-")
        if not slug or slug in self.taken:
            return ""
        self.taken.add(slug)
        return slug
