"""A PostgreSQL server for a while, and the guard that keeps user code on it."""
