"""Who imports what: an organiser imports the lists of the areas that its role changes."""

from serai.expo.fairs.edition.models import Edition
from serai.expo.fairs.edition.rules import refusal, rights_in
from serai.expo.people.account.models import User
from serai.expo.site.imports.domain.subject import Subject
from serai.expo.site.imports.domain.subjects import SUBJECTS


def importable(user: User, edition: Edition) -> list[Subject]:
    """The kinds of lists that an organiser may import into the edition."""
    rights = rights_in(user, edition)
    return [subject for subject in SUBJECTS.values() if rights.may(subject.area, change=True)]


def why_not(user: User, edition: Edition, subject: Subject) -> str:
    """Why an organiser may not import a list of this kind; empty where it may."""
    return "" if subject in importable(user, edition) else refusal(user, edition, subject.area, change=True)
