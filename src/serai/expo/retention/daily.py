"""What is done every day: what has been kept for its time is forgotten."""

from serai.expo.daily import daily
from serai.expo.retention.domain import forget_all


@daily("forget what has been kept for its time")
def _forget() -> None:
    forget_all()
