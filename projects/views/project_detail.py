"""The page of one project: its state, its money, its partners, what came of it."""

from decimal import Decimal

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cluster_portal.drawing import charts
from cluster_portal.pages.addresses import address, address_of
from cluster_portal.pages.archived import archived_page
from cluster_portal.pages.former_slugs import follows_former_slugs, get_by_slug
from cluster_portal.pages.this_page import absolute
from cluster_portal.pages.way_back import way_back
from cluster_portal.records.compiled import compiled
from cluster_portal.writing.translated import Text, in_active_language
from cluster_portal.writing.typography import date_long, number, percent, sentence_list
from members.countries import HOME, country_name
from members.models import Site
from projects.cards import state_of, themes_of
from projects.facets import PROJECT_INDEX
from projects.models import Funding, Outcome, Participation, Project, ProjectLabel
from projects.open_pages import PROJECT


@compiled
def partners_of(project: int):
    return Participation.objects.filter(project=project).for_page()


@compiled
def labels_of(project: int):
    return ProjectLabel.objects.filter(project=project).for_page()


@compiled
def fundings_of(project: int):
    return Funding.objects.filter(project=project).for_page()


@compiled
def outcomes_of(project: int):
    return Outcome.objects.filter(project=project)


@compiled
def regions_of(organisations: list[int]):
    return Site.objects.regions_of(organisations)


@require_safe
@vary_on_headers("Referer")  # the way back
@follows_former_slugs
def project_detail(request, slug):
    project = get_by_slug(Project.objects.with_a_page, slug)
    if project.is_archived:
        return archived_page(
            request,
            project,
            above={"label": _("Projects"), "url": address("projects:project-list")},
            all_of_them=_("All projects"),
        )
    plain = address("projects:project-list")
    back_url, back_label = way_back(
        request, plain, _("Projects"), {reverse("members:cluster-list"): _("Back to the cluster")}
    )
    facets = PROJECT_INDEX.at()
    state = state_of(project.pk, facets["state"])
    partners = partners_of(project.pk)
    labels = labels_of(project.pk)
    fundings = fundings_of(project.pk)
    regions = _regions(partners)
    themes = _themes(project, facets["theme"])
    return render(
        request,
        "projects/project_detail.html",
        {
            "title": str(project),
            "share_title": _("%(name)s, collaborative R&D project") % {"name": str(project)},
            "description": str(project.summary or project.title)[:300],
            "crumbs": [{"label": back_label, "url": back_url}],
            "project": project,
            "name": Text(project.acronym) if project.acronym else project.title,
            "title_line": project.title if project.acronym else "",
            "state": state,
            "stated_reason": project.stated_reason if state.slug == project.stated else "",
            "dates": _dates(project),
            "labelled_by": _labelled_by(labels),
            "money": _money(project),
            "fundings": _fundings(project, fundings),
            "partners": [_partner(p, project, regions.get(p.organisation_id, [])) for p in partners],
            "partner_totals": _partner_totals(project, partners),
            "steps": _steps(project, labels, fundings),
            "outcomes": outcomes_of(project.pk),
            "themes": themes,
            "partners_url": _partners_url(project, state),
            "others": PROJECT.parts(request, project),
            "structured_data": _structured_data(request, project, partners, fundings, themes),
        },
    )


def _partners_url(project, state) -> str:
    """Where to look for partners, as long as the project may still want some."""
    if state.slug in ("finished", "abandoned"):
        return ""
    return f"{reverse('projects:partners')}?project={project.slug}"


def _dates(project):
    start, end = date_long(project.start), date_long(project.end)
    if start and end:
        return format_html(_("From {start} to {end}"), start=start, end=end)
    if start:
        return format_html(
            _("Since {start}") if project.start <= timezone.localdate() else _("From {start}"), start=start
        )
    return format_html(_("Until {end}"), end=end) if end else ""


def _link(cluster):
    return format_html(
        '<a href="{}" lang="fr">{}</a>',
        address_of("members:cluster-detail", cluster.slug),
        str(cluster),
    )


def _labelled_by(labels):
    """“Labelled by CARA, co-labelled by i-Trans”, as far as that has happened."""
    labels = [label for label in labels if label.date <= timezone.localdate()]
    lead = [_link(label.cluster) for label in labels if label.role == "lead"]
    others = [_link(label.cluster) for label in labels if label.role != "lead"]
    if lead and others:
        return format_html(_("Labelled by {lead}, co-labelled by {others}"), lead=lead[0], others=_joined(others))
    if lead or others:
        return format_html(_("Labelled by {clusters}"), clusters=_joined(lead or others))
    return ""


def _joined(links):
    return mark_safe(sentence_list(links))  # each is escaped already


def _money(project) -> dict | None:
    """What is known of total, public and private; the bar only where both parts are."""
    total, public, private = project.total_cost, project.public_funding, project.private_investment
    if total is None and public is None:
        return None
    money = {"total": total, "public": public, "private": private, "bar": "", "leverage": ""}
    if private is not None and total:
        share = 100 * public / total
        money |= {
            "bar": charts.bar([("f-pub", public), ("f-priv", private)]),
            "public_share": percent(share),
            "private_share": percent(100 - share),
        }
    if private is not None and public:
        money["leverage"] = number(private / public, 2)
    return money


