"""Roles: who holds one, what it allows, and whose rows somebody may edit or choose."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.models import Cluster, Membership, Organisation, Role, RoleAssignment, Site
from members.rights import rights_of
from projects.models import Project, ProjectLabel

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DAY = timedelta(days=1)


def person(name: str = "camille", **values):
    return get_user_model().objects.create_user(name, **values)


def again(user):
    """The same person at the next request."""
    return get_user_model().objects.get(pk=user.pk)


def cluster(name: str, status: str = "published") -> Cluster:
    return Cluster.objects.create(name=name, slug=name.lower(), status=status)


def organisation(name: str, lead: Cluster | None = None, status: str = "published", **values) -> Organisation:
    return Organisation.objects.create(
        name=name, slug=name.lower().replace(" ", "-"), kind="company", status=status, lead_cluster=lead, **values
    )


def editor_of(*clusters: Cluster, role: str = Role.CLUSTER_EDITOR, name: str = "camille"):
    user = person(name)
    for one in clusters:
        RoleAssignment.objects.create(user=user, role=role, cluster=one)
    return user


def names(rows) -> set[str]:
    return {str(row) for row in rows}


@pytest.mark.parametrize(
    ("since", "until", "runs"),
    [
        (-10, None, True), (0, None, True), (1, None, False),
        (-10, 0, False), (-10, 1, True), (-10, -1, False), (0, 0, False),
    ],
)  # fmt: skip
def test_a_role_runs_from_its_first_day_until_the_day_before_its_end(since, until, runs):
    cara, user = cluster("CARA"), person()
    role = RoleAssignment.objects.create(
        user=user, role="cluster_editor", cluster=cara, valid_from=TODAY() + since * DAY,
        valid_until=None if until is None else TODAY() + until * DAY,
    )  # fmt: skip
    assert role.is_running() is runs
    assert rights_of(user).clusters == ({cara.pk} if runs else set())
    assert user.has_perm("portal.enter_admin") is runs


@pytest.mark.parametrize(
    ("role", "with_cluster", "accepted"),
    [
        ("cluster_editor", True, True), ("cluster_editor", False, False),
        ("cluster_manager", True, True), ("cluster_manager", False, False),
        ("network_editor", True, False), ("network_editor", False, True),
        ("administrator", True, False), ("administrator", False, True),
        ("king", False, False),
    ],
)  # fmt: skip
def test_the_database_ties_the_roles_of_a_cluster_to_one(role, with_cluster, accepted):
    values = {"user": person(), "role": role, "cluster": cluster("CARA") if with_cluster else None}
    if accepted:
        RoleAssignment.objects.create(**values)
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(**values)


@pytest.mark.parametrize("role", ["cluster_editor", "network_editor"])
def test_somebody_holds_a_role_once_at_a_time(role):
    user, cara = person(), cluster("CARA") if role == "cluster_editor" else None
    first = RoleAssignment.objects.create(
        user=user, role=role, cluster=cara, valid_from=date(2025, 1, 1), valid_until=date(2025, 6, 1)
    )
    RoleAssignment.objects.create(user=user, role=role, cluster=cara, valid_from=first.valid_until)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=user, role=role, cluster=cara, valid_from=date(2025, 5, 31))
    RoleAssignment.objects.create(user=person("autre"), role=role, cluster=cara)


def test_nobody_enters_without_a_role_whatever_was_ticked():
    user = person(is_staff=True)
    from django.contrib.auth.models import Permission

    user.user_permissions.set(Permission.objects.all())
    assert not again(user).has_perm("portal.enter_admin")
    assert not again(user).has_perm("members.change_organisation")
    assert not again(user).has_module_perms("members")
    assert person("root", is_superuser=True).has_perm("portal.enter_admin")
    assert not person("gone", is_superuser=True, is_active=False).has_perm("portal.enter_admin")


def test_each_role_may_do_what_the_one_below_may_and_more():
    cara = cluster("CARA")
    editor, manager = editor_of(cara), editor_of(cara, role=Role.CLUSTER_MANAGER, name="manager")
    network, boss = person("network"), person("boss")
    RoleAssignment.objects.create(user=network, role="network_editor")
    RoleAssignment.objects.create(user=boss, role="administrator")
    may = {
        "members.change_organisation": [editor, manager, network, boss],
        "members.delete_organisation": [network, boss],
        "members.change_cluster": [editor, manager, network, boss],
        "members.change_labelperiod": [network, boss],
        "members.change_theme": [network, boss],
        "portal.change_page": [network, boss],
        "projects.change_programme": [network, boss],
        "members.change_person": [boss],
        "members.add_roleassignment": [boss],
    }
    for permission, those in may.items():
        for user in (editor, manager, network, boss):
            assert user.has_perm(permission) is (user in those), (permission, user)


def test_an_editor_edits_the_clusters_of_her_roles_alone_and_chooses_from_published_ones():
    cara, minalogic, draft = cluster("CARA"), cluster("Minalogic"), cluster("Secret", status="draft")
    user = editor_of(cara)
    assert names(Cluster.objects.editable_by(user)) == {"CARA"}
    assert names(Cluster.objects.selectable_by(user)) == {"CARA", "Minalogic"}
    assert names(Cluster.objects.editable_by(editor_of(cara, draft, name="both"))) == {"CARA", "Secret"}
    boss = person("boss")
    RoleAssignment.objects.create(user=boss, role="network_editor")
    assert (
        names(Cluster.objects.editable_by(boss))
        == {"CARA", "Minalogic", "Secret"}
        == {str(c) for c in (cara, minalogic, draft)}
    )
    assert not Cluster.objects.editable_by(person("nobody")).exists()


def test_an_organisation_is_kept_by_its_lead_and_seen_by_the_other_clusters_that_it_is_in():
    cara, minalogic = cluster("CARA"), cluster("Minalogic")
    own, shared = organisation("Own", cara), organisation("Shared", minalogic)
    organisation("Stranger", minalogic), organisation("Hidden", minalogic, status="draft")
    organisation("Nobody's")
    Membership.objects.create(organisation=own, cluster=cara)
    Membership.objects.create(organisation=shared, cluster=minalogic)
    Membership.objects.create(organisation=shared, cluster=cara)
    user = editor_of(cara)
    assert names(Organisation.objects.kept_by(user)) == {"Own"}
    assert names(Organisation.objects.editable_by(user)) == {"Own", "Shared"}
    assert names(Organisation.objects.selectable_by(user)) == {"Own", "Shared", "Stranger", "Nobody's"}
    assert names(Membership.objects.editable_by(user)) == {"Own · CARA", "Shared · CARA"}


def test_joining_an_organisation_to_ones_cluster_gives_no_right_to_its_name():
    cara, minalogic = cluster("CARA"), cluster("Minalogic")
    user = editor_of(cara)
    for lead in (minalogic, None):
        stranger = organisation(f"Stranger of {lead}", lead)
        if lead:
            Membership.objects.create(organisation=stranger, cluster=lead, joined_on=date(2020, 1, 1))
        Membership.objects.create(organisation=stranger, cluster=cara, joined_on=date(1990, 1, 1))
    assert not Organisation.objects.kept_by(user).exists()


@pytest.mark.parametrize(("ended", "kept"), [(-1, True), (0, True), (1, False)])
def test_the_first_recorded_member_takes_over_on_the_day_the_lead_has_left(ended, kept):
    cara, minalogic, techtera = cluster("CARA"), cluster("Minalogic"), cluster("Techtera")
    firm = organisation("Firm", minalogic)
    Membership.objects.create(organisation=firm, cluster=minalogic, left_on=TODAY() + ended * DAY)
    Membership.objects.create(organisation=firm, cluster=cara, joined_on=date(2024, 1, 1))
    Membership.objects.create(organisation=firm, cluster=techtera, joined_on=date(1999, 1, 1))
    assert Organisation.objects.kept_by(editor_of(cara)).exists() is kept
    assert not Organisation.objects.kept_by(editor_of(techtera, name="tech")).exists()
    assert Organisation.objects.kept_by(editor_of(minalogic, name="mina")).exists() is not kept


def test_what_left_every_cluster_stays_with_the_one_that_kept_it():
    cara = cluster("CARA")
    firm = organisation("Firm", cara)
    Membership.objects.create(organisation=firm, cluster=cara, left_on=TODAY() - DAY)
    assert names(Organisation.objects.kept_by(editor_of(cara))) == {"Firm"}


def test_rows_of_an_organisation_follow_whoever_keeps_it():
    from members.models import Department, Region

    cara, minalogic = cluster("CARA"), cluster("Minalogic")
    region = Region.objects.create(name="Bretagne", slug="bretagne", insee_code="53")
    department = Department.objects.create(name="Finistère", slug="finistere", insee_code="29", region=region)
    for name, lead in (("Own", cara), ("Shared", minalogic)):
        firm = organisation(name, lead)
        Site.objects.create(organisation=firm, name=f"Site of {name}", department=department)
        Membership.objects.create(organisation=firm, cluster=cara)
        Membership.objects.create(organisation=firm, cluster=minalogic)
    assert names(Site.objects.editable_by(editor_of(cara))) == {"Site of Own"}


def test_a_project_is_kept_by_the_cluster_whose_label_leads_and_seen_by_those_that_label_it_too():
    cara, minalogic = cluster("CARA"), cluster("Minalogic")
    user = editor_of(cara)

    def project(name, status="published", **labels):
        made = Project.objects.create(title_fr=name, slug=name.lower(), status=status)
        for role, one in labels.items():
            ProjectLabel.objects.create(project=made, cluster=one, role=role, date=date(2024, 1, 1))
        return made

    project("Led", lead=cara)
    project("Shared", "draft", lead=minalogic, co=cara)
    project("Theirs", lead=minalogic)
    project("Secret", "draft", lead=minalogic)
    mine = project("Mine", "draft")
    Project.objects.filter(pk=mine.pk).update(assigned_to=user)
    project("Nobody's", "draft")
    assert {row.title_fr for row in Project.objects.kept_by(user)} == {"Led", "Mine"}
    assert {row.title_fr for row in Project.objects.editable_by(user)} == {"Led", "Shared", "Mine"}
    assert {row.title_fr for row in Project.objects.selectable_by(user)} == {"Led", "Shared", "Mine", "Theirs"}
    labels = ProjectLabel.objects.editable_by(user)
    assert {(label.project.title_fr, label.cluster.name) for label in labels} == {("Led", "CARA"), ("Shared", "CARA")}
