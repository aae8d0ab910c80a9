"""Puts into the demonstration a thing for each page that has none there, and signs visitors in.

    SERAI_HOME=... python tests/browser/furnish.py

Prints as its last line, as JSON, each visitor with the cookie of its session and the addresses that it may look at:
of the kinds of visitors every address of the site, of those in the course of signing in the pages met on the way.
A kind of visitor has its walk too: a page of each name that links lead to, beginning at the front page.
"""

import csv
import json
import re
import sys
import tempfile
import time
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

sys.path.insert(0, str(Path(__file__).parents[2]))

from serai.expo.site.operation.domain.instance import open_instance

PASSWORD = "the road to Samarkand"
SITE = "http://127.0.0.1/"
MOST = 300
"""More kinds of pages than the site has: what ends a walk that would not end by itself."""


def main() -> None:
    open_instance()
    from django.conf import settings
    from django_scopes import scope

    from scripts.addresses import VISITORS, addresses, rows_of

    settings.ALLOWED_HOSTS = ["*"]
    settings.MAILERS["default"]["BACKEND"] = "django.core.mail.backends.dummy.EmailBackend"
    edition = rows_of("Edition").get(slug="demo")
    users = {who: rows_of("User").filter(email=email).first() for who, email in VISITORS.items()}
    with scope(edition=edition):
        tokens = furnish(edition, users)
    visits = {}
    for who, user in users.items():
        pages = addresses(edition, user)
        for name, token in tokens.items():
            pages[name] = pages[name].replace("nothing", token)
        cookie = cookie_of(user) if user else ""
        visits[who] = {"cookie": cookie, "pages": pages} | walk(pages["edition"], cookie)
    compute_what_waits()  # what pages ask for and do without
    signed_in = {who: visit["pages"] for who, visit in visits.items()}["buyer"]
    for who, (cookie, names) in on_the_way().items():
        visits[who] = {"cookie": cookie, "pages": {name: _keyed(signed_in[name], name) for name in names}}
    sys.stdout.write(json.dumps(visits))


def _keyed(address: str, name: str) -> str:
    from allauth.mfa.models import Authenticator

    if name in {"mfa_edit_webauthn", "mfa_remove_webauthn"}:
        key = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).get()
        return address.replace("/0/", f"/{key.pk}/")
    return address


def walk(start: str, cookie: str) -> dict[str, Any]:
    """Follow links: one page of each name that they lead a visitor to, by name and path, and all names seen on them."""
    from django.conf import settings
    from django.test import Client

    from scripts.addresses import is_followed, name_of

    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    waiting, seen, pages = [urljoin(SITE, start)], {name_of(start)}, []
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        answer = client.get(address, follow=True)
        if answer.status_code < 400 and "text/html" not in answer.headers.get("content-type", ""):
            continue  # a file
        if b"data-awaited" in answer.content:
            compute_what_waits()
            answer = client.get(address, follow=True)
        path = address.removeprefix(SITE.rstrip("/"))
        pages.append((name_of(path), path))  # one that cannot be opened too: the browser's look tells the fault
        opened = urljoin(address, answer.request["PATH_INFO"])
        for link in re.findall(r"""<a\s[^>]*?href=["']([^"']*)""", answer.text if answer.status_code < 400 else ""):
            target = urldefrag(urljoin(opened, unescape(link))).url
            if is_followed(target, SITE) and (name := name_of(target)) and name not in seen:
                seen.add(name)
                waiting.append(target)
    return {"walk": pages, "linked": sorted(seen)}


def compute_what_waits() -> None:
    """Do what pages have asked the worker for: it would take a process for each, in every fair that is served."""
    from django_tasks_db.models import DBTaskResult

    from serai.expo.insight.supply.domain.stored_results import compute

    waiting = DBTaskResult.objects.ready().filter(task_path=compute.module_path)
    for result in list(waiting):
        compute.call(*result.args_kwargs["args"])
        result.delete()


def cookie_of(user: Any) -> str:
    """The session of a user who has just signed in, and for an hour needs not do so again."""
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() + 3_600, "email": user.email}]
    session.save()
    return _cookie(client)


