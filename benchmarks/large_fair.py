"""A fair of national size in whatever database DATABASE_URL names, and how long each of its pages takes.

    DATABASE_URL=postgresql://... python -m benchmarks.large_fair

The fair is the demonstration edition with its rows copied until there are 1,200 exhibitors, 60,000 people, 24,000
meetings, and the rows that they leave behind (growing.py). Prints one line of JSON a page and visitor: the seconds of
each answer, the processor's seconds of one in this process, and the number of queries.
"""

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.growing import grow, say
from benchmarks.small_fair import make_small_fair
from scripts.addresses import VISITORS, addresses
from serai.expo.site.operation.domain.instance import open_instance

ROUNDS = 9
ASKED = {
    "directory": ["q=battery", "q=电池", "certificate=iso_9001"],
    "market": ["q=battery", "kind=offers&lead_time=30"],
    "programme": ["q=battery"],
    "participant-list": ["q=trading"],
}
"""Searches on lists, which are measured beside the pages as they stand."""


def answers_of_pages(
    *, share: float = 1.0, pages: Sequence[str] = (), rounds: int = ROUNDS, demo: bool = True
) -> list[dict[str, Any]]:
    """Make the fair and ask for its pages.

    `share` is the size of the fair, where 1 is national; `pages` are the names of the addresses to ask for, all if
    empty; without `demo` the fair grows from a small one, which is made in no time.
    """
    open_instance()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    say("making the edition")
    from django_scopes import scope

    from serai.expo.site.demonstration.domain.edition import create_demo

    edition = create_demo(password="the road to Samarkand") if demo else make_small_fair()
    with scope(edition=edition):
        grow(edition, share)
    say("indexing it for the search, as the worker does")
    from serai.expo.offers.search.domain.index import reindex

    reindex(edition)
    analyse()
    return list(measured(edition, pages, rounds))


def analyse() -> None:
    """Let the database know its tables, as its own housekeeping does overnight."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measured(edition: Any, pages: Sequence[str], rounds: int) -> Iterator[dict[str, Any]]:
    """Each page as each kind of visitor. The first answer warms up, and the others count."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    import serai.expo.wsgi  # noqa: F401  (the process as that of the web server, with what is loaded kept apart)
    from serai.expo.people.account.models import User

    for who, email in VISITORS.items():
        user = User.objects.filter(email=email).first()
        client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)  # one that fails is one of the findings
        if user is not None:
            client.force_login(user)
        named = {name: address for name, address in addresses(edition, user).items() if not pages or name in pages}
        searches = {
            f"{name}?{query}": f"{named[name]}?{query}" for name in ASKED if name in named for query in ASKED[name]
        }
        for name, address in sorted((named | searches).items()):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            queries = len(asked)  # before the next request clears what was noted
            is_page = answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", "")
            seconds, processor = [], time.process_time()
            for _round in range(rounds if is_page else 0):
                began = time.perf_counter()
                len(client.get(address).content)
                seconds.append(time.perf_counter() - began)
            yield {
                "page": f"{name} for {who}",
                "address": address,
                "code": answer.status_code if is_page or answer.status_code >= 400 else 0,
                "seconds": seconds,
                "processor": (time.process_time() - processor) / rounds,
                "queries": queries,
            }


if __name__ == "__main__":
    for answer in answers_of_pages():
        print(json.dumps(answer))
