"""Secrets in links and keys, of which only a hash is kept."""

import hashlib


def hash_of(token: str) -> str:
    """What is kept of a token. A fast hash is enough: nobody can guess the random bits of which a token is made."""
    return hashlib.sha256(token.encode()).hexdigest()
