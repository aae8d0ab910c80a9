"""Other systems are told of events: signed, again until they have heard it, and never inside of a private network."""

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from serai.expo.base.audit.domain.entries import record
from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.interface.models import Delivery, Webhook
from serai.expo.fairs.mailing.models import Mail
from serai.expo.people.account.models import User
from serai.expo.site.api import domain as delivery
from serai.expo.site.api.domain import (
    MOST_FAILURES,
    WAITS,
    AddressRefusedError,
    WebhookRefusedError,
    add_webhook,
    attempt,
    check_url,
    deliver_next,
    is_public,
    send,
)

PRIVATE = ("https://10.0.0.1/", "https://[::1]/", "https://127.0.0.1/")


class Receiver:
    """A small server on this machine that keeps what it is sent."""

    def __init__(self) -> None:
        self.status = 200
        self.drips = False
        self.heard: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append((dict(self.headers), body))
                while receiver.drips:
                    self.wfile.write(b"H")
                    self.wfile.flush()
                    time.sleep(0.05)
                self.send_response(receiver.status)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.drips = False
    made.server.shutdown()
    made.server.server_close()
    thread.join(5)


def here(receiver: Receiver) -> dict[str, Any]:
    """Options of ``send`` that lead a name to the receiver."""
    return {"resolve": lambda _host, _port: ["127.0.0.1"], "may_reach": lambda _address: True, "plain": True}


@pytest.fixture
def webhook(edition: Edition, organiser: User, receiver: Receiver) -> tuple[Webhook, str]:
    with scope(edition=edition):
        made, secret = add_webhook(edition, "https://hooks.example/in?a=1", ["edition.*"], by=organiser)
        Webhook.objects.update(url=f"http://hooks.example:{receiver.port}/in?a=1")
    return made, secret


def happen(edition: Edition, user: User, action: str = "edition.renamed") -> Delivery | None:
    record(action, edition, before={"name": "secret words"}, after={"name": "others"}, user=user, edition=edition)
    with scopes_disabled():
        return Delivery.objects.order_by("pk").last()


def test_an_event_is_told_with_a_signature_and_without_what_it_says(
    edition: Edition, organiser: User, webhook: tuple[Webhook, str], receiver: Receiver
) -> None:
    waiting = happen(edition, organiser)
    assert waiting is not None
    done = attempt(waiting.pk, **here(receiver))
    assert done is not None
    assert (done.state, done.answer, done.attempts) == ("delivered", 200, 1)
    ((headers, body),) = receiver.heard
    said = json.loads(body)
    assert said["event"] == headers["Serai-Event"] == "edition.renamed"
    assert said["edition"] == edition.slug
    assert said["changed"] == ["name"]
    assert b"secret words" not in body
    assert b"@" not in body
    assert headers["Host"].startswith("hooks.example")
    at, _comma, digest = headers["Serai-Signature"].partition(",v1=")
    expected = hmac.new(webhook[1].encode(), at.removeprefix("t=").encode() + b"." + body, hashlib.sha256)
    assert hmac.compare_digest(digest, expected.hexdigest())


def test_an_event_that_nobody_asked_for_or_of_another_fair_is_not_told(
    edition: Edition, other_edition: Edition, organiser: User, webhook: tuple[Webhook, str]
) -> None:
    happen(edition, organiser, "meeting.held")
    happen(other_edition, organiser)
    with scopes_disabled():
        assert not Delivery.objects.exists()


def test_who_does_not_hear_is_told_again_later_and_at_last_given_up(
    edition: Edition,
    organiser: User,
    webhook: tuple[Webhook, str],
    receiver: Receiver,
) -> None:
    receiver.status = 503
    waiting = happen(edition, organiser)
    assert waiting is not None
    for number, wait in enumerate(WAITS, 1):
        assert deliver_next(**here(receiver))
        assert not deliver_next(**here(receiver)), "it is not due yet"
        with scope(edition=edition):
            tried = Delivery.objects.get()
            assert (tried.state, tried.attempts, tried.answer) == ("waiting", number, 503)
            assert tried.next_at is not None
            assert abs((tried.next_at - timezone.now() - wait).total_seconds()) < 60
            Delivery.objects.update(next_at=timezone.now())
    last = attempt(waiting.pk, **here(receiver))
    assert last is not None
    assert last.state == "given_up"
    assert attempt(waiting.pk, **here(receiver)) is None
    assert len(receiver.heard) == len(WAITS) + 1