def _cookie(client: Any) -> str:
    from django.conf import settings

    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def furnish(edition: Any, users: dict[str, Any]) -> dict[str, str]:
    """The things; returns the secrets of links that came by mail, by the name of their address."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from scripts.addresses import Visitor, rows_of
    from serai.expo.base import daily
    from serai.expo.base.files.domain import keep
    from serai.expo.base.tokens import hash_of
    from serai.expo.fairs.interface.domain.keys import make_key
    from serai.expo.fairs.interface.models import ApiKey
    from serai.expo.fairs.jobs.domain import write_file
    from serai.expo.fairs.mailing.domain.outbox import draft
    from serai.expo.fairs.mailing.domain.templates import token
    from serai.expo.insight.exposure.domain import results as exposures
    from serai.expo.insight.supply.domain.exposures import KINDS
    from serai.expo.insight.supply.domain.stored_results import compute
    from serai.expo.meetings.outcomes.models import Outcome, OutcomeParty
    from serai.expo.offers.chains.domain.own_chains import copy_builtin
    from serai.expo.participants.contact_persons.domain import add as add_contact
    from serai.expo.participants.contact_persons.domain import stop_address
    from serai.expo.participants.exhibitors.domain import co_exhibitors
    from serai.expo.participants.invitations.domain.invitations import invite_segment
    from serai.expo.participants.team import domain as joining
    from serai.expo.site.imports.domain import batches as importing

    copy_builtin(edition, "textiles-and-apparel", user=None)  # a chain of the organisation, which the fair does not use
    exhibitor, buyer = (Visitor(edition, users[who]).own for who in ("exhibitor", "buyer"))
    organiser, now = users["organiser"], timezone.now()
    assert exhibitor is not None
    assert buyer is not None
    rows_of("Lead").create(
        edition=edition, participation=exhibitor, person="Ada Lindqvist", firm_name="Norrsken", rating=3
    )
    rows_of("Plant").create(firm=exhibitor.firm, country=exhibitor.firm.country, place={"en": "Hall of cells"})
    quotation = rows_of("Quotation").filter(interest__need__participation=buyer).order_by("pk").first()
    assert quotation is not None
    sent = SimpleUploadedFile("quotation.pdf", b"%PDF-1.7\n% a price\n", "application/pdf")
    rows_of("Quotation").filter(pk=quotation.pk).update(file=keep(sent, firm=quotation.interest.asker.firm))
    rows_of("MeetingRule").create(edition=edition, asker_kind="buyer", asked_kind="exhibitor", allowed=True)
    outcome = rows_of("Outcome").create(edition=edition, kind=Outcome.Kind.SAMPLE, claimed_at=now)
    for party in (exhibitor, buyer):
        OutcomeParty.objects.create(outcome=outcome, participation=party, claimant=party == buyer)
    for model in ("Offer", "Need"):
        item = rows_of(model).filter(participation=exhibitor).order_by("pk").last()
        if item is not None:
            rows_of(model).filter(pk=item.pk).update(review="submitted")
    rows_of("Meeting").create(
        edition=edition,
        host=exhibitor,
        guest=buyer,
        state="scheduled",
        starts_at=now,
        ends_at=now + timedelta(minutes=30),
    )
    make_key(organiser, "Portal of the chamber", [ApiKey.Scope.values[0]])
    rows_of("Webhook").create(edition=edition, url="https://hooks.example.org/serai", events=["meeting.*"])
    template = rows_of("MailTemplate").filter(edition=edition).first()
    draft(edition, template, "Everyone", {}, "http://127.0.0.1", user=organiser)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "firms.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["Name", "Country"], ["Aurora Cells AB", "SE"], ["No country Ltd", ""]])
        importing.preview(edition, path, "firms.csv", user=organiser)
    job = rows_of("Job").create(
        edition=edition, kind="export-of-all", language="en", asked_by=organiser, ended="done", file_name="fair.zip"
    )
    write_file(job, [b"PK"])
    # What the worker would do first takes a core for minutes.
    DBTaskResult.objects.all().delete()
    for kind in KINDS:  # one chain has a map
        compute.call(None, kind, "clean-energy")
    daily.start(now + timedelta(days=1))
    # Nor does it come to this: the page of the exhibitor's exposure goes on saying that it is being computed.
    compute.using(run_after=now + timedelta(days=1)).enqueue(edition.pk, exposures.KIND, str(exhibitor.pk))
    _team, joins = joining.invite(exhibitor, email="new@example.org", kind="member", user=users["exhibitor"])
    _with, stands = co_exhibitors.invite(
        exhibitor, firm_name="Delta Foils", country="CN", email="foils@example.org", user=users["exhibitor"]
    )
    buying = rows_of("Participation").filter(edition=edition, kind="buyer").first()
    for number, own in enumerate((exhibitor, buying)):
        person = {"name": "Ada Reader", "email": f"ada{number}@example.org", "consent_source": "Contract"}
        add_contact(own, person, user=organiser)
    invite_segment(edition, {}, kind="owner", user=organiser)
    invited = rows_of("DeskInvitation").filter(contact__participation=exhibitor).first()
    invited.token_hash = hash_of("opens")
    invited.save()
    rows_of("Mail").filter(desk_invitations__isnull=False).update(state="cancelled")
    rows_of("OwnPage").create(
        edition=edition, slug="journey", title={"en": "Journey"}, text={"en": "By **train**."}, published=True
    )
    rows_of("OrganiserInvitation").create(
        organisation=edition.organisation,
        email="floor@example.org",
        kind="floor",
        token_hash=hash_of("organises"),
        expires_at=now + timedelta(days=2),
    )
    rows_of("Signature").create(
        edition=edition,
        initiative=rows_of("Initiative").first(),
        institution={"en": "Chamber of Lakes"},
        state="invited",
        token_hash=hash_of("signs"),
        expires_at=now + timedelta(days=9),
    )
    return {
        "initiative-sign": "signs",
        "desk-invitation": "opens",
        "organiser-join": "organises",
        "contact-unsubscribe": stop_address("ada0@example.org").rstrip("/").rpartition("/")[2],
        "team-join": joins,
        "co-exhibit": stands,
        "unsubscribe": token(users["buyer"], "newsletters"),
    }


def on_the_way() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Visitors who stand where no link leads: the cookie of each and the names of the addresses it is at."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.test import Client
    from django.urls import reverse

    from serai.expo.people.account.models import User

    def started(name: str, **given: str) -> Client:
        client = Client(SERVER_NAME="127.0.0.1")
        answer = client.post(reverse(name), given)
        assert answer.status_code == 302, (name, answer.status_code)
        return client

    careful = User.objects.create_user("careful@demo.example", PASSWORD, name="Careful Visitor")
    TOTP.activate(careful, generate_totp_secret())
    RecoveryCodes.activate(careful)
    Authenticator.objects.create(
        user=careful, type=Authenticator.Type.WEBAUTHN, data={"name": "Blue key", "credential": _credential()}
    )
    staff = User.objects.create_superuser("staff@demo.example", PASSWORD, name="Staff")
    forgetful = started("account_reset_password", email="buyer@demo.example")
    almost = started("account_reset_password", email="exhibitor@demo.example")
    state = next(value for key, value in almost.session.items() if "password_reset" in key and isinstance(value, dict))
    assert almost.post(reverse("account_confirm_password_reset_code"), {"code": state["code"]}).status_code == 302
    return {
        "half signed in": (
            _cookie(started("sign-in", login=careful.email, password=PASSWORD)),
            ("mfa_authenticate",),
        ),
        "with a code sent": (
            _cookie(started("account_request_login_code", email="buyer@demo.example")),
            ("account_confirm_login_code",),
        ),
        "forgetful": (_cookie(forgetful), ("account_confirm_password_reset_code",)),
        "almost reset": (_cookie(almost), ("account_complete_password_reset",)),
        "careful": (
            cookie_of(careful),
            (
                "mfa_index",
                "mfa_reauthenticate",
                "mfa_reauthenticate_webauthn",
                "mfa_deactivate_totp",
                "mfa_view_recovery_codes",
                "mfa_generate_recovery_codes",
                "mfa_list_webauthn",
                "mfa_edit_webauthn",
                "mfa_remove_webauthn",
            ),
        ),
        "staff": (cookie_of(staff), ("staff",)),
        "new": (_signed_up(), ("account_email_verification_sent",)),
    }


def _credential() -> dict[str, Any]:
    """What a passkey says when it is registered."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from fido2.cose import ES256
    from fido2.utils import websafe_encode
    from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    held = AttestedCredentialData.create(bytes(16), b"blue key", public)
    flags = AuthenticatorData.FLAG.USER_PRESENT | AuthenticatorData.FLAG.ATTESTED
    made = AttestationObject.create("none", AuthenticatorData.create(bytes(32), flags, 0, bytes(held)), {})
    client = json.dumps({"type": "webauthn.create", "challenge": "", "origin": "http://127.0.0.1"}).encode()
    key = websafe_encode(held.credential_id)
    said = {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(bytes(made))}
    return {"id": key, "rawId": key, "type": "public-key", "response": said}


def _signed_up() -> str:
    """Who has opened an account and not yet proved the address."""
    from django.test import Client
    from django.urls import reverse

    client = Client(SERVER_NAME="127.0.0.1")
    answer = client.post(reverse("account_signup"), {"email": "new@demo.example", "name": "New Visitor"})
    assert answer.status_code == 302, answer.text
    return _cookie(client)


if __name__ == "__main__":
    main()
