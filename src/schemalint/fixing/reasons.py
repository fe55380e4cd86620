"""Why a fix is not made."""


class LeftAlone(Exception):  # noqa: N818  # no error: a sentence for the user about one fix
    """What keeps a declaration from being rewritten; its text is a clause that follows the declaration's place."""
