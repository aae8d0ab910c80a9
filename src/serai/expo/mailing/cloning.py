"""What of the mail is copied to a new edition: templates and segments, never a mail."""

from serai.expo.editions.cloning import copied
from serai.expo.mailing.models import MailTemplate, Segment

copied(MailTemplate, "mail")
copied(Segment, "mail")
