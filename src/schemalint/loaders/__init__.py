"""Readers of the world: the models, the history, and both performed on a server."""
