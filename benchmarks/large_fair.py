"""A fair of national size in whatever database DATABASE_URL names, and how long each of its pages takes.

    DATABASE_URL=postgresql://... python -m benchmarks.large_fair

It is the demonstration edition with its rows copied until there are as many as asked for: 1,200 exhibitors, 60,000
people, 24,000 meetings, and what they leave behind (growing.py). Prints one line of JSON a page and visitor: the
seconds of each answer, the processor's seconds of one in this process, and the number of queries.
"""

import json
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.growing import grow, say
from scripts.addresses import VISITORS, addresses
from serai.expo.instance import open_instance

ROUNDS = 9
ASKED = {
    "directory": ["q=battery", "q=电池", "certificate=iso_9001"],
    "market": ["q=battery", "kind=offers&lead_time=30"],
    "programme": ["q=battery"],
    "participant-list": ["q=trading"],
}
"""What is asked for on lists, beside the pages as they stand."""


def main() -> None:
    open_instance()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    say("making the demonstration edition")
    from serai.expo.demo.domain import create_demo

    edition = create_demo(password="the road to Samarkand")
    from django_scopes import scope

    with scope(edition=edition):
        grow(edition)
    say("indexing it for the search, as the worker does")
    from serai.expo.search.renewing import reindex

    reindex(edition)
    analyse()
    for line in measured(edition):
        print(json.dumps(line), flush=True)


def analyse() -> None:
    """Let the database know its tables, as its own housekeeping does overnight."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measured(edition: Any) -> Iterator[dict[str, Any]]:
    """Each page of the site as each kind of visitor whom it answers: the first answer warms up, the others count."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    import serai.expo.wsgi  # noqa: F401  (the process as that of the web server, with what is loaded kept apart)
    from serai.expo.people.models import User

    for who, email in VISITORS.items():
        user = User.objects.filter(email=email).first()
        client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)  # one that fails is one of the findings
        if user is not None:
            client.force_login(user)
        found = addresses(edition, user)
        asking = {f"{name}?{query}": f"{found[name]}?{query}" for name, queries in ASKED.items() for query in queries}
        for name, address in sorted((found | asking).items()):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            queries = len(asked)  # before the next request clears what was noted
            is_page = answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", "")
            seconds, processor = [], time.process_time()
            for _round in range(ROUNDS if is_page else 0):
                began = time.perf_counter()
                len(client.get(address).content)
                seconds.append(time.perf_counter() - began)
            yield {
                "page": f"{name} for {who}",
                "address": address,
                "code": answer.status_code if is_page or answer.status_code >= 400 else 0,
                "seconds": seconds,
                "processor": (time.process_time() - processor) / ROUNDS,
                "queries": queries,
            }


if __name__ == "__main__":
    main()
