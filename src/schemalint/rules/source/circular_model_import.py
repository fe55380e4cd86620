"""Modules of models that import each other, so that importing one of them fails.

Python executes a module's imports where they stand. When `hero` imports `team`, which imports `hero` again, the second gets a module that has
not got further than its first import: `from hero import Hero` is then an ImportError (`most likely due to a circular import`). Which
module is imported first decides, so it may well work in the application and fail in a test, a script or `env.py`, whose imports have another
order. The models that were not imported are missing in `target_metadata`, and Alembic drops their tables.

Found is one failure for each circle, where importing one of its modules with models first, in a fresh interpreter, ends in it. An import under
`if TYPE_CHECKING`, in a function or in a branch is none, nor is a circle that every module of it survives: such circles are right anyway. Relationships
need no import, as they name their class in a string.

Bad:

```python
# models/hero.py
from models.team import Team


class Hero(SQLModel, table=True):
    __tablename__ = "heroes"
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="teams.id", ondelete="CASCADE", index=True)
    team: "Team" = Relationship(back_populates="heroes")
# models/team.py
from models.hero import Hero


class Team(SQLModel, table=True):
    __tablename__ = "teams"
    id: int | None = Field(default=None, primary_key=True)
    heroes: list["Hero"] = Relationship(back_populates="team", passive_deletes="all")
```

Good:

```python
# models/hero.py
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.team import Team


class Hero(SQLModel, table=True):
    __tablename__ = "heroes"
    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="teams.id", ondelete="CASCADE", index=True)
    team: "Team" = Relationship(back_populates="heroes")
# models/team.py
from models.hero import Hero


class Team(SQLModel, table=True):
    __tablename__ = "teams"
    id: int | None = Field(default=None, primary_key=True)
    heroes: list["Hero"] = Relationship(back_populates="team", passive_deletes="all")
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.source._execution import Failure, first_failure
from schemalint.subjects.imports import cycles
from schemalint.subjects.source import Passage, Source

MOST = 20
"""Modules of one circle that are tried as the first import: a circle of hundreds says nothing new with each of them."""


@rule
def circular_model_import(source: Source) -> Iterator[Problem]:
    with_models = {one.module.name for one in source.classes if one.is_mapped or one in source.above_tables}
    for circle in cycles(source.known.values(), source.known):
        for start in sorted(with_models.intersection(circle))[:MOST]:
            failure = first_failure(start, source.known)
            if failure is not None and {failure.module.name, failure.origin.name} <= {*circle}:
                yield problem(circle, start, failure)
                break


def problem(circle: tuple[str, ...], start: str, failure: Failure) -> Problem:
    others = f"{', '.join(circle[:3])} and {len(circle) - 3} more" if circle[4:] else " and ".join(circle)
    return Problem(
        part=Passage(failure.module, failure.node, f"import of {', '.join(circle)}"),
        message=f"{others} import each other: where {start} is imported first, {failure.module.name} asks {failure.origin.name} "
        f"for {failure.name}, which it does not have yet",
        remedy=f'the import under "if TYPE_CHECKING" and "{failure.name}" as a string, where only relationships and annotations need it; else '
        "a module of its own for what both need",
    )
