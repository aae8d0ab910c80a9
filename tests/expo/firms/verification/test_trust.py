"""Firms are claimed, entered and verified with evidence; files are handed only to those who may read them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.base.files.domain import FileRefusedError, keep, place
from serai.expo.base.files.models import Audience, StoredFile
from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.fairs.mailing.models import Mail
from serai.expo.firms.identity.domain.merges import merge
from serai.expo.firms.identity.models import FirmPair
from serai.expo.firms.record.models import Firm
from serai.expo.firms.verification import domain
from serai.expo.firms.verification.domain import NEEDED, Given, VerificationError, remind_of_verifications
from serai.expo.firms.verification.models import Claim, ClaimCode, Evidence, Verification
from serai.expo.people.account.models import Role, User

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 certificate"


@pytest.fixture(autouse=True)
def home(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_HOME", str(tmp_path))


@pytest.fixture
def firm(edition: Edition, a_firm: Callable[..., Firm], take_part: Callable[..., Participation]) -> Firm:
    made = a_firm("Longwell", website="https://www.longwell.example/en")
    take_part(edition, made)
    return made


def upload(content: bytes = PDF, name: str = "certificate.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def given(level: int) -> list[Given]:
    return [Given(kind, "words") for rung in range(1, level + 1) for kind in NEEDED[rung]]


def test_an_address_of_the_domain_speaks_at_once_when_it_is_confirmed(firm: Firm, new_user: Any) -> None:
    user = User.objects.create_user("ann@longwell.example")
    assert domain.claim(firm, user).state == Claim.State.WAITING
    other = User.objects.create_user("bob@mail.longwell.example")
    EmailAddress.objects.create(user=other, email=other.email, verified=True)
    assert not domain.has_its_domain(User(email="eve@well.example"), firm)
    assert not domain.has_its_domain(User(email="eve@notlongwell.example"), firm)
    third = User.objects.create_user("cy@longwell.example")
    EmailAddress.objects.create(user=third, email=third.email, verified=True)
    assert domain.claim(firm, third).state == Claim.State.GRANTED
    assert Role.objects.get(user=third, firm=firm).kind == Role.Kind.OWNER


def test_a_code_works_once_and_for_its_firm_only(
    firm: Firm, edition: Edition, organiser: User, stranger: User, a_firm: Callable[..., Firm], new_user: Any
) -> None:
    code = domain.new_code(firm, edition, user=organiser)
    assert code not in str(ClaimCode.objects.values())
    with pytest.raises(domain.ClaimError, match="not right"):
        domain.claim(a_firm(), stranger, code=code)
    assert domain.claim(firm, stranger, code=code.lower().replace("-", " ")).state == Claim.State.GRANTED
    with pytest.raises(domain.ClaimError, match="not right"):
        domain.claim(firm, new_user("second"), code=code)
    late = domain.new_code(firm, edition, user=organiser)
    ClaimCode.objects.update(expires_at=timezone.now() - timedelta(days=1))
    with pytest.raises(domain.ClaimError, match="expired"):
        domain.claim(firm, new_user("third"), code=late)


def test_a_claim_waits_for_the_organiser_who_grants_or_refuses_it(
    firm: Firm, edition: Edition, organiser_client: Client, stranger_client: Client, stranger: User
) -> None:
    address = f"/en/{edition.slug}/firms/{firm.identifier}/claim/"
    assert "Say how you belong" in stranger_client.post(address, {"note": ""}).text
    assert stranger_client.post(address, {"note": "I am the owner"}).status_code == 302
    assert "waits" in stranger_client.post(address, {"note": "Again"}).text
    claim = Claim.objects.get()
    page = organiser_client.get(f"/en/{edition.slug}/organiser/claims/").text
    assert "I am the owner" in page
    organiser_client.post(f"/en/{edition.slug}/organiser/claims/", {"claim": claim.pk, "answer": "grant"})
    assert Role.objects.filter(user=stranger, firm=firm).exists()
    assert "speak for this firm already" in stranger_client.post(address, {"note": "Again"}).text


def test_the_owners_are_told_who_acts_for_their_firm_by_a_claim_or_a_merge(
    firm: Firm, edition: Edition, organiser: User, a_firm: Callable[..., Firm], new_user: Any
) -> None:
    owner = new_user("owner", firm=firm)
    Role.objects.filter(user=owner).update(kind=Role.Kind.OWNER)
    code = domain.new_code(firm, edition, user=organiser)
    domain.claim(firm, new_user("claimant"), code=code, edition=edition)
    double = a_firm("Longwell Double Ltd")
    puppet = new_user("puppet", firm=double)
    Role.objects.filter(user=puppet).update(kind=Role.Kind.OWNER)
    merge(firm, double, user=organiser, edition=edition)
    with scope(edition=edition):
        letters = list(Mail.objects.order_by("pk"))
    assert [letter.user for letter in letters] == [owner, owner]
    assert ["claimant@example.org" in letter.body for letter in letters] == [True, False]
    assert ["puppet@example.org" in letter.body for letter in letters] == [False, True]


def test_a_firm_that_is_known_is_shown_before_it_is_entered_twice(
    firm: Firm, edition: Edition, stranger_client: Client, stranger: User
) -> None:
    address = f"/en/{edition.slug}/firms/register/"
    page = stranger_client.post(address, {"legal_name": "Longwell Ltd", "country": "CN"}).text
    assert f"/firms/{firm.identifier}/claim/" in page
    assert Firm.objects.count() == 1
    stranger_client.post(address, {"legal_name": "Longwell Ltd", "country": "CN", "sure": "on"})
    stranger_client.post(address, {"legal_name": "Harbour Cranes", "country": "KE"})
    assert Firm.objects.count() == 3
    assert Role.objects.filter(user=stranger, kind=Role.Kind.OWNER).count() == 2


def test_a_level_needs_its_evidence_and_expires(firm: Firm, edition: Edition, organiser: User, member: User) -> None:
    today = timezone.localdate()
    with pytest.raises(VerificationError, match="more evidence"):
        domain.ask(firm, 2, given(1), user=member)
    asked = domain.ask(firm, 1, given(1), user=member)
    with pytest.raises(VerificationError, match="waits"):
        domain.ask(firm, 1, given(1), user=member)
    assert domain.level_of(firm, today) is None
    with pytest.raises(VerificationError, match="why"):
        domain.decide(asked, edition, grant=False, user=organiser)
    domain.decide(asked, edition, grant=True, user=organiser, until=today + timedelta(days=10))
    with pytest.raises(VerificationError, match="already"):
        domain.decide(asked, edition, grant=True, user=organiser)
    level = domain.level_of(firm, today)
    assert level is not None
    assert level.level == 1
    assert domain.level_of(firm, today + timedelta(days=11)) is None
    second = domain.ask(firm, 2, [one for one in given(2) if one.kind not in NEEDED[1]], user=member)
    domain.decide(second, edition, grant=True, user=organiser)
    assert domain.levels_of([firm], today)[firm.pk].level == 2
    domain.withdraw(Verification.objects.get(pk=second.pk), edition, user=organiser, reason="letters false")
    assert domain.levels_of([firm], today)[firm.pk].level == 1


def test_a_firm_asks_on_its_page_and_the_organiser_grants(
    edition: Edition, member: User, member_client: Client, organiser_client: Client, anonymous_client: Client
) -> None:
    member.roles.update(kind=Role.Kind.OWNER)
    firm = member.roles.get().firm
    assert firm is not None
    words = {f"{kind}_text": "words" for kind in NEEDED[1]}
    address = f"/en/{edition.slug}/firms/{firm.identifier}/verification/"
    assert "This level needs more evidence" in member_client.post(address, {"level": 1}).text
    refused = member_client.post(
        address, {"level": 1, **words, "registration_file": upload(b"<svg onload=x>", "x.svg")}
    )
    assert "This kind of file is not taken" in refused.text
    assert not StoredFile.objects.exists()
    assert member_client.post(address, {"level": 1, **words, "registration_file": upload()}).status_code == 302
    queue = f"/en/{edition.slug}/organiser/verification/"
    file = StoredFile.objects.get()
    assert file.token in organiser_client.get(queue).text
    asked = Verification.objects.get()
    organiser_client.post(queue, {"number": asked.pk, "answer": "grant"})
    assert "1 · identity checked" in anonymous_client.get(f"/en/{edition.slug}/firms/{firm.identifier}/").text
    clients = [(member_client, 200), (organiser_client, 200), (anonymous_client, 404)]
    for client, code in clients:
        answer = client.get(f"/en/files/{file.token}/")
        assert answer.status_code == code
        if answer.streaming:
            list(answer)  # read to its end a file is closed, without ending the request that the database waits for


def test_a_file_is_kept_under_a_name_nobody_guesses_and_handed_out_as_an_attachment(
    firm: Firm, anonymous_client: Client
) -> None:
    file = keep(upload(name="../../etc/passwd.pdf"), firm=firm, audience=Audience.PUBLIC)
    assert (file.name, file.media_type, file.size) == ("passwd.pdf", "application/pdf", len(PDF))
    assert place(file).read_bytes() == PDF
    answer = anonymous_client.get(f"/en/files/{file.token}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer) == PDF  # type: ignore[arg-type]
    answer.close()


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"<svg xmlns=", b"MZ\x90", b"RIFF1234WAVE", b"%PDF-" + b"x" * 9_000_000]
)
def test_other_kinds_and_sizes_of_files_are_refused(content: bytes, firm: Firm) -> None:
    with pytest.raises(FileRefusedError):
        keep(upload(content), firm=firm)
    assert not StoredFile.objects.exists()


def test_the_organiser_merges_and_takes_back_on_the_page(
    firm: Firm,
    edition: Edition,
    other_edition: Edition,
    organiser_client: Client,
    anonymous_client: Client,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
) -> None:
    double, shared = a_firm("Long Well"), a_firm("Longwel")
    take_part(edition, double, kind="buyer")
    take_part(other_edition, shared)
    page = f"/en/{edition.slug}/organiser/duplicates/"
    organiser_client.post(page)
    pair = FirmPair.objects.get(one=firm, other=double)
    closed = FirmPair.objects.exclude(pk=pair.pk).first()
    assert closed is not None
    shown = organiser_client.get(page).text
    assert "One firm: keep the first record" in shown
    assert "only the staff of this site may merge them" in shown
    assert organiser_client.post(f"{page}{closed.pk}/", {"answer": "one"}).status_code == 403
    organiser_client.post(f"{page}{pair.pk}/", {"answer": "one"})
    answer = anonymous_client.get(f"/en/{edition.slug}/firms/{double.identifier}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/en/{edition.slug}/firms/{firm.identifier}/")
    made = firm.merges.get()
    organiser_client.post(f"/en/{edition.slug}/organiser/merges/{made.pk}/undo/")
    double.refresh_from_db()
    assert double.merged_into is None
    assert FirmPair.objects.get(pk=pair.pk).state == FirmPair.State.APART


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_pairs_takes_the_same_number_of_queries(
    count: int,
    edition: Edition,
    organiser_client: Client,
    a_firm: Callable[..., Firm],
    take_part: Callable[..., Participation],
    django_assert_max_num_queries: Any,
) -> None:
    firms = [a_firm(f"Firm {'abc'[number // 2]} {number}") for number in range(2 * count)]
    for firm in firms:
        take_part(edition, firm)
    for one, other in zip(firms[::2], firms[1::2], strict=True):
        FirmPair.objects.create(one=one, other=other, probability=0.9, reasons=[["names", "90 %"]])
    organiser_client.get(f"/en/{edition.slug}/organiser/duplicates/")
    with django_assert_max_num_queries(30):  # with what waits on each page of the desk
        assert organiser_client.get(f"/en/{edition.slug}/organiser/duplicates/").status_code == 200


def test_a_known_firm_that_was_merged_is_found_as_the_one_it_is(firm: Firm, a_firm: Callable[..., Firm]) -> None:
    from serai.expo.firms.identity.domain.lookup import Sought, find_firms

    double = a_firm("Former Name")
    merge(firm, double)
    by_name, by_identifier = find_firms(
        [Sought("CN", ("Former Name",)), Sought("CN", ("X",), {"serai": double.identifier})]
    )
    assert (by_name.firm, by_identifier.firm) == (firm.pk, firm.pk)


def test_waiting_lists_are_of_one_fair(firm: Firm, edition: Edition, other_edition: Edition, stranger: User) -> None:
    domain.claim(firm, stranger, note="mine")
    with scope(edition=edition):
        assert domain.waiting_claims(edition).count() == 1
    with scope(edition=other_edition):
        assert domain.waiting_claims(other_edition).count() == 0


def granted(firm: Firm, edition: Edition, organiser: User, level: int = 1) -> Verification:
    asked = domain.ask(firm, level, given(level), user=organiser)
    return domain.decide(asked, edition, grant=True, user=organiser, note="seen on paper")


def test_no_level_says_more_than_its_evidence() -> None:
    needed = {kind for kinds in domain.NEEDED.values() for kind in kinds}
    assert Evidence.Kind.AUDIT not in needed
    words = str(Verification.Level.AUDITED.label)
    assert "years" in words
    assert "accounts" in words
    assert "practice" not in words


def test_a_level_is_withdrawn_with_a_reason_by_who_granted_it_and_all_of_it_is_history(
    firm: Firm, edition: Edition, other_edition: Edition, organiser: User, other_organiser: User
) -> None:
    one = granted(firm, edition, organiser)
    with pytest.raises(VerificationError, match="Say why"):
        domain.withdraw(one, edition, user=organiser, reason=" ")
    with pytest.raises(VerificationError, match="Only who granted"):
        domain.withdraw(one, other_edition, user=other_organiser, reason="envy")
    domain.withdraw(one, edition, user=organiser, reason="The certificate was false.")
    assert domain.level_of(firm, date(2026, 11, 29)) is None
    with pytest.raises(VerificationError, match="granted"):
        domain.withdraw(one, edition, user=organiser, reason="again")
    (past,) = domain.history_of(firm, date(2026, 11, 29))
    assert (past.state, past.row.note, past.row.withdrawn_reason) == (
        "Withdrawn",
        "seen on paper",
        "The certificate was false.",
    )
    assert past.row.withdrawn_by == organiser


def test_what_has_run_out_is_shown_as_expired(firm: Firm, edition: Edition, organiser: User) -> None:
    one = granted(firm, edition, organiser)
    assert one.valid_until
    (past,) = domain.history_of(firm, one.valid_until + timedelta(days=1))
    assert past.state == "Expired"


def test_the_organiser_withdraws_on_the_page_and_the_firm_reads_why(
    firm: Firm,
    edition: Edition,
    organiser: User,
    organiser_client: Client,
    other_organiser_client: Client,
    new_user: Any,
) -> None:
    with scope(edition=edition):
        one = granted(firm, edition, organiser)
    page = f"/en/{edition.slug}/organiser/verification/granted/"
    assert "identity checked" in organiser_client.get(page).content.decode()
    assert other_organiser_client.post(page, {"number": one.pk, "reason": "no"}).status_code in {403, 404}
    assert organiser_client.post(page, {"number": one.pk, "reason": "The certificate was false."}).status_code == 302
    own = Client()
    owner = new_user("owner-of-it", firm=firm)
    owner.roles.update(kind=Role.Kind.OWNER)
    own.force_login(owner)
    shown = own.get(f"/en/{edition.slug}/firms/{firm.identifier}/verification/").content.decode()
    assert "The certificate was false." in shown
    assert "Withdrawn" in shown


def test_before_a_level_ends_its_owners_are_told_once_each_in_their_language(
    firm: Firm, edition: Edition, organiser: User, new_user: Any
) -> None:
    with scope(edition=edition):
        one = granted(firm, edition, organiser)
    assert one.valid_until
    for name, language in (("amy", "en"), ("zoe", "fr")):
        user = new_user(name, firm=firm)
        user.roles.update(kind=Role.Kind.OWNER)
        User.objects.filter(pk=user.pk).update(language=language)
    new_user("seller", firm=firm).roles.update(kind=Role.Kind.SALES)
    assert remind_of_verifications(one.valid_until - timedelta(days=31)) == 0
    assert remind_of_verifications(one.valid_until + timedelta(days=1)) == 0
    soon = one.valid_until - timedelta(days=29)
    assert remind_of_verifications(soon) == 1
    assert remind_of_verifications(soon + timedelta(days=1)) == 0
    with scope(edition=edition):
        assert sorted(Mail.objects.values_list("language", flat=True)) == ["en", "fr"]
        assert "Longwell" in Mail.objects.get(language="en").subject


def test_who_has_as_high_a_level_for_longer_is_not_told(
    firm: Firm, edition: Edition, organiser: User, new_user: Any
) -> None:
    with scope(edition=edition):
        one = granted(firm, edition, organiser)
        assert one.valid_until
        Verification.objects.create(
            firm=firm,
            level=one.level,
            state=Verification.State.GRANTED,
            organisation=edition.organisation,
            valid_until=one.valid_until + timedelta(days=300),
        )
    new_user("amy", firm=firm).roles.update(kind=Role.Kind.OWNER)
    assert remind_of_verifications(one.valid_until - timedelta(days=3)) == 0
