"""What is done every day: who made an outcome is asked what has become of it."""

from serai.expo.daily import daily
from serai.expo.outcomes.reminding import remind


@daily("ask what has become of outcomes")
def _remind() -> None:
    remind()
