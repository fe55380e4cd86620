"""Rules over the subject source."""
