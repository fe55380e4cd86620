"""Keys that something generates, keys that somebody chooses, and keys that nobody makes."""

import pytest

from schemalint.rules.schema.primary_key_without_generator import primary_key_without_generator as rule
from snippets import check_clean, check_found


def sqlmodel(field: str, table: str = "books") -> str:
    return f"""
        class Book(SQLModel, table=True):
            __tablename__ = "{table}"
            {field}
        """


def declarative(field: str, bases: str = "DeclarativeBase") -> str:
    return f"""
        class Base({bases}): ...

        class Book(Base):
            __tablename__ = "books"
            {field}
        """


FOUND = [
    sqlmodel("id: UUID = Field(primary_key=True)"),
    sqlmodel("id: UUID | None = Field(default=None, primary_key=True)"),
    sqlmodel("id: str = Field(primary_key=True, max_length=36)"),
    sqlmodel("id: str | None = Field(default=None, primary_key=True)"),
    sqlmodel("id: UUID = Field(sa_column=Column(pg.UUID(as_uuid=True), primary_key=True))"),
    declarative("id: Mapped[UUID] = mapped_column(primary_key=True)"),
    declarative("id: Mapped[str] = mapped_column(primary_key=True)"),
    declarative("id: Mapped[UUID] = mapped_column(primary_key=True)", "MappedAsDataclass, DeclarativeBase"),
    'books = Table("books", MetaData(), Column("id", sa.Uuid, primary_key=True))',
]


@pytest.mark.parametrize("source", FOUND)
def test_a_key_that_nothing_makes_is_found(source: str) -> None:
    (problem,) = check_found(rule, source, "books.id")
    assert problem.message == "nothing makes a value for books.id: an insert that does not bring one fails"


@pytest.mark.parametrize(
    ("field", "remedy"),
    [
        (
            "id: UUID = Field(primary_key=True)",
            'default_factory=uuid4, or sa_column_kwargs={"server_default": func.gen_random_uuid()}',
        ),
        (
            "id: str = Field(primary_key=True)",
            'default_factory=lambda: str(uuid4()), or sa_column_kwargs={"server_default": func.gen_random_uuid()}',
        ),
        (
            "id: str = Field(primary_key=True, max_length=36)",
            'default_factory=lambda: str(uuid4()), or sa_column_kwargs={"server_default": func.gen_random_uuid()}',
        ),
        ("id: str = Field(primary_key=True, max_length=32)", "default_factory=lambda: uuid4().hex"),
        ("id: str = Field(primary_key=True, max_length=21)", "a default that makes one"),
    ],
)
def test_what_makes_a_key_fits_into_its_column(field: str, remedy: str) -> None:
    (problem,) = check_found(rule, sqlmodel(field), "books.id")
    assert problem.remedy == remedy


def text_keys(brought: int, made: int) -> str:
    tables = [
        f'Table("t{number}", metadata, Column("id", sa.String(36), primary_key=True'
        + (", default=lambda: str(uuid4())" if number >= brought else "")
        + "))"
        for number in range(brought + made)
    ]
    return "\n".join(["metadata = MetaData()", *tables])


def test_text_keys_that_a_project_always_brings_are_one_finding() -> None:
    source = text_keys(7, 1) + '\nTable("uuids", metadata, Column("id", sa.Uuid, primary_key=True))'
    convention, problem = check_found(rule, source, "t0.id", "uuids.id")
    assert convention.about == "text keys"
    assert (
        convention.message
        == "nothing makes a value for t0.id, nor for 6 more of the 8 text keys: an insert that does not bring one fails"
    )
    assert problem.message == "nothing makes a value for uuids.id: an insert that does not bring one fails"


def test_where_some_text_keys_are_made_the_others_are_findings_of_their_own() -> None:
    check_found(rule, text_keys(6, 2), *(f"t{number}.id" for number in range(6)))


def test_a_few_text_keys_are_no_convention() -> None:
    check_found(rule, text_keys(4, 0), *(f"t{number}.id" for number in range(4)))


@pytest.mark.parametrize(
    ("name", "table"),
    [("uuid", "books"), ("book_id", "books"), ("book_uuid", "book"), ("box_id", "boxes"), ("story_id", "stories")],
)
def test_a_uuid_named_after_its_table_is_found(name: str, table: str) -> None:
    check_found(rule, sqlmodel(f"{name}: UUID = Field(primary_key=True)", table), f"{table}.{name}")


