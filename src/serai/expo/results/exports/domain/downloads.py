"""Downloads of a table or of the archive, piece by piece, each with an entry in the audit trail."""

from collections.abc import Iterator

from django_scopes import scope

from serai.expo.base.audit.domain.entries import record
from serai.expo.base.export_tables import Table, Wanted, rows_of
from serai.expo.fairs.edition.models import Edition
from serai.expo.people.account.models import User
from serai.expo.results.exports.domain.archive import archive
from serai.expo.results.exports.domain.formats import Format, pieces_of
from serai.world.progress import Progress


def take(
    table: Table, made_as: Format, edition: Edition, wanted: Wanted, *, user: User | None = None
) -> Iterator[bytes]:
    """The pieces of a table as a file, narrowed by the filters that it has."""
    offered = table.offered
    kept = {name: value for name, value in wanted.items() if value and value in offered.get(name, ())}
    after = {"table": table.key, "format": made_as.ending, "filters": kept}
    record("export.taken", edition, after=after, user=user, edition=edition)
    with scope(edition=edition):
        columns = (*table.columns, *(table.more(edition) if table.more else ()))
    return made_as.pieces(columns, rows_of(table, edition, kept))


def take_all(edition: Edition, *, user: User | None = None, progress: Progress | None = None) -> Iterator[bytes]:
    """The pieces of the archive of an edition."""
    record("export.taken", edition, after={"table": "*", "format": "zip"}, user=user, edition=edition)
    return pieces_of(archive(edition, progress))
