"""A book with loans, whose foreign key and relationship a test chooses, and what PostgreSQL makes of deleting the book."""

import itertools
from textwrap import dedent
from typing import Any

from sqlalchemy import NullPool, create_engine, delete, func, insert, select
from sqlalchemy.orm import Session

from schemalint.throwaway.server import Database
from snippets import loaded

NOT_NULL = "Mapped[int]"
NULLABLE = "Mapped[int | None]"


def sqlmodel(relationship: str, field: str = "") -> str:
    return dedent(f"""
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            loans: list["Loan"] = Relationship({relationship})

        class Loan(SQLModel, table=True):
            __tablename__ = "loans"
            id: int | None = Field(default=None, primary_key=True)
            book_id: int = Field(foreign_key="books.id"{field and ", " + field})
        """)


def declarative(relationship: str, key: str = "", column: str = NOT_NULL) -> str:
    return dedent(f"""
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            loans = relationship({", ".join(filter(None, ['"Loan"', relationship]))})

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            book_id: {column} = mapped_column(ForeignKey("books.id"{key and ", " + key}))
        """)


def linked(relationship: str, key: str = "") -> str:
    return dedent(f"""
        class Base(DeclarativeBase): ...

        links = Table(
            "links",
            Base.metadata,
            Column("book_id", ForeignKey("books.id"{key and ", " + key}), primary_key=True),
            Column("tag_id", ForeignKey("tags.id"{key and ", " + key}), primary_key=True),
        )

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            tags = relationship("Tag", {", ".join(filter(None, ["secondary=links", relationship]))})

        class Tag(Base):
            __tablename__ = "tags"
            id: Mapped[int] = mapped_column(primary_key=True)
        """)


def after_deleting_a_book(source: str, database: Database, *, by_statement: bool = False) -> list[Any]:
    """Delete a book with two loans, which are not loaded, through a session or by a statement; return the loans' foreign keys that are left.

    What PostgreSQL refuses is raised.
    """
    engine = create_engine(database.url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    with loaded(source) as schema, engine.connect() as connection, Session(connection) as session:
        book = next(one.class_ for one in schema.mappers if one.class_.__name__ == "Book")
        metadata = schema.metadata[0]
        books, loans = metadata.tables["books"], metadata.tables["loans"]
        metadata.create_all(connection)
        numbers = itertools.count(1)
        session.execute(insert(books).values(id=1))
        session.execute(insert(loans), [{"id": next(numbers), "book_id": 1} for _ in range(2)])
        if by_statement:
            session.execute(delete(book))
        else:
            session.delete(session.get(book, 1))
            session.flush()
        assert session.scalar(select(func.count()).select_from(books)) == 0
        return list(session.scalars(select(loans.c.book_id)))
