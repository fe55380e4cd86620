"""A model whose class is not PascalCase, or is plural.

An object of the class is one row: `Users(name="Ada")` is one user, and `list[Users]`, `relationship("Users")` and every error message then say
the opposite of what they mean. PostgreSQL does not see the name, but SQLModel makes the table's name of it, and relationships refer to it by this text.

Acronyms (`HTTPLog`, `OAuth2Token`), private classes (`_Base`) and endings such as `UserDB`, `UserModel` and `UserTable` are fine; so are plurals that stand for
one row with several values (`UserSettings`), words without a plural, and models that link two tables. `singular = false` leaves the number
alone.

Right anyway: a class name that other packages import. Allow it.

Bad:

```python
class Users(SQLModel, table=True):
    __tablename__ = "users"
    id: int | None = Field(default=None, primary_key=True)
```

Good:

```python
class User(SQLModel, table=True):
    __tablename__ = "users"
    id: int | None = Field(default=None, primary_key=True)
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.schema._tables import link_tables
from schemalint.rules.schema._unimported import own_attributes, references_of, tables
from schemalint.rules.schema._words import is_plural, singular, split_model
from schemalint.subjects.schema import Schema
from schemalint.subjects.source import Passage, Source


@rule
def model_name(schema: Schema, *, singular: bool = True) -> Iterator[Problem]:
    free = link_tables(schema)
    for mapper in schema.mappers:
        yield from problems(mapper, mapper.class_.__name__, singular=singular and mapper.local_table not in free)


@model_name.without_import
def in_source(source: Source, *, singular: bool = True) -> Iterator[Problem]:
    for one in tables(source):
        keys = [key for column in own_attributes(one) for key in references_of(source, column)]
        # Two foreign keys may make a link of it, and a base may bring them.
        is_judged = singular and len(keys) < 2 and not any(above.fields for above in one.above)
        yield from problems(Passage(one.module, one.node, one.name), one.name, singular=is_judged)


def problems(part: object, name: str, *, singular: bool) -> Iterator[Problem]:
    if not is_pascal_case(name):
        yield Problem(part=part, message=f"{name} is not PascalCase", remedy=f"class {pascal_case(name)}")
    elif singular and (one := singular_of(name)) != name:
        yield Problem(part=part, message=f"{name} is plural, and each object of it is one row", remedy=f"class {one}")


def is_pascal_case(name: str) -> bool:
    name = name.strip("_")
    return not name[:1].islower() and "_" not in name


def pascal_case(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def singular_of(name: str) -> str:
    """Return a class name with its last word, an ending such as DB apart, in the singular; the name itself where it is."""
    words, ending = split_model(name)
    last = words[-1] if words else ""
    if not is_plural(last):
        return name
    end = len(name.rstrip("_")) - len(ending)
    start = end - len(last)
    return name[:start] + matching_case(singular(last), name[start:end]) + name[end:]


def matching_case(word: str, example: str) -> str:
    """Return a word written as `example` is: APIs gives API, Users gives User."""
    if example[:2].isupper():
        return word.upper()
    return word.capitalize() if example[:1].isupper() else word
