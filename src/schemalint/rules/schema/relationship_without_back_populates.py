"""Two relationships that are each other's other side and do not say so.

Two relationships over one foreign key that do not know each other drift apart: a loan put into `book.loans` has no `loan.book` until both are
loaded again, each writes the key by itself at the flush, and SQLAlchemy warns of the conflict when it configures the mappers.

A relationship that nothing leads back from is whole in itself, and the business of `one-way-relationship`. Silent about `viewonly` and
about joins of your own.

It is right anyway when both are meant to write for themselves: `overlaps="..."` says so to SQLAlchemy and to this rule.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"

    id: int | None = Field(default=None, primary_key=True)
    loans: list["Loan"] = Relationship(passive_deletes="all")

class Loan(SQLModel, table=True):
    __tablename__ = "loans"

    id: int | None = Field(default=None, primary_key=True)
    book_id: int = Field(foreign_key="books.id", ondelete="CASCADE", index=True)
    book: Book = Relationship()
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
    book: Book = Relationship(back_populates="loans")
```
"""

from collections.abc import Iterator, Mapping
from itertools import permutations

from sqlalchemy import Table

from schemalint.fix import Fix
from schemalint.rule import Problem, rule
from schemalint.rules.schema._relationships import name_of, set_argument, unlinked
from schemalint.rules.schema._unimported import Link, links, references_of, tables, tables_by_name
from schemalint.subjects.schema import Relationship, Schema
from schemalint.subjects.source import ModelClass, Source


@rule(fixes=("behaviour",))
def relationship_without_back_populates(schema: Schema) -> Iterator[Problem]:
    ways = {relationship: back for relationship, _, back in unlinked(schema) if back}
    for relationship, back in ways.items():
        other = back[0]
        yield Problem(
            part=relationship,
            message=message(name_of(relationship), name_of(other), written_by(relationship)),
            remedy=f'back_populates="{other.key}"',
            fix=linking(relationship, other) if back == [other] and ways.get(other) == [relationship] else None,
        )


@relationship_without_back_populates.without_import
def in_source(source: Source) -> Iterator[Problem]:
    known = tables_by_name(source)
    every = list(links(source, [one for one in source.of.values() if one.is_mapped]))
    ways: dict[tuple[ModelClass | None, ModelClass | None], list[Link]] = {}
    for one in every:
        ways.setdefault((one.owner, one.target), []).append(one)
    named = {(one.target, one.back_populates) for one in every if one.back_populates}
    judged = {*tables(source)}
    for one in every:
        pair = [*ways.get((one.owner, one.target), []), *ways.get((one.target, one.owner), [])]
        if (
            one.owner not in judged
            or one.target in (None, one.owner)
            or len(pair) != 2
            or pair[0].owner is pair[1].owner
        ):
            continue
        if any(
            side.states_an_inverse or not side.is_plain or (side.owner, side.attribute.name) in named for side in pair
        ):
            continue
        if (key := only_key_between(source, known, one)) is not None:
            other = pair[1]
            yield Problem(
                part=one.attribute,
                message=message(one.text, other.text, key),
                remedy=f'back_populates="{other.attribute.name}"',
            )


def only_key_between(source: Source, known: Mapping[str, list[ModelClass]], link: Link) -> str | None:
    """Return the one column that links the tables of a relationship, either way; None where there is none, or several, or where it is not known."""
    ends = [one for one in (link.owner, link.target) if one is not None]
    if any(
        len(known.get(one.tablename, [])) != 1 or one.above or one.table_args or not one.is_followed for one in ends
    ):
        return None
    found = [
        key.name
        for one, other in permutations(ends)
        for column in one.attributes
        for key in references_of(source, column)
        if other.tablename in (key.target, key.target.rpartition(".")[0])
    ]
    return found[0] if len(found) == 1 else None


def message(relationship: str, other: str, written: str) -> str:
    return (
        f"{relationship} and {other} write the same {written} and do not know each other: "
        "what is set on one is missing on the other until it is loaded again"
    )


def linking(relationship: Relationship, other: Relationship) -> Fix | None:
    """Return the fix that makes a pair of two relationships: the same for both, since one side alone is worse than none."""
    edits = [
        set_argument(one, "back_populates", f'"{inverse.key}"')
        for one, inverse in sorted([(relationship, other), (other, relationship)], key=lambda pair: name_of(pair[0]))
    ]
    return Fix("behaviour", tuple(edit for edit in edits if edit)) if all(edits) else None


def written_by(relationship: Relationship) -> str:
    if isinstance(relationship.secondary, Table):
        return relationship.secondary.fullname
    return " and ".join(str(written) for _, written in relationship.synchronize_pairs)
