"""How a difference is said in a sentence; shared by the rules of this folder."""

from schemalint.rule import Problem
from schemalint.subjects.drift import Difference


def difference(one: Difference, otherwise: str = "") -> Problem:
    """Return the problem that a difference is; `otherwise` is the remedy where no line of a revision is known to close it."""
    return Problem(part=one, message=sentence(one), remedy=remedy(one) or otherwise)


def sentence(one: Difference) -> str:
    """Say on one line how both sides differ; PostgreSQL prints CASE on several."""
    return " ".join(both_sides(one).split())


def both_sides(one: Difference) -> str:
    if one.models and one.migrations:
        return f"{one.what} is {one.models} in the models and {one.migrations} after the migrations{one.by}"
    detail = "" if one.aspect == "table" else f" ({one.models or one.migrations})"
    if one.models:
        return f"{one.what}{detail} is in the models, and not there after the migrations{one.by}"
    return f"{one.what}{detail} is made by the migrations{one.by}, and not in the models"


def remedy(one: Difference) -> str:
    """Return the lines of a revision; what only the migrations have may also be missing in the models by mistake."""
    if not one.suggestion:
        return ""
    if one.wider:
        return (
            f"{one.wider} in the models, if they are what is behind; else in a new revision, which rewrites the table and fails "
            f"where a row holds more:\n{one.suggestion}"
        )
    if one.models:
        return f"in a new revision:\n{one.suggestion}"
    return f"declare it in the models, or in a new revision:\n{one.suggestion}"
