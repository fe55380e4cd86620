"""Rules over the subject history."""
