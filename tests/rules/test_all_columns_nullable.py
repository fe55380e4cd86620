"""Tables in which every column but the keys takes NULL."""

import pytest

from schemalint.rules.schema.all_columns_nullable import all_columns_nullable
from snippets import check_clean, check_found

DECLARATIVE = """
    class Base(DeclarativeBase): ...

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Contact(Base):
        __tablename__ = "contacts"
        {lines}
"""


def contact(*lines: str) -> str:
    return DECLARATIVE.format(lines="\n        ".join(lines))


KEY = "id: Mapped[int] = mapped_column(primary_key=True)"
PLAIN = ("name = Column(sa.String)", "email = Column(sa.String)", "phone = Column(sa.String)")


def test_a_table_of_nullable_columns_is_found() -> None:
    (problem,) = check_found(all_columns_nullable, contact(KEY, *PLAIN), "contacts")
    assert problem.message == "a row of contacts may hold nothing but its key: all other 3 columns take NULL"


@pytest.mark.parametrize(
    "line",
    [
        "user_id: Mapped[int] = mapped_column(sa.ForeignKey('users.id'))",
        "upper = Column(sa.String, sa.Computed('upper(name)'), nullable=False)",
        "note: Mapped[str | None]",
        "at = Column(sa.DateTime, server_default=func.now())",
    ],
)
def test_keys_generated_and_further_nullable_columns_do_not_save_it(line: str) -> None:
    check_found(all_columns_nullable, contact(KEY, *PLAIN, line), "contacts")


def test_a_foreign_key_that_every_row_has_is_a_key_as_well() -> None:
    owner = "user_id: Mapped[int] = mapped_column(sa.ForeignKey('users.id'))"
    (problem,) = check_found(all_columns_nullable, contact(KEY, *PLAIN, owner), "contacts")
    assert problem.message == "a row of contacts may hold nothing but its keys: all other 3 columns take NULL"


@pytest.mark.parametrize(
    "keys",
    [
        ("id: Mapped[UUID] = mapped_column(primary_key=True)",),
        ("id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)",),
        ("contact_uuid: Mapped[str] = mapped_column(primary_key=True)",),
        ("key: Mapped[str] = mapped_column(primary_key=True, default=lambda: str(uuid4()))",),
        (
            "user_id: Mapped[int] = mapped_column(sa.ForeignKey('users.id'), primary_key=True)",
            "contact_id: Mapped[UUID] = mapped_column(primary_key=True)",
        ),
    ],
)
def test_keys_that_only_tell_rows_apart_do_not_save_it(keys: tuple[str, ...]) -> None:
    check_found(all_columns_nullable, contact(*keys, *PLAIN), "contacts")


@pytest.mark.parametrize(
    "keys",
    [
        ("code: Mapped[str] = mapped_column(primary_key=True)",),
        ("day: Mapped[date] = mapped_column(primary_key=True)",),
        (
            "workspace: Mapped[str] = mapped_column(primary_key=True, server_default='home')",
            "title: Mapped[str] = mapped_column(primary_key=True)",
        ),
        (
            "user_id: Mapped[int] = mapped_column(sa.ForeignKey('users.id'), primary_key=True)",
            "version: Mapped[int] = mapped_column(primary_key=True)",
        ),
    ],
)
def test_a_key_that_says_something_is_no_empty_row(keys: tuple[str, ...]) -> None:
    check_clean(all_columns_nullable, contact(*keys, *PLAIN))


def test_sqlmodel_and_core_tables_are_found() -> None:
    check_found(
        all_columns_nullable,
        """
        class Contact(SQLModel, table=True):
            __tablename__ = "contacts"
            id: int | None = Field(default=None, primary_key=True)
            name: str | None = None
            email: str | None = None
            phone: str | None = None

        t = Table("t", SQLModel.metadata, Column("a", sa.Integer), Column("b", sa.Integer), Column("c", sa.Integer))
        """,
        "contacts",
        "t",
    )


@pytest.mark.parametrize(
    "lines",
    [
        (KEY, *PLAIN[:2]),
        (KEY, *PLAIN, "is_main = Column(sa.Boolean, nullable=False)"),
        (KEY, *PLAIN, "created_at: Mapped[datetime]"),
        (KEY,),
        (KEY, "user_id = Column(sa.ForeignKey('users.id'))", "other_id = Column(sa.ForeignKey('users.id'))", PLAIN[0]),
        # Details of another row.
        (KEY, "user_id = Column(sa.ForeignKey('users.id'), unique=True)", *PLAIN),
        (KEY, "user_id = Column(sa.ForeignKey('users.id'), unique=True, index=True)", *PLAIN),
        ("user_id = Column(sa.ForeignKey('users.id'), primary_key=True)", *PLAIN),
        # Links.
        (
            "user_id = Column(sa.ForeignKey('users.id'), primary_key=True)",
            "other_id = Column(sa.ForeignKey('users.id'), primary_key=True)",
            *PLAIN,
        ),
        # A CHECK says which of them there are.
        (KEY, *PLAIN, "__table_args__ = (CheckConstraint('num_nonnulls(name, email) > 0'),)"),
        (KEY, *PLAIN, "__table_args__ = (CheckConstraint('name IS NOT NULL OR email IS NOT NULL'),)"),
        (KEY, "other = Column(sa.String, CheckConstraint('name IS NULL OR other IS NULL'))", *PLAIN),
    ],
)
def test_tables_that_hold_something_or_belong_to_another_are_fine(lines: tuple[str, ...]) -> None:
    check_clean(all_columns_nullable, contact(*lines))


def test_subclasses_are_fine_in_their_parents_table_and_in_their_own() -> None:
    check_clean(
        all_columns_nullable,
        """
        class Base(DeclarativeBase): ...

        class Pet(Base):
            __tablename__ = "pets"
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str | None]
            name: Mapped[str | None]
            __mapper_args__ = {"polymorphic_on": "kind"}

        class Dog(Pet):
            tricks: Mapped[str | None]
            breed: Mapped[str | None]
            __mapper_args__ = {"polymorphic_identity": "dog"}

        class Bird(Pet):
            __tablename__ = "birds"
            id: Mapped[int] = mapped_column(ForeignKey("pets.id"), primary_key=True)
            song: Mapped[str | None]
            wing: Mapped[str | None]
            nest: Mapped[str | None]
            __mapper_args__ = {"polymorphic_identity": "bird"}
        """,
    )


def test_the_number_of_columns_is_an_option() -> None:
    check_clean(all_columns_nullable, contact(KEY, *PLAIN), columns=4)
    check_found(all_columns_nullable, contact(KEY, *PLAIN[:2]), "contacts", columns=2)
