"""What this room knows of a person."""

from serai.expo.meetings.leads.domain import forget_person, rows_about
from serai.expo.people.account.domain import privacy

privacy.rows_about.register(rows_about)
privacy.erasing.register(forget_person)
