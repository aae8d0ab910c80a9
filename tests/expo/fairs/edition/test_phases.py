"""Phases: what is open when, the sentence for who comes too early or too late, and the page that sets them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django_scopes import scope

from serai.expo.base.audit.models import AuditEntry
from serai.expo.fairs.edition.domain.phases import (
    PhaseClosedError,
    PhaseSpanError,
    closed_sentence,
    is_open,
    require_open,
    require_open_somewhere,
    set_phases,
    standings,
)
from serai.expo.fairs.edition.models import Edition, Phase
from serai.expo.people.account.models import User

OPENS = datetime(2026, 10, 1, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai
CLOSES = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
REQUESTS = Phase.Kind.REQUESTS


def test_where_no_phase_is_set_everything_is_open(edition: Edition) -> None:
    assert all(is_open(edition, kind) for kind in Phase.Kind.values)
    assert closed_sentence(edition, REQUESTS) == ""
    require_open(edition, REQUESTS)


def test_a_phase_opens_and_closes_at_its_moments_and_says_so_on_the_clock_of_the_fair(edition: Edition) -> None:
    set_phases(edition, {REQUESTS: (OPENS, CLOSES)})
    second = timedelta(seconds=1)
    moments = (OPENS - second, OPENS, CLOSES - second, CLOSES)
    assert [is_open(edition, REQUESTS, at) for at in moments] == [False, True, True, False]
    assert closed_sentence(edition, REQUESTS, OPENS - second) == "Requests for meetings open on Oct. 1, 2026, 09:00."
    assert "closed on Nov. 1, 2026" in closed_sentence(edition, REQUESTS, CLOSES)
    with translation.override("zh-hans"):
        assert "2026年10月1日" in closed_sentence(edition, REQUESTS, OPENS - second)
    with pytest.raises(PhaseClosedError, match="closed on Nov"):
        require_open(edition, REQUESTS, CLOSES)
    assert is_open(edition, Phase.Kind.WISHES, CLOSES)


def test_a_phase_with_one_end_is_open_on_the_other_side(edition: Edition) -> None:
    set_phases(edition, {REQUESTS: (OPENS, None), Phase.Kind.WISHES: (None, CLOSES)})
    assert is_open(edition, REQUESTS, CLOSES + timedelta(days=900))
    assert is_open(edition, Phase.Kind.WISHES, OPENS - timedelta(days=900))


def test_every_kind_has_its_sentences_and_all_are_known_by_one_query(edition: Edition) -> None:
    set_phases(edition, dict.fromkeys(Phase.Kind.values, (OPENS, CLOSES)))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        early, late = standings(edition, OPENS - timedelta(1)), standings(edition, CLOSES)
    assert len(queries) == 2
    assert len({one.sentence for one in (*early.values(), *late.values())}) == 2 * len(Phase.Kind.values)


def test_setting_leaves_a_trace_and_setting_the_same_again_none(edition: Edition, organiser: User) -> None:
    assert set_phases(edition, {REQUESTS: (OPENS, CLOSES)}, user=organiser) == 1
    assert set_phases(edition, {REQUESTS: (OPENS, CLOSES)}, user=organiser) == 0
    assert set_phases(edition, {REQUESTS: (OPENS, None)}, user=organiser) == 1
    assert set_phases(edition, {REQUESTS: (None, None)}, user=organiser) == 1
    entries = AuditEntry.objects.filter(edition=edition).order_by("pk")
    assert [entry.action for entry in entries] == ["phase.set", "phase.set", "phase.removed"]
    assert entries[1].after == {"closes_at": None}
    with scope(edition=edition):
        assert not Phase.objects.exists()


def test_a_phase_never_closes_before_it_opens(edition: Edition) -> None:
    with pytest.raises(PhaseSpanError, match="Requests for meetings"):
        set_phases(edition, {Phase.Kind.WISHES: (OPENS, CLOSES), REQUESTS: (CLOSES, OPENS)})
    with scope(edition=edition):
        assert not Phase.objects.exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            Phase.objects.create(edition=edition, kind=REQUESTS, opens_at=CLOSES, closes_at=OPENS)


def test_the_page_takes_times_of_the_fairs_own_place(edition: Edition, organiser_client: Client) -> None:
    address = reverse("phases", args=[edition.slug])
    given = {"requests-opens": "2026-10-01T09:00", "requests-closes": "2026-11-01T09:00"}
    assert organiser_client.post(address, given).status_code == 302
    with scope(edition=edition):
        phase = Phase.objects.get()
    assert (phase.kind, phase.opens_at, phase.closes_at) == ("requests", OPENS, CLOSES)
    assert 'value="2026-10-01T09:00"' in organiser_client.get(address).text


def test_a_wrong_date_comes_back_with_a_sentence_and_changes_nothing(
    edition: Edition, organiser_client: Client
) -> None:
    address = reverse("phases", args=[edition.slug])
    for given in (
        {"requests-opens": "2026-11-01T09:00", "requests-closes": "2026-10-01T09:00"},
        {"requests-opens": "soon"},
    ):
        answer = organiser_client.post(address, given | {"wishes-opens": "2026-11-01T09:00"})
        assert answer.status_code == 400
        assert "notice-error" in answer.text
    with scope(edition=edition):
        assert not Phase.objects.exists()


def test_the_page_is_for_the_organiser_only(
    edition: Edition,
    organiser_client: Client,
    member_client: Client,
    other_organiser_client: Client,
    stranger_client: Client,
    anonymous_client: Client,
) -> None:
    address = reverse("phases", args=[edition.slug])
    clients = (organiser_client, member_client, other_organiser_client, stranger_client, anonymous_client)
    assert [client.get(address).status_code for client in clients] == [200, 403, 403, 403, 302]
    refused = [client.post(address, {"wishes-opens": "2026-11-01T09:00"}).status_code for client in clients[1:]]
    assert refused == [403, 403, 403, 302]
    with scope(edition=edition):
        assert not Phase.objects.exists()


def test_what_belongs_to_several_fairs_is_closed_where_it_is_at_each_of_them(
    edition: Edition, other_edition: Edition
) -> None:
    require_open_somewhere([], REQUESTS, CLOSES)
    set_phases(edition, {REQUESTS: (OPENS, CLOSES)})
    require_open_somewhere([edition, other_edition], REQUESTS, CLOSES)
    set_phases(other_edition, {REQUESTS: (CLOSES + timedelta(days=1), None)})
    with pytest.raises(PhaseClosedError, match="open on Nov"):
        require_open_somewhere([edition, other_edition], REQUESTS, CLOSES)
