"""Companies from onboarding to their end."""
