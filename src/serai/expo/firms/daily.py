"""What is done every day of firms: who is verified is told before that ends."""

from serai.expo.daily import daily
from serai.expo.firms.reminding import remind_of_verifications


@daily("remind of verifications that end")
def _remind() -> None:
    remind_of_verifications()
