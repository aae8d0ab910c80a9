"""Secrets that are read again are encrypted under the key of the instance, for one purpose each."""

from typing import Any

import pytest
from cryptography.fernet import InvalidToken

from serai.expo.base.tokens import seal, unseal


def test_a_sealed_secret_is_read_for_its_purpose_only() -> None:
    sealed = seal("a secret", "webhooks")
    assert "a secret" not in sealed
    assert unseal(sealed, "webhooks") == "a secret"
    with pytest.raises(InvalidToken):
        unseal(sealed, "second factors")


def test_after_a_change_of_the_key_the_one_before_reads_and_seals_no_more(settings: Any) -> None:
    before, sealed = settings.SECRET_KEY, seal("a secret", "webhooks")
    settings.SECRET_KEY = "another key"
    with pytest.raises(InvalidToken):
        unseal(sealed, "webhooks")
    settings.SECRET_KEYS_BEFORE = [before]
    assert unseal(sealed, "webhooks") == "a secret"
    again = seal("a secret", "webhooks")
    settings.SECRET_KEYS_BEFORE = []
    assert unseal(again, "webhooks") == "a secret"
