"""Questions that the demonstration's organiser asks those who register, and the answers of a few."""

from collections.abc import Sequence

from serai.expo.fairs.edition.models import Edition, Participation
from serai.expo.participants.questions.models import RegistrationAnswer, RegistrationQuestion
from serai.expo.site.demonstration.domain.content import read


def questions(edition: Edition) -> list[RegistrationQuestion]:
    """A question for exhibitors, one for buyers, one for all who come in a group or for the press. Not yet written."""
    return [
        RegistrationQuestion(
            edition=edition,
            kinds=row["kinds"],
            form=row["form"],
            title=row["title"],
            help=row.get("help", {}),
            choices=[{"key": str(key), "title": title} for key, title in enumerate(row.get("choices", []), start=1)],
            order=order,
        )
        for order, row in enumerate(read("questions.toml")["questions"])
    ]


def answers(
    asked: Sequence[RegistrationQuestion], exhibiting: Sequence[Participation], buying: Sequence[Participation]
) -> list[RegistrationAnswer]:
    """What the first exhibitors and buyers said. Not yet written."""
    return [
        RegistrationAnswer(
            edition=one.edition, participation=one, question=question, value=value, answered_at=one.entered_at
        )
        for question, participations, values in (
            (asked[0], exhibiting, (True, False, True)),
            (asked[1], buying, (["1", "3"], ["2"], ["1"])),
        )
        for one, value in zip(participations, values, strict=False)
    ]
