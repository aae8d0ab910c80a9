"""What of the organiser's questions is copied to a new edition: those that are open, never an answer."""

from django.db.models import Q

from serai.expo.editions.cloning import copied
from serai.expo.questions.models import RegistrationQuestion

copied(RegistrationQuestion, "questions", shifted=("change_until",), only=Q(closed_at__isnull=True))
