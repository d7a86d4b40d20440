"""How fast the pages are: whole requests in one process, through every middleware; made each time, and then kept."""

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.base import BaseHandler
from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.db.models import Count
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import override_settings
from django.urls import path, reverse

from cluster_portal.management.commands.search_quality import measure
from members.models import Cluster, Organisation, Role, RoleAssignment
from projects.models import Project

WARM_UP, RUNS = 5, 40


def select_one(request):
    """The least that a page with a database can cost: what the ratios are taken against."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("1")


def hello(request):
    """The least that any page can cost: what a page that is given again is held against."""
    return HttpResponse("hello")


urlpatterns = [path("select-one/", select_one), path("hello/", hello)]

# What staff do all day, without changing anything: the log names the rows all the same, and nothing has to be put back.
MEMBERS, PROJECTS, FIGURES = "/fr/membres/", "/fr/projets/", "/fr/chiffres-cles/"
EDITS = {
    "an organisation": ("members_organisation", "name", MEMBERS),
    "its names": ("members_organisationname", "name", MEMBERS),
    "its sites": ("members_site", "city", MEMBERS),
    "its themes": ("members_organisation_themes", "theme_id", MEMBERS),
    "a membership": ("members_membership", "left_on", MEMBERS),
    "a membership, newest first": ("members_membership", "left_on", f"{MEMBERS}?sort=newest"),
    "a membership, past day": ("members_membership", "left_on", f"{MEMBERS}?on=2021-12-31"),
    "a membership, figures": ("members_membership", "left_on", FIGURES),
    "a cluster": ("members_cluster", "phone", MEMBERS),
    "a cluster, its page": ("members_cluster", "phone", "/fr/clusters/"),
    "a theme": ("members_theme", "name_fr", MEMBERS),
    "a project": ("projects_project", "website", PROJECTS),
    "its partners": ("projects_participation", "role", PROJECTS),
    "its labels": ("projects_projectlabel", "role", PROJECTS),
    "its fundings": ("projects_funding", "amount", PROJECTS),
    "its fundings, figures": ("projects_funding", "amount", FIGURES),
    "an organisation, projects": ("members_organisation", "name", PROJECTS),
}
EDIT = "UPDATE {table} SET {column} = {column} WHERE id = (SELECT max(id) FROM {table})"
FIRST_DAY = date(2019, 3, 1)  # past days that nobody has asked for


@dataclass
class Sample:
    """One request: milliseconds in all and in the database, number of queries."""

    total: float
    sql: float
    queries: int


class Command(BaseCommand):
    help = "Measure the speed of the main pages against the database as it is, and write var/bench.json."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--runs", type=int, default=RUNS, help=f"requests of each task (default {RUNS})")
        parser.add_argument("--only", nargs="*", metavar="T1", help="these tasks only")

    @override_settings(DEBUG=False, ALLOWED_HOSTS=["*"], SECURE_SSL_REDIRECT=False)
    def handle(self, *args: Any, **options: Any) -> None:
        self.factory = RequestFactory()
        self.handler = self._handler(kept_pages_mb=0)
        tasks = {name: found for name, found in _tasks().items() if not options["only"] or name in options["only"]}
        bare = self._measure("/select-one/", options["runs"], urlconf=__name__)["median_ms"]
        self.stdout.write(f"Bare view with SELECT 1, through the same middleware: {bare:.2f} ms")
        heads = ("median", "p95", "SQL", "queries", "bytes", "gzip", "ratio")
        self.stdout.write(f"{'':4}" + "".join(f"{head:>9}" for head in heads))
        results = {}
        for name, address in tasks.items():
            row = self._measure(address, options["runs"])
            row["ratio"] = round(row["median_ms"] / bare, 1)
            results[name] = row
            self.stdout.write(
                f"{name:4}{row['median_ms']:9.2f}{row['p95_ms']:9.2f}{row['sql_ms']:9.2f}{row['queries']:9}"
                f"{row['bytes']:9}{row['gzip_bytes']:9}{row['ratio']:9.1f}  {address}"
            )
        staff = self._staff(bare, options["runs"]) if not options["only"] or "staff" in options["only"] else {}
        edits = self._after_edits(options["runs"]) if not options["only"] or "T13" in options["only"] else {}
        days = self._past_days(options["runs"]) if not options["only"] or "T13" in options["only"] else {}
        kept = self._kept(tasks, options["runs"])
        found = self._found() if not options["only"] else {}
        memory = _memory_mb()
        if memory:
            self.stdout.write(f"Memory of this process (PSS): {memory} MB")
        self._write(
            {
                "bare_ms": bare,
                "tasks": results,
                "staff": staff,
                "after_an_edit_ms": edits,
                "past_day_ms": days,
                "kept": kept,
                "found_percent": found,
                "memory_mb": memory,
            }
        )

    def _staff(self, bare: float, runs: int) -> dict[str, dict[str, Any]]:
        """The pages that staff open most, as an editor of one cluster and as one of the network."""
        results: dict[str, dict[str, Any]] = {}
        sessions = {role: _session(role) for role in (Role.CLUSTER_EDITOR, Role.NETWORK_EDITOR)}
        try:
            for name, (role, address) in _staff_tasks().items():
                if sessions[role] is None:
                    self.stdout.write(f"{name}: nobody is {Role(role).label} today.")
                    continue
                row = self._measure(address, max(5, runs // 2), session=sessions[role].session_key)
                row["ratio"] = round(row["median_ms"] / bare, 1)
                results[name] = row
                self.stdout.write(
                    f"{row['median_ms']:13.2f}{row['p95_ms']:9.2f}{row['sql_ms']:9.2f}{row['queries']:9}"
                    f"{row['bytes']:9}{row['gzip_bytes']:9}{row['ratio']:9.1f}  {name}: {address}"
                )
        finally:
            for session in filter(None, sessions.values()):
                session.delete()
        return results

    def _found(self) -> dict[str, dict[str, float]]:
        """How often a search finds what is meant (see the command search_quality)."""
        return {way: result.shares for way, result in measure().items()}

    def _handler(self, kept_pages_mb: int) -> BaseHandler:
        """The site with its middleware, and with room for finished pages or without."""
        handler = BaseHandler()
        with override_settings(KEPT_PAGES_MB=kept_pages_mb):
            handler.load_middleware()
        return handler

    def _after_edits(self, runs: int) -> dict[str, float]:
        """T13: milliseconds that the first request after a committed edit takes more than the next one."""
        more = {}
        for edited, (table, column, address) in EDITS.items():

            def edit(sql: str = EDIT.format(table=table, column=column)) -> None:
                with connection.cursor() as cursor:
                    cursor.execute(sql)

            more[edited] = self._more(runs, edit, lambda _run, address=address: address)
            self.stdout.write(f"T13 {more[edited]:8.2f} ms more for the first {address} after an edit of {edited}")
        return more

    def _past_days(self, runs: int) -> dict[str, float]:
        """Milliseconds that the first request of a past day takes more than the next one."""
        more = {}
        for address in (MEMBERS, f"{MEMBERS}?sort=newest", PROJECTS, FIGURES):
            joint = "&" if "?" in address else "?"
            more[address] = self._more(
                runs, lambda: None, lambda run, start=address + joint: f"{start}on={FIRST_DAY + timedelta(days=run)}"
            )
            self.stdout.write(f"    {more[address]:8.2f} ms more for the first {address} of a past day")
        return more

    def _more(self, runs: int, before: Callable[[], None], address: Callable[[int], str]) -> float:
        spent: list[float] = []
        for run in range(max(5, runs // 4)):
            before()
            first = self._request(address(run))[1].total
            spent.append(first - statistics.median(self._request(address(run))[1].total for _ in range(3)))
        return round(statistics.median(spent), 2)

    def _kept(self, tasks: dict[str, str], runs: int) -> dict[str, float]:
        """Pages that are given again, and a view that says hello through the same middleware: milliseconds."""
        self.handler = self._handler(kept_pages_mb=32)
        least = self._measure("/hello/", runs, urlconf=__name__)["median_ms"]
        again = {name: self._measure(address, runs)["median_ms"] for name, address in tasks.items()}
        for name, spent in again.items():
            self.stdout.write(f"{name:4}{spent:9.2f} given again, {spent / least:.1f} times a view that says hello")
        return {"hello": least, **again}

    def _measure(self, address: str, runs: int, urlconf: str | None = None, session: str = "") -> dict[str, Any]:
        def ask(gzip: bool = True):
            return self._request(address, gzip=gzip, urlconf=urlconf, session=session)

        size = len(ask(gzip=False)[0].content)
        compressed = len(ask()[0].content)
        for _ in range(WARM_UP):
            ask()
        samples = [ask()[1] for _ in range(runs)]
        totals = sorted(sample.total for sample in samples)
        return {
            "median_ms": round(statistics.median(totals), 2),
            "p95_ms": round(totals[min(len(totals) - 1, round(len(totals) * 0.95))], 2),
            "sql_ms": round(statistics.median(sample.sql for sample in samples), 2),
            "queries": max(sample.queries for sample in samples),
            "bytes": size,
            "gzip_bytes": compressed,
        }

    def _request(self, address: str, *, gzip: bool = False, urlconf: str | None = None, session: str = ""):
        headers = {"host": "localhost", **({"accept-encoding": "gzip"} if gzip else {})}
        request = self.factory.get(address, headers=headers)
        if urlconf:
            request.urlconf = urlconf
        if session:
            request.COOKIES[settings.SESSION_COOKIE_NAME] = session
        spent: list[float] = []

        def clock(execute: Callable, sql, params, many, context):
            start = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                spent.append(time.perf_counter() - start)

        start = time.perf_counter()
        with connection.execute_wrapper(clock):
            response = self.handler.get_response(request)
        total = time.perf_counter() - start
        if response.status_code != 200:
            raise CommandError(f"{address} answers {response.status_code}. Run `make run` once before measuring.")
        return response, Sample(total * 1000, sum(spent) * 1000, len(spent))

    def _write(self, measured: dict[str, Any]) -> None:
        target = settings.VAR_DIR / "bench.json"
        rows = {"organisations": Organisation.objects.count(), "projects": Project.objects.count()}
        target.write_text(json.dumps(rows | measured, indent=1), encoding="utf-8")
        self.stdout.write(f"Written to {target}")


def _memory_mb() -> int | None:
    """What this process takes of the machine’s memory, its share of what is shared included; Linux alone tells."""
    try:
        rollup = Path("/proc/self/smaps_rollup").read_text()
    except OSError:
        return None
    return int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1]) // 1024


def _session(role: str) -> SessionStore | None:
    """Of somebody who holds the role today, and no more than it."""
    held = RoleAssignment.objects.running().filter(role=role, user__is_active=True).order_by("pk")
    assigned = held.exclude(user__is_superuser=True).select_related("user").first()
    if assigned is None:
        return None
    session = SessionStore()
    session[SESSION_KEY] = str(assigned.user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = assigned.user.get_session_auth_hash()
    session.create()
    return session


def _staff_page(name: str, *args: int) -> str:
    # the bare view has left its own addresses behind
    return reverse(f"admin:{name}", args=args, urlconf=settings.ROOT_URLCONF)


def _staff_tasks() -> dict[str, tuple[str, str]]:
    """Who asks for which address."""
    editor, network = Role.CLUSTER_EDITOR, Role.NETWORK_EDITOR
    organisation = _middle(Organisation.objects.published().members())
    project = _middle(Project.objects.published())
    cluster = Cluster.objects.get(slug="cara")
    lists = {model: _staff_page(f"{model}_changelist") for model in ("members_organisation", "projects_project")}
    box = "app_label=projects&model_name=participation&field_name=organisation&term=elec"
    return {
        "first page": (editor, _staff_page("index")),
        "first page of the network": (network, _staff_page("index")),
        "organisations of a cluster": (editor, lists["members_organisation"]),
        "organisations": (network, lists["members_organisation"]),
        "organisations, page 300": (network, f"{lists['members_organisation']}?p=300"),
        "projects": (network, lists["projects_project"]),
        "projects, sums": (network, f"{lists['projects_project']}?needs=sums"),
        "memberships": (network, _staff_page("members_membership_changelist")),
        "an organisation": (network, _staff_page("members_organisation_change", organisation.pk)),
        "a project": (network, _staff_page("projects_project_change", project.pk)),
        "a cluster": (network, _staff_page("members_cluster_change", cluster.pk)),
        "history": (network, _staff_page("members_organisation_history", organisation.pk)),
        "changes": (network, _staff_page("changes")),
        "changes of a cluster": (editor, _staff_page("changes")),
        "quality": (network, _staff_page("members_quality")),
        "quality of a cluster": (editor, _staff_page("members_quality_of", cluster.pk)),
        "a box": (network, f"{_staff_page('autocomplete')}?{box}"),
    }


def _middle(rows):
    """The row with the median number of participations."""
    ordered = rows.annotate(n=Count("participations")).order_by("n", "pk")
    return next(iter(ordered[rows.count() // 2 :][:1]), None)


def _tasks() -> dict[str, str]:
    """The address of each task."""
    # neither the richest pages nor the barest: the middle ones by number of participations
    organisation = _middle(Organisation.objects.published().members())
    project = _middle(Project.objects.published())
    if organisation is None or project is None:
        raise CommandError("The database has no network to measure. Make one with `manage.py demo`.")
    words = quote("véhicule électrique")
    return {
        "T1": "/fr/membres/",
        "T2": "/fr/membres/?region=auvergne-rhone-alpes&theme=hydrogen",
        "T3": f"/fr/membres/?q={words}&theme=automotive-and-mobility",
        "T4": f"/fr/membres/{organisation.slug}/",
        "T5": "/fr/membres/?page=400",
        "T6": "/fr/suggestions/?q=bat",
        "T7": "/fr/projets/",
        "T8": "/fr/clusters/cara/projets/?year=2019",
        "T9": f"/fr/projets/{project.slug}/",
        "T10": "/fr/chiffres-cles/",
        "T11": "/fr/clusters/cara/chiffres-cles/?on=2021-12-31",
        "T12": f"/fr/partenaires/?project={project.slug}",
    }
