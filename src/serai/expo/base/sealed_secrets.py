"""Encryption of secrets that must be read again, with a key that is not in the database."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def seal(text: str, purpose: str) -> str:
    """``text`` encrypted under this instance's key for one purpose."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The text that was sealed for this purpose. Raises InvalidToken if the key of the instance has changed."""
    return _cipher(purpose).decrypt(sealed.encode()).decode()


def _cipher(purpose: str) -> Fernet:
    key = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