def test_it_is_delivered_once_although_tried_twice(
    edition: Edition, organiser: User, webhook: tuple[Webhook, str], receiver: Receiver
) -> None:
    waiting = happen(edition, organiser)
    assert waiting is not None
    attempt(waiting.pk, **here(receiver))
    attempt(waiting.pk, **here(receiver))
    assert len(receiver.heard) == 1


def test_a_slow_receiver_holds_one_slot_only_and_is_cut_off_after_its_time(
    edition: Edition, organiser: User, webhook: tuple[Webhook, str], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A byte a moment never meets the timeout of a socket."""
    monkeypatch.setattr(delivery, "SECONDS", 0.5)
    receiver.drips = True
    with scope(edition=edition):
        other, _secret = add_webhook(edition, "https://other.example/", ["edition.*"], by=organiser)
        Webhook.objects.filter(pk=other.pk).update(url=f"http://other.example:{receiver.port}/")
    happen(edition, organiser)
    happen(edition, organiser)
    served: list[bool] = []

    def resolve(_host: str, _port: int) -> list[str]:
        if len(served) < 3:
            served.append(True)
            served.append(deliver_next(**here(receiver) | {"resolve": resolve}))  # another slot, meanwhile
        return ["127.0.0.1"]

    assert deliver_next(**here(receiver) | {"resolve": resolve})
    assert served == [True, True, False, True], "two addresses hold two slots, and a third slot finds nothing to do"
    with scope(edition=edition):
        assert {row.fault for row in Delivery.objects.filter(attempts=1)} == {
            "It took longer than 0 seconds to answer."
        }
        assert Delivery.objects.filter(attempts=0).count() == 2


def test_a_redirect_is_not_followed(
    edition: Edition, organiser: User, webhook: tuple[Webhook, str], receiver: Receiver
) -> None:
    receiver.status = 302
    waiting = happen(edition, organiser)
    assert waiting is not None
    tried = attempt(waiting.pk, **here(receiver))
    assert tried is not None
    assert (tried.state, tried.answer) == ("waiting", 302)
    assert len(receiver.heard) == 1


def test_an_address_that_fails_again_and_again_is_switched_off_and_who_added_it_is_told(
    edition: Edition, organiser: User, webhook: tuple[Webhook, str], receiver: Receiver
) -> None:
    receiver.status = 503
    Webhook._base_manager.update(failures=MOST_FAILURES - 2)
    first, second, third = (happen(edition, organiser) for _ in range(3))
    assert first is not None
    assert second is not None
    assert third is not None
    attempt(first.pk, **here(receiver))
    with scope(edition=edition):
        assert Webhook.objects.get().active
    attempt(second.pk, **here(receiver))
    with scope(edition=edition):
        off = Webhook.objects.get()
        letter = Mail.objects.get()
    assert not off.active
    assert off.switched_off_at is not None
    assert letter.user == organiser
    assert off.url in letter.body
    assert attempt(third.pk, **here(receiver)) is None  # nothing is sent while it is off
    assert len(receiver.heard) == 2


def test_one_message_that_arrives_ends_the_row_of_failures(
    edition: Edition, organiser: User, webhook: tuple[Webhook, str], receiver: Receiver
) -> None:
    Webhook._base_manager.update(failures=MOST_FAILURES - 1)
    waiting = happen(edition, organiser)
    assert waiting is not None
    attempt(waiting.pk, **here(receiver))
    with scope(edition=edition):
        assert (Webhook.objects.get().failures, Webhook.objects.get().active) == (0, True)


def test_what_waited_is_sent_when_the_address_is_switched_on_again_and_what_happened_meanwhile_is_not(
    edition: Edition,
    organiser: User,
    organiser_client: Client,
    webhook: tuple[Webhook, str],
    receiver: Receiver,
) -> None:
    page = f"/en/{edition.slug}/organiser/webhooks/{webhook[0].pk}/"
    waiting = happen(edition, organiser)
    assert waiting is not None
    organiser_client.post(f"{page}change/", {"do": "off"})
    assert "switched off since" in organiser_client.get(page).text
    assert attempt(waiting.pk, **here(receiver)) is None
    meanwhile = happen(edition, organiser)
    assert meanwhile == waiting  # the last that was kept
    assert not deliver_next(**here(receiver))
    organiser_client.post(f"{page}change/", {"do": "on"})
    assert deliver_next(**here(receiver))
    with scope(edition=edition):
        assert Delivery.objects.get().state == "delivered"


def test_a_message_is_sent_again_by_hand_under_its_number(
    edition: Edition,
    organiser: User,
    organiser_client: Client,
    webhook: tuple[Webhook, str],
    receiver: Receiver,
) -> None:
    page = f"/en/{edition.slug}/organiser/webhooks/{webhook[0].pk}/"
    waiting = happen(edition, organiser)
    assert waiting is not None
    Delivery._base_manager.update(state="given_up", attempts=7)
    assert "Send again" in organiser_client.get(page).text
    organiser_client.post(f"{page}change/", {"do": "again", "delivery": str(waiting.pk)})
    done = attempt(waiting.pk, **here(receiver))
    assert done is not None
    assert (done.state, done.attempts) == ("delivered", 1)
    ((headers, _body),) = receiver.heard
    assert headers["Serai-Delivery"] == str(waiting.pk)
    refused = organiser_client.post(f"{page}change/", {"do": "again", "delivery": "0"})
    assert refused.status_code == 404


def test_the_settings_may_name_networks_of_the_organisation_and_no_other_private_one_is_reached(
    edition: Edition, organiser: User, receiver: Receiver, settings: Any
) -> None:
    address = f"http://127.0.0.1:{receiver.port}/in"
    with scope(edition=edition), pytest.raises(WebhookRefusedError):
        add_webhook(edition, address, ["edition.*"], by=organiser)
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with scope(edition=edition):
        add_webhook(edition, address, ["edition.*"], by=organiser)
        with pytest.raises(WebhookRefusedError, match="private network"):
            add_webhook(edition, "https://10.0.0.1/", ["edition.*"], by=organiser)
    waiting = happen(edition, organiser)
    assert waiting is not None
    done = attempt(waiting.pk)  # as the worker does it: resolved, checked, sent
    assert done is not None
    assert done.state == "delivered"
    assert len(receiver.heard) == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_no_private_address_is_reached(address: str, receiver: Receiver) -> None:
    assert not is_public(address)
    options = here(receiver) | {"may_reach": is_public}
    for found in ([address], ["93.184.215.14", address]):
        sent = send(f"http://hooks.example:{receiver.port}/", b"{}", {}, **options | {"resolve": lambda *_, f=found: f})
        assert sent.status is None
        assert "private network" in sent.fault
    assert receiver.heard == []


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


def test_a_name_that_leads_to_this_machine_is_refused_without_being_called(receiver: Receiver) -> None:
    sent = send(f"http://localhost:{receiver.port}/", b"{}", {}, plain=True)
    assert "private network" in sent.fault
    assert receiver.heard == []


def test_a_host_that_is_not_there_is_a_fault_in_words() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    sent = send("https://nowhere.example/", b"{}", {}, resolve=nowhere)
    assert sent.status is None
    assert "not known" in sent.fault


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/",
        "ftp://a.example/",
        "https://u:p@a.example/",
        "https://",
        "x:y",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://127.0.0.1/",
    ],
)
def test_an_address_that_is_none_of_ours_to_call_is_refused(url: str, edition: Edition, organiser: User) -> None:
    with pytest.raises(AddressRefusedError):
        check_url(url)
    with scope(edition=edition), pytest.raises(WebhookRefusedError):
        add_webhook(edition, url, ["*"], by=organiser)


def test_an_organiser_adds_tries_and_removes_an_address(edition: Edition, organiser_client: Client) -> None:
    desk = f"/en/{edition.slug}/organiser/webhooks/"
    page = organiser_client.post(desk, {"url": "https://hooks.example/", "events": "meeting.*\nsign_up.made"})
    secret = page.context["secret"]
    assert secret in page.text
    assert secret not in organiser_client.get(desk).text
    with scope(edition=edition):
        made = Webhook.objects.get()
    assert made.events == ["meeting.*", "sign_up.made"]
    assert secret not in made.secret
    organiser_client.post(f"{desk}{made.pk}/change/", {"do": "ping"})
    with scope(edition=edition):
        assert Delivery.objects.get().state == "waiting"
    assert "ping" in organiser_client.get(f"{desk}{made.pk}/").text
    organiser_client.post(f"{desk}{made.pk}/change/", {"do": "remove"})
    with scope(edition=edition):
        assert not Webhook.objects.exists()
    refused = organiser_client.post(desk, {"url": "http://hooks.example/", "events": "*"})
    assert "https://" in refused.text
