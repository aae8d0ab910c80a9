"""The index of a fair: the search text of each participation, and what all texts mean, worked out anew by the worker.

A search itself catches up with a few participants only. Vectors of two encoders can't be compared. So what the chosen
encoder makes is laid beside the vectors that are there, by which the search goes on, and takes their place in one step
once there is one for every text. Where the encoder before cannot be had any more, as one that was mounted, the search
goes by words alone until then, and says so.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Count, F, Prefetch, QuerySet
from django.tasks import task
from django_scopes import scope
from django_tasks_db.models import DBTaskResult

from serai.expo.base.rooms import Hook
from serai.expo.base.tasks.domain import queue
from serai.expo.fairs.edition.domain.phases import texts
from serai.expo.fairs.edition.models import Edition, Participation, Section
from serai.expo.firms.record.domain.fields import FIRM
from serai.expo.firms.record.models import Firm
from serai.expo.offers.market.models import PUBLISHED, MarketItem, Need, Offer
from serai.expo.offers.search.domain import encoders, meanings
from serai.expo.offers.search.domain.copies import last_revision
from serai.expo.offers.search.domain.search import catch_up, entries_by
from serai.expo.offers.search.models import SearchEntry
from serai.match.search import terms
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


SEARCHED = tuple(field for field in FIRM.values() if field.searched)
_BATCH = 2_000

booth_codes = Hook[[Collection[int]], Mapping[int, Sequence[str]]]("codes of the booths of participants")
"""Answers with the codes by participation; both are primary keys."""


def search_tokens(
    firm: Firm, items: Iterable[MarketItem], *, section: Section | None = None, booths: Iterable[str] = ()
) -> str:
    """The terms of a participant's names, texts, items, section and booth codes, each once, between spaces.

    Names come first, because a search ranks the first terms highest; names are not stemmed.
    """
    items = list(items)
    lines = [getattr(firm, field.name) for field in SEARCHED if field.kind == "line"]
    short = [getattr(firm, field.name) for field in SEARCHED if field.kind == "texts" and not field.long]
    names = (*lines, firm.identifier, *texts(*short), *booths)
    spoken = [getattr(firm, field.name) for field in SEARCHED if field.long]
    spoken += [text for item in items for text in (item.title, item.summary, item.text)]
    spoken += [section.title] if section else []
    groups = [terms(name) for name in names]
    groups += [terms(text, language) for by_language in spoken for language, text in by_language.items()]
    groups += [terms(code) for item in items for code in item.hs]
    unique = dict.fromkeys(term for group in groups for term in group)
    return f" {' '.join(unique)} " if unique else ""


def refresh_tokens(participations: QuerySet[Participation]) -> int:
    """Write the search text of these participations again. Returns their number."""
    loaded = list(
        participations.select_related("firm", "section").prefetch_related(
            Prefetch("offers", Offer._base_manager.filter(PUBLISHED)),
            Prefetch("needs", Need._base_manager.filter(PUBLISHED)),
        )
    )
    booths: dict[int, list[str]] = defaultdict(list)
    for answer in booth_codes.call([participation.pk for participation in loaded]):
        for key, codes in answer.items():
            booths[key] += codes
    for participation in loaded:
        participation.tokens = search_tokens(
            participation.firm,
            [*participation.offers.all(), *participation.needs.all()],
            section=participation.section,
            booths=booths[participation.pk],
        )
    Participation._base_manager.bulk_update(loaded, ["tokens"], batch_size=_BATCH)
    for model in (Offer, Need):  # theirs are made when somebody looks for words on the market
        model._base_manager.filter(participation__in=loaded).exclude(tokens="").update(tokens="")
    return len(loaded)


@task
def index_edition(edition_pk: int) -> int:
    """Work out the meaning of all that has changed in an edition. Returns for how many participants."""
    return keep_up(Edition.objects.get(pk=edition_pk))


@transaction.atomic
def index_later(edition: Edition) -> None:
    """Have the worker index the edition once the transaction at hand is written, by a task that waits already if any.

    That task is locked, so that no worker takes it before what is written here can be seen.
    """
    same = {"task_path": index_edition.module_path, "args_kwargs": {"args": [edition.pk], "kwargs": {}}}
    waiting = DBTaskResult.objects.filter(**same, status=queue.READY).select_for_update(skip_locked=True)
    if waiting.first() is None:
        index_edition.enqueue(edition.pk)


def index_what_waits() -> None:
    """Have the worker index every edition with texts that are to be read, as after an update that reads them anew."""
    waiting = SearchEntry._base_manager.filter(vector__isnull=True)
    for edition in Edition.objects.filter(pk__in=waiting.values("edition")):
        index_later(edition)
