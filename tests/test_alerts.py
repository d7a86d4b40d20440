"""Lists are followed by mail: asked for and confirmed, told what joined, left and changed, and ended by one click."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cluster_portal.models import OutgoingMail
from cluster_portal.personal_data.retention import TERMS, overdue
from cluster_portal.personal_data.retention import end as end_terms
from contributions.alerts import looking
from contributions.alerts.following import forget_old_mails, forget_what_nobody_confirmed
from contributions.alerts.looking import ask_whether_still_wanted, look_at_lists
from contributions.alerts.snapshots import Snapshot
from contributions.models import ListAlert
from members.models import Cluster, LabelPeriod, Membership, Organisation, Site, Theme
from projects.models import Project, ProjectLabel
from tests.admin_rows import cluster, organisation, places, project

pytestmark = pytest.mark.django_db
SECRET = "Xylophage"
FOLLOW = "/en/alerts/members/"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def a_morning(time_machine):
    cache.clear()
    time_machine.move_to("2026-11-25 09:00:00+00:00", tick=False)


@pytest.fixture
def net(db):
    """CARA with three companies, one of them not published; a cluster without members; projects."""
    department = places()
    cara, other = cluster("CARA", "CARA"), cluster("Minalogic", "MIN")
    firms = [organisation(name, slug=name.lower()) for name in ("Volta", "Ampère", "Ohm")]
    draft = organisation(SECRET, slug="xylophage", status="draft")
    for firm in (*firms, draft):
        Membership.objects.create(organisation=firm, cluster=cara, joined_on=date(2020, 1, 1))
        Site.objects.create(organisation=firm, department=department, region=department.region, city="Grenoble")
    for known in (cara, other):
        LabelPeriod.objects.create(cluster=known, phase=5, start=date(2023, 1, 1))
    ProjectLabel.objects.create(project=project("WATT", slug="watt"), cluster=cara, role="lead", date=date(2024, 1, 1))
    return {"cara": cara, "other": other, "firms": firms, "draft": draft, "region": department.region}


def asked(time_machine, address=FOLLOW, after=10, client=None, **changed):
    client = client or Client()
    form = {name: box.value() for name, box in ((one.html_name, one) for one in client.get(address).context["form"])}
    time_machine.shift(after)
    values = form | {"sender_email": "lea@example.org", "frequency": "daily", "homepage": ""} | changed
    return client.post(address, values)


def link_in(mail: OutgoingMail, page: str) -> str:
    return next(found for found in re.findall(r"http://testserver(\S+)", mail.text) if f"/{page}/?t=" in found)


def followed(address: str = "/en/members/", **values) -> ListAlert:
    """Confirmed, and looked at for the first time."""
    path, _mark, query = address.partition("?")
    words = urlsplit(path).path.strip("/").split("/")
    which, slug = {
        "members": ("members", ""),
        "clusters": ("clusters", ""),
        "projects": ("projects", ""),
    }[words[-1]] if len(words) == 2 else (f"cluster-{words[-1]}", words[-2])  # fmt: skip
    now = timezone.now()
    given = {
        "which": which, "slug": slug, "query": query, "email": "lea@example.org", "language": "en", "frequency": "daily",
        "fingerprint": str(ListAlert.objects.count()), "sent_from": "http://testserver", "confirmed_at": now,
        "answered_at": now,
    }  # fmt: skip
    alert = ListAlert.objects.create(**given | values)
    assert look_at_lists() == 0, "there is nothing yet to compare with"
    alert.refresh_from_db()
    return alert


def told(time_machine, days: float = 1) -> list[OutgoingMail]:
    """The mails that some days later are made."""
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    time_machine.shift(timedelta(days=days))
    made = look_at_lists()
    mails = list(OutgoingMail.objects.exclude(pk__in=before))
    assert len(mails) == made
    return mails


def parts(mail: OutgoingMail) -> dict[str, list[str]]:
    """What a mail tells, by what happened to it; a name has its address below."""
    found: dict[str, list[str]] = {}
    for block in re.split(r"\n\n+", mail.text):
        heading, *lines = block.strip().splitlines()
        if word := re.search(r"joined|left|changed", heading):
            found[word[0]] = [line.removeprefix("- ") for line in lines if not line.startswith("  ")]
            assert len(lines) == 0 or heading.split()[0].isdigit()
    return found


# --- asked for, confirmed, ended --------------------------------------------------------------------------------------
def test_a_list_is_followed_from_its_page_to_the_mail_and_ended_by_one_click(net, time_machine):
    visitor = Client()
    page = visitor.get("/en/members/?region=auvergne-rhone-alpes&sort=newest&page=2&nonsense=1").text
    address = unescape(re.search(r'href="(/en/alerts/[^"]*)"', page)[1])
    assert address == "/en/alerts/members/?region=auvergne-rhone-alpes"
    answer = asked(time_machine, address, client=visitor)
    assert answer.status_code == 302 and "Look into your mails" in visitor.get(answer.url).text
    alert = ListAlert.objects.get()
    assert (alert.which, alert.query, alert.confirmed_at) == ("members", "region=auvergne-rhone-alpes", None)
    organisation("Faraday", slug="faraday")
    assert told(time_machine) == [], "nobody has confirmed it"
    link = link_in(OutgoingMail.objects.get(), "confirm")
    opened = Client().get(link)
    assert opened.status_code == 200 and "3 members in Auvergne-Rhône-Alpes" in opened.text
    alert.refresh_from_db()
    assert alert.confirmed_at is None, "programs open links"
    done = Client().post(link, follow=True)
    assert done.status_code == 200 and "You follow this list" in done.text
    assert look_at_lists() == 0
    Membership.objects.create(
        organisation=Organisation.objects.get(slug="faraday"), cluster=net["cara"], joined_on=date(2026, 1, 1)
    )
    Site.objects.create(organisation=Organisation.objects.get(slug="faraday"), region=net["region"])
    (mail,) = told(time_machine)
    assert mail.to == "lea@example.org" and parts(mail) == {"joined": ["Faraday"]}
    assert "http://testserver/en/members/faraday/" in mail.text and "/en/members/?region=auvergne" in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = link_in(mail, "stop")
    assert mail.headers["List-Unsubscribe"] == f"<http://testserver{stop}>"
    assert "Follow this list no longer" in Client().get(stop).text and ListAlert.objects.exists()
    program = Client(enforce_csrf_checks=True)
    for _again in range(2):
        answer = program.post(stop, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200 and "your address is deleted" in answer.text
        assert not ListAlert.objects.exists()
    assert Client().get(link).status_code == 404 and Client().get(stop).status_code == 200
    assert not OutgoingMail.objects.exists(), "her address stands in no mail either"


def test_every_list_has_the_way_to_be_followed_in_both_languages(net):
    lists = {
        "/fr/membres/?kind=company": "/fr/alertes/membres/?kind=company",
        "/en/clusters/cara/members/?q=volta": "/en/alerts/clusters/cara/members/?q=volta",
        "/fr/projets/?state=running": "/fr/alertes/projets/?state=running",
        "/fr/clusters/cara/projets/": "/fr/alertes/clusters/cara/projets/",
        "/en/clusters/?region=nowhere&x=1": "/en/alerts/clusters/?region=nowhere",
        "/en/members/?q=nobody-at-all": "/en/alerts/members/?q=nobody-at-all",  # to be told of the first
    }
    for page, form in lists.items():
        answer = Client().get(page)
        ways = re.findall(r'href="([^"]*/(?:alerts|alertes)/[^"]*)"', answer.text)
        if "nowhere" not in page:
            assert ways == [form], page
        shown = Client().get(form)
        assert shown.status_code == 200 and shown.context["list_url"] == page.replace("&x=1", ""), form
    Cluster.objects.filter(slug="cara").update(status="archived")
    assert Client().get("/en/alerts/clusters/cara/members/").status_code == 404
    for page in ("/en/alerts/members/?on=2020-01-01", "/en/alerts/clusters/?on=2020-01-01&region=x"):
        shown = Client().get(page)
        assert "list of one given day" in shown.text and '<form class="open-form"' not in shown.text
        assert shown.context["todays_url"] == re.sub(r"\bon=[^&]*&?", "", page).removesuffix("?")
        assert Client().post(page, {"sender_email": "lea@example.org", "frequency": "daily"}).status_code == 200
    assert not ListAlert.objects.exists()


def test_the_same_list_twice_is_one_row_and_gets_the_same_thanks(net, time_machine):
    answers = [
        asked(time_machine, address, sender_email=email, frequency=often)
        for address, email, often in (
            (f"{FOLLOW}?kind=company&kind=laboratory", "lea@example.org", "daily"),
            (f"{FOLLOW}?kind=laboratory&x=%00&kind=company&sort=newest", "LEA@example.org", "weekly"),
            ("/fr/alertes/membres/?kind=laboratory&kind=company", "lea@example.org", "weekly"),
        )
    ]
    assert {answer.status_code for answer in answers} == {302}
    alert = ListAlert.objects.get()
    assert (alert.frequency, alert.language) == ("weekly", "fr")
    first, _second, third = OutgoingMail.objects.order_by("pk")
    assert Client().post(link_in(first, "confirm")).status_code == 302
    alert.refresh_from_db()
    assert (alert.frequency, alert.language) == ("daily", "en"), "what she confirms is what that mail said"
    asked(time_machine, f"{FOLLOW}?kind=laboratory&kind=company", frequency="weekly")
    alert.refresh_from_db()
    assert alert.frequency == "daily", "nobody changes it but its reader"
    assert Client().post(link_in(third, "confirmer")).status_code == 302
    alert.refresh_from_db()
    assert (alert.frequency, alert.language) == ("weekly", "fr")
    asked(time_machine, FOLLOW)
    assert ListAlert.objects.count() == 2


def test_what_is_refused_is_said_in_a_sentence_and_keeps_what_was_typed(net, time_machine):
    cases = [
        ({"homepage": "http://spam.example"}, 10, "robot"),
        ({}, 1, "quicker than anybody types"),
        ({"sender_email": "lea@example.org\nBcc: all@example.org"}, 10, "valid email"),
        ({"sender_email": "lea@example.org", "frequency": "hourly"}, 10, "valid choice"),
        ({"frequency": ""}, 10, "required"),
    ]
    for changed, after, said in cases:
        answer = asked(time_machine, after=after, **changed)
        assert answer.status_code == 200 and said in unescape(answer.text), changed
        assert "lea@example.org" in answer.text
    assert not ListAlert.objects.exists() and not OutgoingMail.objects.exists()
    for number in range(5):
        assert asked(time_machine, f"{FOLLOW}?kind={number}").status_code == 302
    answer = asked(time_machine, f"{FOLLOW}?kind=6")
    assert answer.status_code == 429 and "lot at once" in answer.text and "lea@example.org" in answer.text
    spam = asked(time_machine, f"{FOLLOW}?q=http://spam.example", sender_email="mia@example.org")
    assert (
        spam.status_code == 302 and "spam" not in OutgoingMail.objects.get(to="mia@example.org").text.split("http")[0]
    )
    assert "spam.example" not in OutgoingMail.objects.get(to="mia@example.org").text


def test_what_is_not_confirmed_within_two_days_is_gone_and_its_link_too(net, time_machine):
    asked(time_machine)
    link = link_in(OutgoingMail.objects.get(), "confirm")
    time_machine.shift(timedelta(hours=47, minutes=59))
    assert forget_what_nobody_confirmed() == 0 and Client().get(link).status_code == 200
    time_machine.shift(timedelta(minutes=2))
    assert Client().get(link).status_code == Client().post(link).status_code == 404
    assert forget_what_nobody_confirmed() == 1 and not ListAlert.objects.exists()
    assert not OutgoingMail.objects.exists()
    followed()
    time_machine.shift(timedelta(days=30))
    assert forget_what_nobody_confirmed() == 0, "what was confirmed stays"
    for wrong in ("/en/alerts/stop/", "/en/alerts/keep/?t=%00", link.replace("confirm", "stop"), link[:-2]):
        assert Client().get(wrong).status_code == Client().post(wrong).status_code == 404, wrong


def _labels(one: Project) -> list:
    return sorted((label.cluster.slug, label.role, label.date) for label in one.labels.all())


def _label(one: Cluster) -> list:
    """That it holds today."""
    today = timezone.localdate()
    periods = [(p.phase, p.start, p.end) for p in one.label_periods.all()]
    return [(phase, start, end) for phase, start, end in periods if start <= today and (end is None or today <= end)]


# --- what is told -----------------------------------------------------------------------------------------------------
def public(address: str) -> dict[str, tuple]:
    """What the page and the pages of its rows show today, by plain loops over objects."""
    where = address.partition("?")[0]
    if "projects" in where:
        return {
            one.acronym: (one.title_fr, one.summary_fr, sorted(t.pk for t in one.themes.all()), _labels(one))
            for one in Project.objects.all()
            if one.status == "published"
            and ("cara" not in where or any(label.cluster.slug == "cara" for label in one.labels.all()))
        }
    if where.endswith("/clusters/"):
        return {
            str(one): (one.name, one.city, one.website, _label(one))
            for one in Cluster.objects.all()
            if one.status == "published"
        }
    today = timezone.localdate()
    found = {}
    for one in Organisation.objects.all():
        current = sorted(
            m.cluster.slug
            for m in one.memberships.all()
            if m.cluster.status == "published"
            and (m.joined_on is None or m.joined_on <= today)
            and (m.left_on is None or today <= m.left_on)
        )
        if one.status != "published" or not current or ("cara" in where and "cara" not in current):
            continue
        if "kind=laboratory" in address and one.kind != "laboratory":
            continue
        towns = [site.city for site in one.sites.all()]
        found[one.name] = (one.phone, one.website, one.description_fr, one.kind, current, towns)
    return found


LISTS = [
    "/en/members/",
    "/en/members/?kind=laboratory",
    "/en/clusters/cara/members/",
    "/en/clusters/",
    "/en/projects/",
    "/en/clusters/cara/projects/",
]


def test_what_joined_left_and_changed_is_what_loops_over_the_records_find(net, time_machine):
    volta, ampere, ohm = net["firms"]
    watt = Project.objects.get()

    def by_name(name: str):
        return Organisation.objects.filter(name=name)

    changes = [
        lambda: organisation("Tesla", slug="tesla"),  # of no cluster: in no list
        lambda: Membership.objects.create(
            organisation=by_name("Tesla").get(), cluster=net["other"], joined_on=timezone.localdate()
        ),
        lambda: Membership.objects.create(
            organisation=by_name("Tesla").get(), cluster=net["cara"], joined_on=timezone.localdate() + 3 * DAY
        ),
        lambda: by_name("Volta").update(phone="+33476000000"),
        lambda: by_name("Volta").update(email="nobody@volta.example"),  # behind a link, in no public file
        lambda: by_name("Ohm").update(kind="laboratory"),
        lambda: Site.objects.filter(organisation=ohm).update(city="Lyon"),
        lambda: by_name("Ampère").update(status="draft"),
        lambda: by_name("Ampère").update(status="published"),
        lambda: by_name(SECRET).update(status="in_review", phone="+33476000001"),
        lambda: by_name(SECRET).update(status="draft"),
        lambda: Membership.objects.filter(organisation=volta, cluster=net["cara"]).update(left_on=timezone.localdate()),
        lambda: by_name("Ohm").update(name=f"{SECRET} Ohm", status="refused"),  # withdrawn, and told by no name
        lambda: Project.objects.filter(pk=watt.pk).update(summary_fr="Des batteries."),
        lambda: project("JOULE", slug="joule"),
        lambda: ProjectLabel.objects.create(
            project=Project.objects.get(slug="joule"), cluster=net["cara"], role="lead", date=date(2025, 1, 1)
        ),
        lambda: Cluster.objects.filter(slug="min").update(city="Grenoble"),
        lambda: LabelPeriod.objects.filter(cluster=net["other"]).update(end=timezone.localdate() + 2 * DAY),
        lambda: watt.themes.add(Theme.objects.create(name_fr="Énergie", slug="energie")),
        lambda: Project.objects.filter(slug="joule").update(status="archived"),
        lambda: None,
        lambda: None,
    ]
    alerts = {address: followed(address, email=f"{number}@example.org") for number, address in enumerate(LISTS)}
    for step, change in enumerate(changes):
        before = {address: public(address) for address in LISTS}
        change()
        mails = {mail.to: mail for mail in told(time_machine)}
        for address, alert in alerts.items():
            then, now = before[address], public(address)
            shown = {one.name for one in Organisation.objects.filter(status="published")}
            shown |= {
                str(one)
                for one in (*Cluster.objects.filter(status="published"), *Project.objects.filter(status="published"))
            }
            expected = {
                "joined": sorted(now.keys() - then.keys()),
                "left": sorted(then.keys() - now.keys()),
                "changed": sorted(name for name in now if name in then and now[name] != then[name]),
            }
            counts = {what: len(names) for what, names in expected.items() if names}
            mail = mails.pop(alert.email, None)
            found = parts(mail) if mail else {}
            assert {what: sorted(names) for what, names in found.items()} == {
                what: [name for name in names if name in shown] for what, names in expected.items() if names
            }, (step, address)
            for what, count in counts.items():
                assert re.search(rf"^{count} {what}", mail.text, re.M), (step, address)
            assert mail is None or SECRET not in mail.text + mail.html + mail.subject, (step, address)
        assert not mails, "nobody else is told"


def test_twenty_are_named_and_the_others_counted(net, time_machine):
    followed("/en/clusters/cara/members/")
    made = [organisation(f"Firm {number:02}", slug=f"firm-{number}") for number in range(54)]
    for firm in made:
        Membership.objects.create(organisation=firm, cluster=net["cara"], joined_on=date(2026, 1, 1))
    (mail,) = told(time_machine)
    assert parts(mail)["joined"] == [*(f"Firm {number:02}" for number in range(20)), "and 34 more"]
    assert "54 joined the list" in mail.text and mail.html.count("/en/members/firm-") == 20


def test_a_mail_speaks_the_language_of_its_reader_and_escapes_what_was_typed(net, time_machine):
    followed("/en/members/?q=volta", language="fr")
    Organisation.objects.filter(name="Volta").update(name="Volta <b> & l'Or", phone="+33476000000")
    (mail,) = told(time_machine)
    assert "1 fiche modifiée\n- Volta <b> & l'Or\n  http://testserver/fr/membres/volta/" in mail.text
    assert (
        "Volta &lt;b&gt; &amp; l&#x27;Or" in mail.html
        and "“volta”" in mail.subject.replace("« volta »", "“volta”")
        or "volta" in mail.subject
    )
    assert "/fr/alertes/arreter/?t=" in mail.headers["List-Unsubscribe"]


def test_what_stood_there_is_kept_with_the_mail_or_not_at_all(net, time_machine, monkeypatch):
    alert = followed()
    before = bytes(alert.seen)
    Organisation.objects.filter(name="Volta").update(phone="+33476000000")

    def broken(*args, **values):
        raise ValueError("no mail")

    with monkeypatch.context() as patched:
        patched.setattr("contributions.alerts.letters.queue", broken)
        assert told(time_machine) == []
    alert.refresh_from_db()
    assert bytes(alert.seen) == before and alert.looked_on == date(2026, 11, 25)
    assert len(told(time_machine, 0)) == 1
    assert told(time_machine, 0) == [] and told(time_machine) == []


def test_a_column_that_the_portal_learns_tells_nobody_that_everything_changed(net, time_machine, monkeypatch):
    followed("/en/clusters/cara/members/")
    from members import whole_lists

    columns = tuple(column for column in whole_lists.ORGANISATION_COLUMNS if column.name != "phone")
    monkeypatch.setattr(whole_lists, "ORGANISATION_COLUMNS", columns)
    firm = organisation("Tesla", slug="tesla")
    Membership.objects.create(organisation=firm, cluster=net["cara"], joined_on=date(2026, 1, 1))
    (mail,) = told(time_machine)
    assert parts(mail) == {"joined": ["Tesla"]}
    Organisation.objects.filter(name="Volta").update(website="https://volta.example/")
    (mail,) = told(time_machine)
    assert parts(mail) == {"changed": ["Volta"]}


def test_several_alerts_of_one_list_share_one_reading_whatever_their_language(net, time_machine, monkeypatch):
    for number in range(4):
        followed("/en/members/", email=f"{number}@example.org", language="fr" if number % 2 else "en")
    followed("/en/projects/")
    read = []
    of = Snapshot.of
    monkeypatch.setattr(looking.Snapshot, "of", lambda whole: read.append(whole) or of(whole))
    Organisation.objects.filter(name="Volta").update(phone="+33476000000")
    assert len(told(time_machine)) == 4 and len(read) == 2


def test_a_list_of_which_the_cluster_is_renamed_goes_on_and_one_that_is_gone_is_told_once(net, time_machine):
    followed("/en/clusters/cara/members/", email="members@example.org")
    followed("/en/members/?cluster=cara", email="filter@example.org")
    cara = net["cara"]
    cara.slug = "cara-2"
    cara.save()
    assert Client().get("/en/clusters/cara/members/").url == "/en/clusters/cara-2/members/"
    assert told(time_machine) == [], "its rows are the same"
    Cluster.objects.filter(pk=cara.pk).update(status="archived")
    mails = {mail.to: mail for mail in told(time_machine)}
    assert "no longer there" in mails["members@example.org"].subject
    assert parts(mails["filter@example.org"])["left"] == ["Ampère", "Ohm", "Volta"]
    assert [alert.email for alert in ListAlert.objects.all()] == ["filter@example.org"]
    assert told(time_machine) == []


# --- when -------------------------------------------------------------------------------------------------------------
def test_daily_is_the_next_morning_and_weekly_the_seventh_and_never_twice_a_day(net, time_machine):
    paris = "2026-{}:00:00+01:00".format
    time_machine.move_to(paris("11-25 23"))
    followed(email="daily@example.org")
    followed(email="weekly@example.org", frequency="weekly")

    def change(at: str) -> set[str]:
        """Something changes, and the worker looks twice."""
        time_machine.move_to(at)
        number = Organisation.objects.get(name="Volta").phone or "+33476000000"
        Organisation.objects.filter(name="Volta").update(phone=f"+{int(number) + 1}")
        found = {mail.to for mail in told(time_machine, 0)}
        assert told(time_machine, 0) == []
        return found

    assert change(paris("11-25 23")) == set()
    assert change(paris("11-26 06")) == set(), "before seven o’clock"
    assert change(paris("11-26 07")) == {"daily@example.org"}
    assert change(paris("11-26 20")) == set(), "that day it was told already"
    assert change(paris("12-01 23")) == {"daily@example.org"}, "six days after"
    assert change(paris("12-02 06")) == set()
    assert change(paris("12-02 08")) == {"daily@example.org", "weekly@example.org"}
    assert change(paris("12-08 08")) == {"daily@example.org"}
    assert change(paris("12-10 08")) == {"daily@example.org", "weekly@example.org"}, "a day late: no worker ran"
    mails = OutgoingMail.objects.filter(to="daily@example.org")
    assert len({mail.once for mail in mails}) == mails.count() == 5
    with transaction.atomic():  # as if the day's mail had been written, and the rest lost
        ListAlert.objects.update(looked_on=date(2026, 12, 9))
        Organisation.objects.filter(name="Volta").update(phone="+33476009999")
        look_at_lists()
    assert mails.count() == 5


def test_after_two_silent_years_an_alert_ends_and_a_month_before_its_reader_is_asked(net, time_machine):
    assert TERMS["alerts"].days == 730
    for name in ("silent", "keeps", "stops"):
        followed(email=f"{name}@example.org")
    time_machine.shift(699 * DAY)
    assert ask_whether_still_wanted() == 0
    time_machine.shift(DAY)
    assert ask_whether_still_wanted() == 3
    time_machine.shift(DAY)
    ask_whether_still_wanted()
    assert OutgoingMail.objects.count() == 3, "asked once"
    keep = link_in(OutgoingMail.objects.get(to="keeps@example.org"), "keep")
    stop = link_in(OutgoingMail.objects.get(to="stops@example.org"), "stop")
    assert "I want it still" in Client().get(keep).text
    assert ListAlert.objects.soon_silent(timezone.now()).count() == 3, "an opened link says nothing"
    assert "I want it still" not in Client().post(keep, follow=True).text
    Client().post(stop)
    time_machine.shift(28 * DAY)
    assert overdue()["alerts"] == 0
    time_machine.shift(DAY)
    assert overdue()["alerts"] == 1
    Organisation.objects.filter(name="Volta").update(phone="+33476000000")
    assert {mail.to for mail in told(time_machine, 0)} == {"keeps@example.org"}, "nothing more is told"
    assert end_terms()["alerts"] == 1
    assert [alert.email for alert in ListAlert.objects.all()] == ["keeps@example.org"]


def test_whoever_stops_one_list_is_not_asked_again_of_another(net, time_machine):
    one, _other = followed(), followed("/en/clusters/cara/members/")
    time_machine.shift(700 * DAY)
    assert ask_whether_still_wanted() == 2
    OutgoingMail.objects.update(state="sent")
    Client().post(link_in(OutgoingMail.objects.get(once__startswith=f"alert-keep-{one.pk}-"), "stop"))
    ask_whether_still_wanted()
    assert OutgoingMail.objects.get().state == "sent"


def test_whoever_stops_one_list_is_told_of_her_others_still(net, time_machine):
    one, other = followed(), followed("/en/clusters/cara/members/")
    followed(email="mia@example.org")
    Organisation.objects.filter(name="Volta").update(phone="+33476000000")
    assert len(told(time_machine)) == 3
    OutgoingMail.objects.create(kind="proposal-confirm", to="lea@example.org", message_id="x", state="sent")
    Client().post(link_in(OutgoingMail.objects.get(once__startswith=f"alert-{one.pk}-"), "stop"))
    left = {(mail.to, mail.kind) for mail in OutgoingMail.objects.all()}
    assert left == {("lea@example.org", "alert"), ("lea@example.org", "proposal-confirm"), ("mia@example.org", "alert")}
    assert OutgoingMail.objects.get(kind="alert", to="lea@example.org").once.startswith(f"alert-{other.pk}-")
    OutgoingMail.objects.filter(kind="alert").update(state="sent")
    time_machine.shift(30 * DAY)
    assert forget_old_mails() == 0
    time_machine.shift(DAY)
    assert forget_old_mails() == 2 and OutgoingMail.objects.get().kind == "proposal-confirm"


def test_the_database_refuses_what_no_alert_is_and_staff_read_a_sentence(net):
    alert = followed()
    cases = {
        "contributions_listalert_which_known": {"which": "x"},
        "contributions_listalert_frequency_known": {"frequency": "x"},
        "contributions_listalert_language": {"language": "de"},
        "contributions_listalert_confirmed_first": {"confirmed_at": None},
    }
    constraints = {constraint.name: constraint for constraint in ListAlert._meta.constraints}
    assert set(constraints) == set(cases)
    for name, wrong in cases.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            ListAlert.objects.filter(pk=alert.pk).update(**wrong)
        assert str(constraints[name].violation_error_message).endswith("."), name
    assert SECRET not in str(alert) and "lea" not in str(alert)
