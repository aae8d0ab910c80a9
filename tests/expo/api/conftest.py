"""Programs that call the interface, and a fair with one of everything for them to call about."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from serai.expo.api.keys import make_key
from serai.expo.badges.models import Badge
from serai.expo.chains.domain import load_builtin_chains
from serai.expo.editions.models import Edition, Participation
from serai.expo.halls.models import Booth, Hall
from serai.expo.leads.models import Lead
from serai.expo.people.models import Role, User
from serai.expo.programme.models import Appearance, Forum, Room, Session, Speaker


class Program:
    """Calls the interface with a key, or without."""

    def __init__(self, key: str = "") -> None:
        self.client = Client()
        self.headers = {"authorization": f"Bearer {key}"} if key else {}

    def __call__(self, path: str, method: str = "get", body: Any = None, **headers: str) -> Any:
        more = {"data": body, "content_type": "application/json"} if body is not None else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(self.client, method)(f"/api/v1{path}", headers=self.headers | named, **more)


@pytest.fixture
def program_of() -> Callable[..., Program]:
    """A program with a key of a person."""

    def make(user: User | None = None, *scopes: str, **options: Any) -> Program:
        return Program(make_key(user, "a program", scopes or ("read",), **options)[1]) if user else Program()

    return make


@pytest.fixture
def there(
    edition: Edition,
    owner: User,
    desk: Participation,
    take_part: Callable[..., Participation],
    a_firm: Callable[..., Any],
    offer: Callable[..., Any],
    need: Callable[..., Any],
) -> dict[str, Any]:
    """One of everything in a fair, by the words of the addresses; of a number, by what is before it."""
    load_builtin_chains()
    begins = timezone.now() + timedelta(days=1)
    made: dict[str, Any] = {"slug": edition.slug, "identifier": desk.firm.identifier, "chain": "clean-energy"}
    applicant = a_firm("Applicant Materials Ltd")
    Role.objects.create(user=owner, firm=applicant, kind=Role.Kind.OWNER)
    invited = a_firm("Invited Materials Ltd")
    Role.objects.create(user=owner, firm=invited, kind=Role.Kind.OWNER)
    newcomer = a_firm("Newcomer Materials Ltd")
    Role.objects.create(user=owner, firm=newcomer, kind=Role.Kind.OWNER)
    with scope(edition=edition):
        hall = Hall.objects.create(edition=edition, code="W1")
        booth = Booth.objects.create(edition=edition, hall=hall, code="A01")
        forum = Forum.objects.create(edition=edition, slug="opening", kind="ceremony")
        room = Room.objects.create(edition=edition, title={"en": "Great hall"})
        session = Session.objects.create(
            edition=edition, forum=forum, room=room, starts_at=begins, ends_at=begins + timedelta(hours=1), capacity=9
        )
        speaker = Speaker.objects.create(edition=edition, name={"en": "Amina Okoye"}, sort_name="okoye")
        Appearance.objects.create(edition=edition, session=session, speaker=speaker)
        lead = Lead.objects.create(edition=edition, participation=desk, person="Amina Okoye", met_by=owner)
        badge = Badge.objects.create(edition=edition, participation=desk, name="Owner")
    return made | {
        "newcomer": newcomer.identifier,
        "offers": offer(desk, review="published").pk,
        "submitted offer": offer(desk, review="submitted").pk,
        "draft offer": offer(desk, review="draft").pk,
        "needs": need(desk, review="published").pk,
        "submitted need": need(desk, review="submitted").pk,
        "draft need": need(desk, review="draft").pk,
        "participations": take_part(edition, applicant, state="applied").pk,
        "invitation": take_part(edition, invited, state="invited").pk,
        "booths": booth.pk,
        "programme": session.pk,
        "speakers": speaker.pk,
        "leads": lead.pk,
        "badges": badge.pk,
    }
