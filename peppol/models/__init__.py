"""Participants and what is known about companies."""

from peppol.models.circuits import Circuit
from peppol.models.participants import Participant

__all__ = ["Circuit", "Participant"]
