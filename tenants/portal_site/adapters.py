"""How allauth keeps what it is trusted with."""

from allauth.mfa.adapter import DefaultMFAAdapter

from tenants import encryption


class MfaAdapter(DefaultMFAAdapter):
    """Second factors, whose secrets lie encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)
