"""An allowance that allows nothing.

What it once allowed was mended, moved or renamed. Left where it is, it would silently allow the next problem of that kind. The same goes
for a path in `[tool.schemalint.allow-paths]` that no file has, and for a comment that is written in a way that allows nothing
(`allow-file` behind a statement, `ignore[...]`). Rules that were not asked in this run, or not about everything (another profile,
`--offline`, a module that does not import), are not counted: their allowances may well be needed. Neither is a group, unless all of its
default rules were asked.

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
from schemalint.subjects.allowances import Allowance, Allowances, AllowedRule


@rule
def unused_allowance(allowances: Allowances) -> Iterator[Problem]:
    for allowance in allowances.all:
        for name in allowance.rules or ("",):
            part = AllowedRule(allowance, name)
            if allowance.fault:
                yield Problem(part=part, message=f"{allowance.fault}, so nothing is allowed", remedy=how(allowance))
            elif name in allowances.asked and (allowance, name) not in allowances.used:
                where = f"at {allowance.pattern or allowance.path}" if allowance.pattern or allowance.path else "here"
                yield Problem(
                    part=part,
                    message=f"{name} finds nothing {where}: the next problem of the kind would be allowed unseen",
                    remedy="remove it",
                )


def how(allowance: Allowance) -> str:
    if allowance.path:
        return "the path of a file or directory that is there, or remove the line"
    return "# schemalint: allow[rule] at a statement or above it, # schemalint: allow-file[rule] on a line of its own"
