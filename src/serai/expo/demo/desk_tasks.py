"""The tasks of the demonstration's exhibitors, and how far the one with a user has come."""

from datetime import timedelta

from serai.expo.demo.content import read
from serai.expo.editions.models import Edition
from serai.expo.exhibitors.models import DeskTask


def desk_tasks(edition: Edition) -> list[DeskTask]:
    """What exhibitors have to do, so many days before the fair. Not yet written."""
    return [
        DeskTask(
            edition=edition,
            code=row["code"],
            title=row["title"],
            text=row["text"],
            page=row.get("page", ""),
            kinds=row.get("kinds", []),
            wants_file=row.get("wants_file", False),
            due_on=edition.starts_on - timedelta(days=row["days_before"]),
        )
        for row in read("desk_tasks.toml")["tasks"]
    ]
