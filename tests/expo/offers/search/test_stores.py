"""The index of terms outlives every migration."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.offers.search.models import SearchEntry

pytestmark = pytest.mark.every_database


@pytest.mark.django_db
def test_migrating_brings_a_lost_trigger_back(take_part: Callable[..., Participation], edition: Edition) -> None:
    with connection.cursor() as cursor:
        of_table = " ON expo_participation" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER expo_searchentry_insert{of_table}")
    missed = take_part(edition, tokens="separator film")
    call_command("migrate", verbosity=0)
    followed = take_part(edition, tokens="copper foil")
    with scope(edition=edition):
        terms = dict(SearchEntry.objects.values_list("participation_id", "terms"))
    assert terms == {missed.pk: "separator film", followed.pk: "copper foil"}
