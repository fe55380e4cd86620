"""Rules over the subject drift."""