def _fundings(project, fundings) -> dict | None:
    """The decisions, and what the public funding holds beyond their amounts."""
    if not fundings:
        return None
    listed = address("projects:project-list")
    rows = [
        {
            "programme": str(funding.programme),
            "name": funding.programme.name,
            "url": f"{listed}?programme={funding.programme.slug}",
            "funder": str(funding.funder or funding.programme.funder or ""),
            "date": funding.date,
            "amount": funding.amount,
        }
        for funding in fundings
    ]
    known = sum((row["amount"] for row in rows if row["amount"] is not None), Decimal(0))
    public = project.public_funding
    rest = public - known if public is not None and public > known else None
    return {"rows": rows, "rest": rest, "total": public if public is not None and public >= known else known}


def _themes(project, known) -> list[tuple[Text, str]]:
    listed, names = address("projects:project-list"), known.values
    return [
        (in_active_language(names[slug].labels["fr"], names[slug].labels["en"]), f"{listed}?theme={slug}")
        for slug in themes_of(project.pk, known)
    ]


def _regions(partners) -> dict[int, list[tuple[str, str]]]:
    """For each partner its regions with the way into the list, the head office's first."""
    listed = address("projects:project-list")
    found: dict[int, list[tuple[str, str]]] = {}
    for pk, name, slug in regions_of([p.organisation_id for p in partners]):
        link = (name, f"{listed}?region={slug}")
        if link not in found.setdefault(pk, []):
            found[pk].append(link)
    return found


def _page_of(organisation) -> str:
    return address_of("members:organisation-detail", organisation.slug)


def _partner(participation, project, regions) -> dict:
    organisation = participation.organisation
    cost, total = participation.cost, project.total_cost
    return {
        "name": organisation.name,
        "url": _page_of(organisation),
        "kind": organisation.kind,
        "coordinator": participation.role == "coordinator",
        "role": participation.get_role_display(),
        "regions": regions,
        "national": organisation.national,
        "country": country_name(organisation.country.code) if organisation.country != HOME else "",
        "cost": cost,
        "public": participation.public_funding,
        "share": percent(100 * cost / total) if cost is not None and total else "",
    }


def _partner_totals(project, partners) -> dict | None:
    """Totals of the project, and what is not told of its partners one by one."""
    if all(p.cost is None and p.public_funding is None for p in partners):
        return None
    costs = sum((p.cost for p in partners if p.cost is not None), Decimal(0))
    public = sum((p.public_funding for p in partners if p.public_funding is not None), Decimal(0))
    total_cost, total_public = project.total_cost, project.public_funding
    return {
        "cost": costs if total_cost is None else total_cost,
        "public": public if total_public is None else total_public,
        "other_cost": total_cost - costs if total_cost is not None and total_cost > costs else None,
        "other_public": total_public - public if total_public is not None and total_public > public else None,
    }


def _steps(project, labels, fundings) -> list[dict]:
    """What happened and what is planned, the oldest first."""
    today, steps = timezone.localdate(), []
    for label in labels:
        lead = label.role == "lead"
        sentence = _("Labelled by {cluster}, lead cluster") if lead else _("Co-labelled by {cluster}")
        steps.append((label.date, 0, format_html(sentence, cluster=_link(label.cluster))))
    for funding in fundings:
        steps.append((funding.date, 1, format_html(_("Funded under {programme}"), programme=str(funding.programme))))
    if project.start:
        steps.append((project.start, 2, _("Begun") if project.start <= today else _("Planned beginning")))
    if project.end:
        steps.append((project.end, 3, _("Ended") if project.end < today else _("Planned end")))
    if project.stated_on and project.stated:
        steps.append((project.stated_on, 4, project.get_stated_display()))
    steps.sort(key=lambda step: step[:2])
    past = [step for step in steps if step[0] <= today]
    return [{"date": step[0], "text": step[2], "now": bool(past) and step is past[-1]} for step in steps]


def _structured_data(request, project, partners, fundings, themes) -> dict:
    data = {
        "@context": "https://schema.org",
        "@type": "ResearchProject",
        "name": str(project),
        "url": absolute(request, project.get_absolute_url()),
    }
    optional = {
        "alternateName": str(project.title) if project.acronym else "",
        "description": str(project.summary)[:500],
        "sameAs": project.website,
        "foundingDate": project.start.isoformat() if project.start else "",
        "dissolutionDate": project.end.isoformat() if project.end else "",
        "keywords": ", ".join(str(name) for name, _url in themes),
    }
    data.update({key: value for key, value in optional.items() if value})
    if partners:
        data["member"] = [
            {
                "@type": "Organization",
                "name": p.organisation.name,
                "url": absolute(request, _page_of(p.organisation)),
            }
            for p in partners
        ]
    funders = dict.fromkeys(funding.funder or funding.programme.funder for funding in fundings)
    if names := [str(funder) for funder in funders if funder]:
        data["funder"] = [{"@type": "Organization", "name": name} for name in names]
    return data
