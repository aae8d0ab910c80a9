"""Letters that a step of the fair sends singly: into the outbox, in the language that is current."""

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.utils.translation import get_language, override

from serai.expo.editions.models import Edition
from serai.expo.mailing.kinds import letters
from serai.expo.mailing.models import Mail
from serai.expo.mailing.outbox import enqueue, enqueue_all
from serai.expo.mailing.wording import known_language, own_template, wording, written
from serai.expo.mailing.writing import fair_values
from serai.expo.people.models import User


def site_address() -> str:
    """The beginning of the site's addresses where no request tells it."""
    host = next((one for one in settings.ALLOWED_HOSTS if one not in {"*", ""}), "localhost")
    return f"{'https' if settings.HTTPS else 'http'}://{host}"


def send_letter(
    edition: Edition, to: User | str, key: str, values: Mapping[str, object], *, private: bool = False
) -> Mail:
    """Queue the letter of this name to a person, or to an address that nobody here has, with what stands in its places.

    ``private``: what it says (an address with a secret) is read by its reader only, and forgotten once it is sent.
    """
    kind, language = letters()[key], known_language(get_language())
    name = to if isinstance(to, str) else to.name or to.email
    said = fair_values(edition, language, site_address()) | {"name": name}
    said |= {place: str(value) for place, value in values.items()}
    letter = written(kind, wording(kind, own_template(edition, key), language), said)
    return enqueue(edition, to, letter.language, letter.subject, letter.body, private=private)


def send_letters(
    edition: Edition, readers: Iterable[User], key: str, values: Callable[[User], Mapping[str, object]]
) -> int:
    """Queue the letter of this name to many at once, by a number of queries that does not grow with theirs.

    ``values`` is what stands in its places for a reader, asked for in that reader's language. Returns how many.
    """
    kind, template, site = letters()[key], own_template(edition, key), site_address()
    by_language: dict[str, list[User]] = {}
    for reader in readers:
        by_language.setdefault(known_language(reader.language), []).append(reader)
    made: list[Mail] = []
    for language, people in by_language.items():
        with override(language):
            words, of_fair = wording(kind, template, language), fair_values(edition, language, site)
            for person in people:
                said = of_fair | {"name": person.name or person.email}
                said |= {place: str(value) for place, value in values(person).items()}
                letter = written(kind, words, said)
                made.append(Mail(user=person, language=letter.language, subject=letter.subject, body=letter.body))
    return enqueue_all(edition, made)
