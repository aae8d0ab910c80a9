"""Working out what all texts of an edition mean: what has changed, and everything where another encoder is chosen.

Vectors of two encoders can't be compared. So what the chosen encoder makes is laid beside the vectors that are there,
by which the search goes on, and takes their place in one step once there is one for every text. Where the encoder
before cannot be had any more, as one that was mounted, the search goes by words alone until then, and says so.
"""

from collections.abc import Mapping

from django.db import connection, transaction
from django.db.models import Count, F, QuerySet
from django_scopes import scope

from serai.expo.fairs.edition.models import Edition
from serai.expo.offers.search.domain import encoders, meanings
from serai.expo.offers.search.domain.copies import last_revision
from serai.expo.offers.search.domain.search import catch_up, entries_by
from serai.expo.offers.search.models import SearchEntry
from serai.match.vectors import PACKAGED, Encoder
from serai.world.progress import Progress, silent

BATCH = 200
"""Participants that are taken at once; of a larger encoder fewer, so that little is lost where it is stopped."""

BATCH_BY_OTHERS = 20


def keep_up(edition: Edition, progress: Progress = silent) -> int:
    """Work out the meaning of all that has changed in `edition`. Returns for how many participants."""
    done = 0
    with scope(edition=edition):
        waiting = SearchEntry.objects.filter(edition=edition, vector__isnull=True).count()
        while made := catch_up(edition, BATCH):
            done += made
            progress("search", done / max(waiting, done))
    return done


def reindex(edition: Edition, progress: Progress = silent) -> int:
    """Keep up, and read all texts anew where the chosen encoder is another one. Returns for how many participants.

    It may be stopped and goes on where it was. Raises MountingError where the chosen encoder cannot be used.
    """
    by = encoders.ready(progress)
    meanings.index_for(connection, by.name, by.dimension)
    done = keep_up(edition, progress)
    with scope(edition=edition):
        while not _taken_over(by, edition):
            done += keep_up(edition) + _laid_beside(by, edition, progress)
    return done


def made_by_others(name: str) -> Mapping[str, int]:
    """In the whole instance, how many texts another encoder than the one of this name has read, by its name."""
    there = SearchEntry._base_manager.filter(vector__isnull=False).exclude(encoder=name).order_by()
    return dict(there.values_list("encoder").annotate(Count("pk")))


def _to_be_read_anew(edition: Edition, name: str) -> QuerySet[SearchEntry]:
    return SearchEntry.objects.filter(edition=edition, vector__isnull=False).exclude(encoder=name)


def _laid_beside(by: Encoder, edition: Edition, progress: Progress) -> int:
    """Read by `by` what it has not read yet, and lay it beside what is there. Returns for how many participants."""
    missing = _to_be_read_anew(edition, by.name).exclude(coming_encoder=by.name)
    waiting = list(missing.order_by("participation_id").values_list("participation_id", flat=True).distinct())
    size = BATCH if by.name == PACKAGED else BATCH_BY_OTHERS
    for start in range(0, len(waiting), size):
        some = waiting[start : start + size]
        made = {(entry.participation_id, entry.kind, entry.item): entry for entry in entries_by(by, some)}
        with transaction.atomic():
            there = list(SearchEntry.objects.filter(participation__in=some).defer("vector", "terms", "codes"))
            laid = [entry for entry in there if (entry.participation_id, entry.kind, entry.item) in made]
            anew = [made[entry.participation_id, entry.kind, entry.item] for entry in laid]
            for entry, new in zip(laid, anew, strict=True):
                new.pk, entry.coming, entry.coming_encoder = entry.pk, new.vector, by.name
            SearchEntry.objects.bulk_update(laid, ["coming", "coming_encoder"], batch_size=BATCH)
            SearchEntry.objects.filter(pk__in={entry.pk for entry in there} - {entry.pk for entry in laid}).delete()
            meanings.keep(anew)
        progress("search", (start + len(some)) / len(waiting))
    return len(waiting)


def _taken_over(by: Encoder, edition: Edition) -> bool:
    """Let the vectors of `by` take the place of the others, if there is one for every entry."""
    with transaction.atomic():
        old = _to_be_read_anew(edition, by.name)
        if old.exclude(coming_encoder=by.name).exists():
            return False
        taken = old.update(
            vector=F("coming"),
            encoder=F("coming_encoder"),
            coming=None,
            coming_encoder="",
            revision=last_revision(edition) + 1,
        )
        if taken:
            meanings.keep_only(edition.pk, by.name)
    return True
