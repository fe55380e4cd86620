"""A relationship to a class that nobody declares, or that nobody imports.

The name in a relationship is looked up when the first query of the process is made, among the classes imported by then. A misspelt one, a class without `table=True`, or
a module that nothing imports fails there, not at the import and not in `create_all`, and it fails for every class: *expression 'Loan' failed
to locate a name*.

Silent while some module of the models does not import, since the class may stand in it.

It is never right.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
    book: "Books" = Relationship()
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(back_populates="book", passive_deletes="all")

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
    book: "Book" = Relationship(back_populates="loans")
```
"""

import sys
from collections.abc import Iterator
from difflib import get_close_matches

from sqlalchemy import inspect

from schemalint.rule import Problem, rule
from schemalint.rules.schema._relationships import NOTHING_WORKS, name_of
from schemalint.rules.schema._unimported import knows_every_table, links, nearest
from schemalint.subjects.schema import Relationship, Schema
from schemalint.subjects.source import Source


@rule
def relationship_target_missing(schema: Schema) -> Iterator[Problem]:
    if not schema.is_whole:
        return
    classes = sorted({mapper.class_.__name__ for mapper in schema.mappers})
    tables = {getattr(mapper.local_table, "name", ""): mapper.class_.__name__ for mapper in schema.mappers}
    for relationship in schema.relationships:
        name = "" if relationship in schema.targets else missing_name(relationship)
        if not name:
            continue
        unmapped = unmapped_class(relationship, name)
        yield Problem(
            part=relationship,
            message=message(name_of(relationship), name, is_class=unmapped is not None),
            remedy=remedy_for(unmapped) if unmapped else remedy(name, classes, tables),
            at="annotation",
        )


@relationship_target_missing.without_import
def in_source(source: Source) -> Iterator[Problem]:
    if not knows_every_table(source):
        return
    mapped = [one for one in source.of.values() if one.is_mapped]
    classes = sorted({one.name for one in mapped})
    tables = {one.table.rpartition(".")[2]: one.name for one in mapped}
    others = {one.name for one in source.of.values()} - {*classes}
    for one in links(source):
        name = "" if one.target or one.name in classes else one.name
        # A class that is no table may have one of its name elsewhere; where no name is near, the source may not show it.
        if name and name not in others and (name in tables or nearest(name, classes)):
            yield Problem(
                part=one.attribute,
                message=message(one.text, name, is_class=False),
                remedy=remedy(name, classes, tables),
                at="annotation",
            )


def message(relationship: str, name: str, *, is_class: bool) -> str:
    what = "which is no table" if is_class else "but no imported model has that name"
    return f"{relationship} leads to {name}, {what}: {NOTHING_WORKS}"


def missing_name(relationship: Relationship) -> str:
    """Return the class that a relationship names and SQLAlchemy does not have; empty where it has one, or where the name is something else.

    What a function of the user's should return is not known, and a text such as `"Book | None"` is no name.
    """
    argument: object = relationship.argument
    if isinstance(argument, type):
        return argument.__name__
    if not isinstance(argument, str) or not all(part.isidentifier() for part in argument.split(".")):
        return ""
    name = argument.rpartition(".")[2]
    # Private, but nothing public says which classes are declared and not mapped yet (DeferredReflection).
    return "" if name in relationship.parent.registry._class_registry else name  # noqa: SLF001


def unmapped_class(relationship: Relationship, name: str) -> type | None:
    """Return the class of that name, where the relationship or its module has one that is not mapped."""
    module = vars(sys.modules.get(relationship.parent.class_.__module__, sys))
    for found in (relationship.argument, module.get(name)):
        if isinstance(found, type) and inspect(found, raiseerr=False) is None:
            return found
    return None


def remedy_for(unmapped: type) -> str:
    if hasattr(unmapped, "__sqlmodel_relationships__"):
        return f"table=True at {unmapped.__name__}, or the class that has the table"
    return f"a mapped class in place of {unmapped.__name__}"


def remedy(name: str, classes: list[str], tables: dict[str, str]) -> str:
    if name in tables:
        return f'"{tables[name]}": a relationship names the class, not the table'
    lower = {one.lower(): one for one in classes}
    close = get_close_matches(name.lower(), lower, n=1)
    if close:
        return f'"{lower[close[0]]}", or an import of the module that declares {name}'
    return f"an import of the module that declares {name}, where the models are imported"
