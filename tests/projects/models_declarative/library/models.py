from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Optional

from sqlalchemy import Column, Enum, ForeignKey, ForeignKeyConstraint, Index, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, MappedAsDataclass, column_property, composite, mapped_column, relationship

from library.mixins import Base, Owned, Priced, Timestamps

if TYPE_CHECKING:
    from library.loans import Loan

key = Annotated[int, mapped_column(primary_key=True)]
name50 = Annotated[str, mapped_column(String(50))]


def described(cls):
    return cls


@described
class Person(Timestamps, Base):  #: people | Person
    __tablename__ = "people"

    id: Mapped[key]  #: people.id | people :primary key
    name: Mapped[name50]  #: people.name
    nick: Mapped["str | None"]  #: people.nick
    mail: Mapped[Optional[str]] = mapped_column("e_mail", unique=True)  #: people.e_mail | people :unique e_mail
    books: Mapped[list[Book]] = relationship(back_populates="author", foreign_keys="Book.author_id")  #: Person~books
    loans: Mapped[list[Loan]] = relationship()  #: Person~loans
    shown = column_property(mail + "?")

    @hybrid_property
    def label(self) -> str:
        return self.name


class Book(Owned, Priced, Timestamps, Base):  #: books | Book | books :primary key
    __tablename__ = "books"

    shelf: Mapped[int] = mapped_column(primary_key=True); place: Mapped[int] = mapped_column(primary_key=True)  #: books.shelf => mapped_column(primary_key=True) | books.place => mapped_column(primary_key=True)
    author_id: Mapped[int | None] = mapped_column(  #: books.author_id | books :index author_id
        ForeignKey("people.id", ondelete="SET NULL"),
        index=True,
    )
    author: Mapped[Person | None] = relationship(back_populates="books", foreign_keys=[author_id])  #: Book~author
    weight: Mapped[Decimal] = mapped_column(Numeric(5, 2))  #: books.weight


class Copy(Base):  #: copies | Copy
    __tablename__ = "copies"
    __table_args__ = (
        ForeignKeyConstraint(["shelf", "place"], ["books.shelf", "books.place"]),  #: copies.shelf, place => ForeignKeyConstraint(["shelf", "place"], ["books.shelf", "books.place"])
        UniqueConstraint("shelf", "place"),  #: copies :unique shelf, place => UniqueConstraint("shelf", "place")
        Index("ix_copies_lower", "kind", unique=True),  #: copies :index kind => Index("ix_copies_lower", "kind", unique=True)
        {"schema": None},
    )

    id: Mapped[int] = mapped_column(primary_key=True)  #: copies.id | copies :primary key
    shelf: Mapped[int]  #: copies.shelf
    place: Mapped[int]  #: copies.place
    kind: Mapped[str]  #: copies.kind
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "copy"}


class Scan(Copy):  #: Scan
    dpi: Mapped[int | None] = mapped_column(Integer)  #: copies.dpi
    __mapper_args__ = {"polymorphic_identity": "scan"}


class Print(Copy):  #: prints | Print
    __tablename__ = "prints"
    id: Mapped[int] = mapped_column(ForeignKey("copies.id"), primary_key=True)  #: prints.id | prints :primary key
    pages: Mapped[int]  #: prints.pages
    paper: Mapped[str] = mapped_column(Enum("a4", "a5", name="paper", native_enum=False, create_constraint=True))  #: prints.paper | prints :check paper
    __mapper_args__ = {"polymorphic_identity": "print"}


class Numbered(Base):
    __abstract__ = True
    number: Mapped[int]  #: @shared Numbered.number


class Point(Numbered):  #: points | Point
    __tablename__ = "points"
    id: Mapped[int] = mapped_column(primary_key=True)  #: points.id | points :primary key
    spot: Mapped[tuple[int, int]] = composite(
        lambda x, y: (x, y),
        mapped_column("x", Integer),  #: points.x => mapped_column("x", Integer)
        mapped_column("y", Integer),  #: points.y => mapped_column("y", Integer)
    )


class Lazy(MappedAsDataclass, Base):  #: lazies | Lazy
    __tablename__ = "lazies"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)  #: lazies.id | lazies :primary key
    words: Mapped[str] = mapped_column(default="", kw_only=True)  #: lazies.words


class Legacy(Base):  #: legacy | Legacy
    __tablename__ = "legacy"
    __allow_unmapped__ = True
    id: int = Column(Integer, primary_key=True)  #: legacy.id | legacy :primary key
    name = Column(String(20), nullable=False)  #: legacy.name


Legacy.extra = Column(Integer, index=True)  #: legacy.extra => Column(Integer, index=True) | legacy :index extra => Column(Integer, index=True)
