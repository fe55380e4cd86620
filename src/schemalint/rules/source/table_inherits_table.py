"""A SQLModel table class below another table class: it has no table, and its columns are lost.

SQLModel maps a class with `table=True` only where none of its bases is a table. `class Admin(User, table=True)` is accepted without a word:
`Admin.__table__` is the table of `User`, the fields that `Admin` adds are columns of nothing, and what is stored as an `Admin` is not stored
in a table of its own. Alembic sees no difference. SQLAlchemy's inheritance (joined, single table) is for classes of its own declarative base.

It is never right anyway: what both have belongs into a class without `table=True`.

Bad:

```python
class Account(SQLModel, table=True):
    __tablename__ = "accounts"
    id: int | None = Field(default=None, primary_key=True)


class AdminAccount(Account, table=True):
    level: int
```

Good:

```python
class AccountBase(SQLModel):
    id: int | None = Field(default=None, primary_key=True)


class Account(AccountBase, table=True):
    __tablename__ = "accounts"


class AdminAccount(AccountBase, table=True):
    __tablename__ = "admin_accounts"
    level: int
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.source import Source, literal


@rule
def table_inherits_table(source: Source) -> Iterator[Problem]:
    for class_ in source.classes:
        above = next((one for one in class_.above if one.makes_table and one.kind == "table"), None)
        if class_.kind == "table" and above is not None and literal(class_.keyword("table")) is True:
            lost = [one.name for one in class_.fields if one.is_column]
            columns = (
                f": its {' and '.join(lost)} {'are columns' if lost[1:] else 'is a column'} of nothing" if lost else ""
            )
            yield Problem(
                part=class_,
                at="table",
                message=f"{class_.name} has no table of its own, as SQLModel maps no class below the table class {above.name}{columns}",
                remedy="a class without table=True that both inherit",
            )
