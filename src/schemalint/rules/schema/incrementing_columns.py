"""Columns that count: `phone1`, `phone2`, `phone3`.

They are a list in disguise. One more needs a migration; a search must ask all of them (`WHERE phone1 = $1 OR phone2 = $1 ...`, an index for each), nothing keeps the same value from
standing there twice, and most are NULL in most rows. A table of its own with a foreign key holds any number, an ARRAY does where the
values are never referred to (https://www.postgresql.org/docs/current/arrays.html).

Found are three or more of one name and type whose numbers follow each other from 0 or 1, and two of what people have several of (phone, email, image, tag, ...). Lines of an address, levels of a hierarchy,
coordinates and other names of a single letter, hash functions and versions are fine. `also-fine` takes names without their number. It is right anyway where the number is
part of the matter: the two sides of a match, the four quarters of a year.

Bad:

```python
class Member(SQLModel, table=True):
    __tablename__ = "members"

    id: int | None = Field(default=None, primary_key=True)
    phone1: str = Field(max_length=20)
    phone2: str = Field(max_length=20)
```

Good:

```python
class Member(SQLModel, table=True):
    __tablename__ = "members"

    id: int | None = Field(default=None, primary_key=True)

class MemberPhone(SQLModel, table=True):
    __tablename__ = "member_phones"

    member_id: int = Field(foreign_key="members.id", ondelete="CASCADE", primary_key=True)
    number: str = Field(max_length=20, primary_key=True)
```
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Table

from schemalint.rule import Problem, rule
from schemalint.rules.schema._words import split, words_of
from schemalint.subjects.schema import AnyColumn, Schema

FIXED = words_of("""
    addr address addressline admin arg argument axis block building city coord corner day dim dimension divider floor half hash
    hour http ipv key lat layer level line lng lon md minute moment month node oauth operand order part party period phase pin
    player point pos quarter score sha side street team term tier time user utf ver version vertex week year
""")
"""What is counted by its nature, or is no count at all."""

LISTED = words_of("""
    answer attachment author category choice color colour comment contact document email fax file hobby image img keyword label
    link mobile note option phone photo pic picture question reference skill tag tel telephone url website
""")
"""What people have several of, so that two are as good as three."""

NUMBERED = re.compile(r"(.*[^\W\d_])_?(\d+)")


@rule(profile="strict")
def incrementing_columns(schema: Schema, *, also_fine: tuple[str, ...] = ()) -> Iterator[Problem]:
    for table in schema.tables:
        for stem, columns in counted(table).items():
            if stem not in also_fine and is_a_list(stem, columns):
                names = [columns[number].name for number in sorted(columns)]
                yield Problem(
                    part=columns[min(columns)],
                    message=f"{table.fullname} counts in columns, {', '.join(names)}: one more needs a migration, and a search must ask all of them",
                    remedy=f"a table of its own with a row for each {stem}, or an ARRAY",
                )


def counted(table: Table) -> dict[str, dict[int, AnyColumn]]:
    """Return the columns whose names end in a number, by the name without it; `phone` beside `phone2` is the first."""
    found: dict[str, dict[int, AnyColumn]] = defaultdict(dict)
    for column in table.columns:
        # A number at the end is rare, and a search for it dear.
        if column.name[-1:].isdigit() and (match := NUMBERED.fullmatch(column.name)):
            found[match[1]].setdefault(int(match[2]), column)
    for stem, columns in found.items():
        first = next((column for column in table.columns if column.name == stem), None)
        if 1 not in columns and 2 in columns and first is not None:
            columns[1] = first
    return found


def is_a_list(stem: str, columns: dict[int, AnyColumn]) -> bool:
    numbers = sorted(columns)
    words = split(stem)
    if len(numbers) < 2 or numbers[0] > 1 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return False
    if not words or len(words[-1]) < 2 or words[-1] in FIXED or "address" in words:
        return False
    if len({type(column.type) for column in columns.values()}) > 1:
        return False
    return len(numbers) > 2 or words[-1] in LISTED
