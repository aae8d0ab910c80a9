"""Badges: their codes, their sheets in every script, and what a scan leads to."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.people.account.models import User
from serai.expo.programme.badges.domain.badges import BadgeRefusedError, keep_badge, make_anew
from serai.expo.programme.badges.domain.documents import badge_of, badges_pdf, certificate_pdf, token_of
from serai.expo.programme.badges.models import Badge


@pytest.fixture
def badge(desk: Participation) -> Badge:
    with scope(edition=desk.edition):
        return Badge.objects.create(edition=desk.edition, participation=desk, name="王小骨", language="zh-hans")


def test_a_code_is_known_again_however_it_is_typed(badge: Badge, edition: Edition) -> None:
    code = token_of(badge)
    with scope(edition=edition):
        for typed in (code, code.lower(), code.replace("-", ""), f" {code} ", f"https://fair.example/b/x/{code}/"):
            assert badge_of(edition, typed) == badge
        assert badge_of(edition, code.replace("0", "o")) == badge


def test_no_code_can_be_made_up(badge: Badge, edition: Edition, other_edition: Edition) -> None:
    code = token_of(badge)
    number, signature = code.split("-")
    last = "0" if signature[-1] != "0" else "1"
    with scope(edition=edition):
        for wrong in (
            "",
            "-",
            number,
            signature,
            f"{number}-{signature[:-1]}{last}",
            f"2{code}",
            "ZZZZZZZZZZZZZZZZZZZZZZ",
        ):
            assert badge_of(edition, wrong) is None
    with scope(edition=other_edition):
        assert badge_of(other_edition, code) is None


def test_a_lost_badge_answers_no_more(badge: Badge, edition: Edition, owner: User) -> None:
    code = token_of(badge)
    with scope(edition=edition):
        make_anew(badge, user=owner)
        assert badge_of(edition, code) is None
        assert badge_of(edition, token_of(badge)) == badge


def test_names_of_every_script_are_set_in_fonts_that_have_them(desk: Participation, edition: Edition) -> None:
    people = [("王小骨", "zh-hans"), ("محمد الشمري", "ar"), ("Ирина Черных", "ru"), ("Nguyễn Thị Ánh", "fr")]
    with scope(edition=edition):
        made = [
            Badge.objects.create(edition=edition, participation=desk, name=name, language=language)
            for name, language in people
        ]
        pdf = badges_pdf(made, lambda token: f"https://fair.example/b/fair-2026/{token}/")
    assert pdf.startswith(b"%PDF-")
    for font in (b"NotoSans-Regular", b"NotoSansArabic", b"NotoSansCJK"):
        assert font in pdf
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page\n") + pdf.count(b"/Type /Page/") <= 1  # four a sheet


def test_badges_are_entered_printed_and_removed(
    desk: Participation, edition: Edition, owner_client: Client, organiser_client: Client, address: str
) -> None:
    sent = {"name": "Ana Ruiz", "language": "es", "position": "Ventas"}
    assert owner_client.post(f"{address}badges/", {"name": "", "language": "es"}).status_code == 400
    owner_client.post(f"{address}badges/", sent)
    sheet = owner_client.post(f"{address}badges/badges.pdf")
    assert (sheet.status_code, sheet["Content-Type"]) == (200, "application/pdf")
    assert organiser_client.post(f"/en/{edition.slug}/organiser/badges.pdf").status_code == 404  # all are printed
    with scope(edition=edition):
        one = Badge.objects.get()
        assert one.printed_at is not None
    old = token_of(one)
    owner_client.post(f"{address}badges/{one.pk}/", {"anew": "1"})
    assert old not in owner_client.get(f"{address}badges/").text
    assert owner_client.get(f"{address}badges/badges.pdf").status_code == 405  # a look changes nothing
    desk = organiser_client.get(f"/en/{edition.slug}/organiser/")
    assert f"/en/{edition.slug}/organiser/badges/" in desk.text
    assert "organiser/badges.pdf" in organiser_client.get(f"/en/{edition.slug}/organiser/badges/").text
    assert organiser_client.post(f"/en/{edition.slug}/organiser/badges.pdf").status_code == 200
    assert "organiser/badges.pdf" not in organiser_client.get(f"/en/{edition.slug}/organiser/badges/").text
    owner_client.post(f"{address}badges/{one.pk}/", sent | {"name": "Ana Ruiz Gil"})
    assert "Ana Ruiz Gil" in owner_client.get(f"{address}badges/").text
    owner_client.post(f"{address}badges/{one.pk}/", {"remove": "1"})
    assert AuditEntry.objects.filter(object_type="badge").count() == 6


def test_badges_are_printed_for_the_confirmed_only(
    badge: Badge, desk: Participation, owner_client: Client, address: str
) -> None:
    with scope(edition=desk.edition):
        Participation.objects.update(state="applied")
    assert owner_client.post(f"{address}badges/badges.pdf").status_code == 404
    assert "once the organiser has confirmed" in owner_client.get(f"{address}badges/").text


def test_there_are_not_endlessly_many_badges(
    badge: Badge, desk: Participation, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serai.expo.programme.badges.domain.badges.MOST", 1)
    with scope(edition=desk.edition), pytest.raises(BadgeRefusedError, match="At most 1"):
        keep_badge(Badge(edition=desk.edition, participation=desk, name="One more"), user=owner)


def test_a_scan_leads_exhibitors_to_a_new_lead_and_nobody_else(
    desk: Participation,
    edition: Edition,
    owner_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
    take_part: Callable[..., Participation],
) -> None:
    with scope(edition=edition):
        other = Badge.objects.create(edition=edition, participation=take_part(edition), name="Visitor")
    code = token_of(other)
    scanned = f"/b/{edition.slug}/{code}/"
    assert owner_client.get(scanned)["Location"].endswith(f"/leads/new/?badge={code}")
    assert stranger_client.get(scanned).status_code == 404
    assert "/sign-in/" in anonymous_client.get(scanned)["Location"]
    assert owner_client.get(f"/b/{edition.slug}/1-00000000/").status_code == 404


def test_the_certificate_is_had_from_the_last_day_on(
    desk: Participation, edition: Edition, owner_client: Client, address: str
) -> None:
    Edition.objects.filter(pk=edition.pk).update(
        starts_on=timezone.localdate() + timedelta(days=3), ends_on=timezone.localdate() + timedelta(days=5)
    )
    assert owner_client.get(f"{address}certificate.pdf").status_code == 404
    Edition.objects.filter(pk=edition.pk).update(starts_on=date(2025, 1, 1), ends_on=date(2025, 1, 3))
    for language in ("en", "zh-hans", "ar"):
        made = owner_client.get(address.replace("/en/", f"/{language}/") + "certificate.pdf")
        assert made.content.startswith(b"%PDF-")
    assert certificate_pdf(desk, "ar").startswith(b"%PDF-")
