"""What a buyer is asked while the organiser looks at its registration."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serai.expo.mailing.kinds import letter

letter(
    "registration-asked",
    title=gettext_lazy("A buyer is asked for more"),
    when=gettext_lazy("To who registered the buyer, before you decide."),
    places={
        "firm": (gettext_lazy("the reader's firm"), "Huanghe Cells"),
        "question": (gettext_lazy("what you want to know"), gettext_lazy("How much of it do you buy a year?")),
    },
    needed=("question",),
    words=lambda: (
        _("{fair}: a question about your registration"),
        _(
            "Dear {name},\n\nbefore {firm} can be let in as a buyer, we want to know:\n\n{question}\n\n"
            "Answer on your buyer's desk: {link}"
        ),
    ),
)