def test_a_type_of_the_applications_own_over_a_uuid_is_found() -> None:
    check_found(
        rule,
        """
        class GUID(sa.TypeDecorator):
            impl = sa.Uuid
            cache_ok = True

        books = Table("books", MetaData(), Column("id", GUID, primary_key=True))
        """,
        "books.id",
    )


CLEAN = [
    sqlmodel("id: int | None = Field(default=None, primary_key=True)"),
    sqlmodel("id: int = Field(primary_key=True)"),
    sqlmodel("id: int | None = Field(default=None, sa_type=sa.BigInteger, primary_key=True)"),
    sqlmodel("id: UUID = Field(default_factory=uuid4, primary_key=True)"),
    sqlmodel("id: UUID = Field(default_factory=uuid4, sa_column=Column(sa.Uuid, primary_key=True))"),
    sqlmodel("id: str = Field(default_factory=lambda: str(uuid4()), primary_key=True)"),
    sqlmodel(
        'id: UUID | None = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": func.gen_random_uuid()})'
    ),
    sqlmodel("id: UUID = Field(default=UUID(int=1), primary_key=True)"),
    sqlmodel("id: str = Field(primary_key=True, max_length=3)"),
    sqlmodel("code: str = Field(primary_key=True)"),
    sqlmodel("slug: str = Field(primary_key=True, max_length=80)"),
    sqlmodel("isbn: str = Field(primary_key=True, max_length=13)"),
    sqlmodel("book_id: str = Field(primary_key=True)"),
    sqlmodel("user_id: UUID = Field(primary_key=True)", table="profiles"),
    sqlmodel("user_id: UUID = Field(primary_key=True)", table="user_profiles"),
    sqlmodel("day: date = Field(primary_key=True)"),
    sqlmodel("id: Kind = Field(primary_key=True)").replace(
        "class Book", "class Kind(Enum):\n            A = 1\n\n        class Book"
    ),
    sqlmodel("id: UUID = Field(primary_key=True)\n            n: int = Field(primary_key=True)"),
    declarative("id: Mapped[int] = mapped_column(primary_key=True)"),
    declarative("id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)"),
    declarative("id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)"),
    declarative("id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)"),
    declarative("id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text('gen_random_uuid()'))"),
    declarative("id: Mapped[UUID] = mapped_column(primary_key=True, server_default=sa.FetchedValue())"),
    declarative("id: Mapped[str] = mapped_column(sa.Computed('a || b'), primary_key=True)"),
    declarative("id: Mapped[str] = mapped_column(sa.Sequence('book_ids'), primary_key=True)"),
    declarative(
        "id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid4)",
        "MappedAsDataclass, DeclarativeBase",
    ),
    declarative(
        "id: Mapped[UUID] = mapped_column(primary_key=True, insert_default=uuid4, init=False)",
        "MappedAsDataclass, DeclarativeBase",
    ),
    declarative("id: Mapped[Decimal] = mapped_column(sa.Numeric(20, 0), primary_key=True)"),
    'books = Table("books", MetaData(), Column("id", sa.Uuid, primary_key=True, default=uuid4))',
    'books = Table("books", MetaData(), Column("id", sa.Uuid), Column("n", sa.Integer))',
]


@pytest.mark.parametrize("source", CLEAN)
def test_a_key_that_is_made_or_chosen_is_fine(source: str) -> None:
    check_clean(rule, source)


def test_a_key_that_is_a_foreign_key_as_well_is_fine() -> None:
    check_clean(
        rule,
        """
        class User(SQLModel, table=True):
            __tablename__ = "users"
            id: UUID = Field(default_factory=uuid4, primary_key=True)

        class Profile(SQLModel, table=True):
            __tablename__ = "profiles"
            id: UUID = Field(primary_key=True, foreign_key="users.id")
        """,
    )


def test_a_key_that_a_listener_fills_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[UUID] = mapped_column(primary_key=True)

        @sa.event.listens_for(Book, "before_insert")
        def fill(mapper, connection, book):
            book.id = uuid4()
        """,
    )


def test_a_key_of_a_mixin_with_a_factory_is_fine() -> None:
    check_clean(
        rule,
        """
        class HasId(SQLModel):
            id: UUID = Field(default_factory=uuid4, primary_key=True)

        class Book(HasId, table=True):
            __tablename__ = "books"

        class Loan(HasId, table=True):
            __tablename__ = "loans"
        """,
    )
