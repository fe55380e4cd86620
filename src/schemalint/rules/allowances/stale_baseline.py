"""A line of the baseline that accepts nothing any more.

What it once accepted was mended, renamed or allowed elsewhere. Left in the file, it would silently accept the same problem when it comes back;
and nobody could see from the file how much is left to do. Lines about rules that were not asked in this run, or not about everything (another
profile, `--offline`, a module that does not import), are not counted.

When it is right anyway: never; `schemalint check --update-baseline` takes such lines out.

Bad:

```python
# schemalint-baseline.txt: string-length | books.title
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
```

Good:

```python
# schemalint-baseline.txt: string-length | books.title
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    title: str
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.subjects.allowances import Allowances


@rule
def stale_baseline(allowances: Allowances) -> Iterator[Problem]:
    for entry in allowances.stale:
        if entry.rule in allowances.known:
            message = f"{entry.rule} finds nothing at {entry.object} any more: the next problem there would be accepted unseen"
        else:
            message = f"there is no rule {entry.rule!r}, so nothing is accepted"
        yield Problem(part=entry, message=message, remedy="remove the line, as schemalint check --update-baseline does")
