"""Participants and what is known about companies."""

from peppol.models.participants import Participant

__all__ = ["Participant"]
