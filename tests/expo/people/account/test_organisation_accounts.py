"""Signing in at the server of an organisation (OpenID Connect), against a small server on this machine."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from serai.expo.people.account.models import User


class Server:
    """Says who somebody is; keeps what it was asked for a token with."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {}
        self.asked: dict[str, list[str]] = {}
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.endswith("openid-configuration"):
                    here = server.address
                    ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
                    self.tell({f"{name}_endpoint": f"{here}/{path}" for name, path in ends.items()})
                else:
                    self.tell(server.person)

            def do_POST(self) -> None:
                server.asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.tell({"access_token": "a token", "token_type": "Bearer"})

            def tell(self, said: dict[str, Any]) -> None:
                body = json.dumps(said).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    app = {
        "provider_id": "organisation",
        "name": "Chamber of Commerce",
        "client_id": "serai",
        "secret": "a secret",
        "settings": {"server_url": made.address, "token_auth_method": "client_secret_post"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield made
    made.http.shutdown()
    made.http.server_close()
    thread.join(5)


def sign_in(client: Client) -> str | None:
    begun = client.post("/oidc/organisation/login/")
    asked = parse_qs(urlsplit(begun["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    client.get("/oidc/organisation/login/callback/", {"code": "a code", "state": asked["state"][0]})
    number = client.session.get("_auth_user_id")
    return User.objects.get(pk=number).email if number else None


def test_the_button_is_there_when_a_server_is_named(server: Server, db: None, client: Client) -> None:
    assert "Chamber of Commerce" in client.get("/en/sign-in/").text


def test_no_server_no_button_and_no_way_in(db: None, client: Client) -> None:
    assert "/oidc/" not in client.get("/en/sign-in/").text
    assert client.post("/oidc/organisation/login/").status_code == 404


def test_whom_the_server_vouches_for_gets_an_account(server: Server, db: None, client: Client) -> None:
    server.person = {"sub": "1", "email": "new@chamber.example", "email_verified": True, "name": "Wang Li"}
    assert sign_in(client) == "new@chamber.example"
    person = User.objects.get(email="new@chamber.example")
    assert (person.name, person.has_usable_password()) == ("Wang Li", False)
    assert server.asked["code_verifier"]
    assert sign_in(Client()) == "new@chamber.example"
    assert User.objects.count() == 1


def test_a_verified_address_opens_the_account_that_is_there(server: Server, member: User, client: Client) -> None:
    server.person = {"sub": "2", "email": "member@example.org", "email_verified": True}
    assert sign_in(client) == "member@example.org"
    assert User.objects.filter(email="member@example.org").count() == 1


def test_an_address_that_is_not_verified_opens_nobodys_account(server: Server, member: User, client: Client) -> None:
    server.person = {"sub": "3", "email": "member@example.org", "email_verified": False}
    assert sign_in(client) is None
