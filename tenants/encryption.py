"""Encryption of what has to be read again: webhook secrets, second factors, evidence."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def encrypt(text: str) -> str:
    """Encrypt under the first of the installation's keys."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """Decrypt under whichever of the installation's keys it was encrypted with.

    Raises cryptography's InvalidToken for what none of them made.
    """
    return _keys().decrypt(stored.encode()).decode()


def encrypt_bytes(content: bytes) -> bytes:
    """Encrypt a file under the first of the installation's keys."""
    return _keys().encrypt(content)


def decrypt_bytes(stored: bytes) -> bytes:
    """Decrypt a file, as `decrypt` does a text."""
    return _keys().decrypt(stored)


def _keys() -> MultiFernet:
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
        for key in settings.ENCRYPTION_KEYS
    )
