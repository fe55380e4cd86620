"""An allowance that names no rule.

A misspelt name allows nothing, and the finding it was meant for stays; the same with none at all (`allow[]`, or `allow` without brackets). (In
`[tool.schemalint.allow]` and `[tool.schemalint.allow-paths]` it is a mistake of the configuration and answered before anything runs.)

When it is right anyway: never.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)  # schemalint: allow[string-lenght] the importer needs it
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
from difflib import get_close_matches

from schemalint.rule import Problem, rule
from schemalint.subjects.allowances import Allowances, AllowedRule


@rule
def unknown_rule_in_allowance(allowances: Allowances) -> Iterator[Problem]:
    names = {*allowances.known, *allowances.known.values()}
    for allowance in allowances.all:
        if allowance.fault:
            continue
        if not allowance.rules:
            yield Problem(
                part=AllowedRule(allowance, ""),
                message="no rule is named, so nothing is allowed",
                remedy="# schemalint: allow[rule-name] and the reason",
            )
        for name in allowance.rules:
            if name not in names:
                close = get_close_matches(name, names, n=1)
                yield Problem(
                    part=AllowedRule(allowance, name),
                    message=f"there is no rule {name!r}, so nothing is allowed",
                    remedy=f"{close[0]}?" if close else "`schemalint rules` lists them",
                )
