"""An allowance that allows nothing.

What it once allowed was mended, moved or renamed. Left where it is, it would silently allow the next problem of that kind. Rules that
were not asked in this run (another profile, `--offline`) are not counted: their allowances may well be needed.

When it is right anyway: never; `ignore = ["unused-allowance"]` turns the rule off for a while during a larger change.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)  # schemalint: allow[string-length] the importer needs it
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    title: str  # schemalint: allow[string-length] the importer needs it
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.allowances import Allowances, AllowedRule


@rule
def unused_allowance(allowances: Allowances) -> Iterator[Problem]:
    for allowance in allowances.all:
        for name in allowance.rules:
            if name in allowances.asked and (allowance, name) not in allowances.used:
                covered = allowance.pattern or "this statement"
                yield Problem(
                    part=AllowedRule(allowance, name),
                    message=f"{name} finds nothing at {covered}: the next problem here would be allowed unseen",
                    remedy="remove it",
                )
