"""Tokens of addresses, and secrets kept sealed in the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def hash_of(token: str) -> str:
    """What is kept of a token. A fast hash is enough: nobody can guess the random bits of which a token is made."""
    return hashlib.sha256(token.encode()).hexdigest()


def seal(text: str, purpose: str) -> str:
    """``text`` encrypted under this instance's key for one purpose."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The text that was sealed for this purpose. Raises InvalidToken if it was sealed with a key that is not known."""
    return _cipher(purpose).decrypt(sealed.encode()).decode()


def _cipher(purpose: str) -> MultiFernet:
    """Seals with the present key, and reads what keys before it have sealed."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEYS_BEFORE)
    keys = (hashlib.sha256(f"{purpose}:{secret}".encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
