"""Letters about an account, such as a code to sign in. They are queued, since no page waits for a mail server."""

from serai.expo.base.signals import Hook

account_letter = Hook[[str, str, str, str, int | None], object]("letter about an account")
"""Called with mail address, language, subject, text, and for how many seconds the code in it is good, if it has one.

Whoever keeps the outbox queues the letter.
"""
