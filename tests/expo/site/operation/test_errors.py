"""What is answered to a request that failed."""

from unittest.mock import Mock

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, OperationalError
from django.test import Client
from django.urls import reverse

from serai.expo.people.account.models import User


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (OperationalError("database or disk is full"), 503),
        (DatabaseError("Forced update did not affect any rows."), 400),  # it was ended meanwhile
    ],
)
def test_a_session_that_cannot_be_kept_is_an_outage_only_if_the_database_is_away_or_full(
    failure: Exception,
    status: int,
    client: Client,
    member: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.force_login(member)
    monkeypatch.setattr(settings, "SESSION_SAVE_EVERY_REQUEST", True)
    monkeypatch.setattr(Session, "save", Mock(side_effect=failure))
    answer = client.get(reverse("profile"))
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)
