"""Performs what rules offer: edits of the user's files that keep their layout, proved before anything is written."""
