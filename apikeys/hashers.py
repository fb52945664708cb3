"""How secrets that we made ourselves are hashed where Django's password hashing is asked to."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class RandomSecret(PBKDF2PasswordHasher):
    """One round: stretching slows down guessing, and nobody guesses 178 random bits."""

    algorithm = "random_secret"
    iterations = 1

    def must_update(self, encoded: str) -> bool:
        return False
