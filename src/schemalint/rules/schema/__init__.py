"""Rules over the subject schema."""
