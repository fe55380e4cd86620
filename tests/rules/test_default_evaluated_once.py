"""Defaults that were computed when the module was imported, and constants that are meant."""

import pytest

from schemalint.fix import Fix, SetArgument
from schemalint.rules.schema.default_evaluated_once import default_evaluated_once as rule
from snippets import check_clean, check_found, marked_by


def sqlmodel(*fields: str) -> str:
    body = "\n            ".join(("id: int | None = Field(default=None, primary_key=True)", *fields))
    return f"""
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            {body}
        """


def declarative(field: str, bases: str = "DeclarativeBase") -> str:
    return f"""
        class Base({bases}): ...

        class Book(Base):
            __tablename__ = "books"
            {field}
        """


DATACLASS = "MappedAsDataclass, DeclarativeBase"

KEYS = [
    "class Book(SQLModel, table=True):\n    __tablename__ = 'books'\n    id: UUID = Field(default=uuid4(), primary_key=True)",
    "class Book(SQLModel, table=True):\n    __tablename__ = 'books'\n    id: str = Field(default=str(uuid4()), primary_key=True)",
    "class Book(SQLModel, table=True):\n    __tablename__ = 'books'\n    id: str = Field(default=uuid4().hex, primary_key=True)",
    declarative("id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4())"),
    declarative("id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4())", DATACLASS),
    'books = Table("books", MetaData(), Column("id", sa.Uuid, primary_key=True, default=uuid4()))',
]


@pytest.mark.parametrize("source", KEYS)
def test_a_key_that_is_the_same_for_every_row_is_found(source: str) -> None:
    (problem,) = check_found(rule, source, "books.id")
    assert problem.message == (
        "every row of books gets the one id that was made when the module was imported: the second insert is a duplicate key"
    )


def test_a_unique_column_is_found() -> None:
    check_found(rule, sqlmodel("token: UUID = Field(default=uuid4(), unique=True)"), "books.token")
    check_found(rule, sqlmodel("token: UUID = Field(default=uuid4(), unique=True, index=True)"), "books.token")


TIMES = [
    sqlmodel("at: datetime = Field(default=datetime.now(UTC))"),
    sqlmodel("at: datetime = datetime.now(UTC)"),
    sqlmodel("at: datetime = Field(default=datetime.utcnow(), sa_type=sa.DateTime)").replace(
        "datetime.utcnow()", "datetime.now(UTC).replace(tzinfo=None)"
    ),
    sqlmodel("at: datetime = Field(default=datetime.now(UTC).replace(microsecond=0))"),
    sqlmodel("at: datetime = Field(default=datetime.now(UTC).replace(microsecond=123456) + timedelta(days=30))"),
    sqlmodel("at: date = Field(default=date.today())"),
    sqlmodel("at: time = Field(default=datetime.now(UTC).replace(microsecond=123456).time())"),
    sqlmodel(
        "at: datetime = Field(default_factory=lambda: datetime.now(UTC), sa_column_kwargs={'onupdate': datetime.now(UTC)})"
    ),
    declarative(
        "id: Mapped[int] = mapped_column(primary_key=True)\n            "
        "at: Mapped[datetime] = mapped_column(default=datetime.now(UTC))"
    ),
    declarative(
        "id: Mapped[int] = mapped_column(primary_key=True)\n            "
        "at: Mapped[datetime] = mapped_column(default=datetime.now(UTC))",
        DATACLASS,
    ),
    'books = Table("books", MetaData(), Column("at", sa.DateTime(timezone=True), default=datetime.now(UTC)))',
]


@pytest.mark.parametrize("source", TIMES)
def test_the_time_of_the_import_is_found(source: str) -> None:
    (problem,) = check_found(rule, source, "books.at")
    assert problem.message == "books.at gets the time at which the module was imported, in every row"


CLEAN = [
    sqlmodel("at: datetime = Field(default_factory=lambda: datetime.now(UTC))"),
    sqlmodel("at: datetime = Field(default=None, sa_column_kwargs={'server_default': func.now()})"),
    sqlmodel("at: datetime | None = None"),
    sqlmodel("at: datetime"),
    sqlmodel("at: datetime = datetime(1970, 1, 1, tzinfo=UTC)"),
    sqlmodel("at: datetime = datetime(2020, 2, 29, 12, 30, 15, 250000, tzinfo=UTC)"),
    sqlmodel("at: datetime = Field(default=datetime.max, sa_type=sa.DateTime)"),
    sqlmodel("at: datetime = Field(default=datetime.min, sa_type=sa.DateTime)"),
    sqlmodel("at: date = date(2000, 1, 1)"),
    sqlmodel("at: date = date.max"),
    sqlmodel("at: time = time(9, 30)"),
    sqlmodel("at: time = time.max"),
    sqlmodel("tenant_id: UUID = UUID(int=0)"),
    sqlmodel("tenant_id: UUID = Field(default=uuid4(), index=True)"),
    sqlmodel("name: str = Field(default='00000000000000000000000000000000', max_length=32)"),
    sqlmodel("token: str = Field(default='none', unique=True)"),
    sqlmodel("token: str = Field(default='this-is-thirty-six-characters-long!!', unique=True)"),
    sqlmodel("number: int = Field(default=7, unique=True)"),
    sqlmodel("flag: bool = False"),
    declarative("id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)"),
    declarative("id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid4)", DATACLASS),
    declarative(
        "id: Mapped[int] = mapped_column(primary_key=True)\n            "
        "at: Mapped[datetime] = mapped_column(default=func.now(), onupdate=func.now())"
    ),
    'books = Table("books", MetaData(), Column("id", sa.Integer, sa.Sequence("ids"), primary_key=True))',
    'books = Table("books", MetaData(), Column("at", sa.DateTime(timezone=True), default=lambda: datetime.now(UTC)))',
]


@pytest.mark.parametrize("source", CLEAN)
def test_a_function_or_a_constant_is_fine(source: str) -> None:
    check_clean(rule, source)


def test_a_constant_in_one_column_of_a_composite_key_is_fine() -> None:
    check_clean(
        rule,
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            tenant_id: UUID = Field(default=UUID(int=0), primary_key=True)
            number: int = Field(primary_key=True)
        """,
    )


def test_a_key_that_is_unique_among_some_rows_only_is_fine() -> None:
    check_clean(
        rule,
        """
        class Book(SQLModel, table=True):
            __tablename__ = "books"
            __table_args__ = (Index("uq", "owner", unique=True, postgresql_where=text("lent")),)
            id: int | None = Field(default=None, primary_key=True)
            owner: UUID = UUID(int=0)
            lent: bool
        """,
    )


@pytest.mark.parametrize(
    ("source", "name", "code", "instead_of"),
    [
        (sqlmodel("token: UUID = Field(default=uuid4(), unique=True)"), "default_factory", "uuid4", "default"),
        (
            sqlmodel("token: str = Field(default=str(uuid4()), unique=True)"),
            "default_factory",
            "lambda: str(uuid4())",
            "default",
        ),
        (
            sqlmodel("token: str = Field(default=uuid4().hex, unique=True)"),
            "default_factory",
            "lambda: uuid4().hex",
            "default",
        ),
        (
            declarative("token: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4())"),
            "default",
            "uuid4",
            "insert_default",
        ),
        (
            declarative("token: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4())", DATACLASS),
            "default_factory",
            "uuid4",
            "default",
        ),
        (
            declarative(
                "token: Mapped[UUID] = mapped_column(primary_key=True, insert_default=uuid4(), init=False)", DATACLASS
            ),
            "insert_default",
            "uuid4",
            "insert_default",
        ),
        (
            'books = Table("books", MetaData(), Column("token", sa.Uuid, primary_key=True, default=uuid4()))',
            "default",
            "uuid4",
            "default",
        ),
    ],
)
def test_the_fix_is_the_function_that_made_the_uuid(source: str, name: str, code: str, instead_of: str) -> None:
    (problem,) = check_found(rule, source, "books.token")
    assert problem.fix == Fix("safe", (SetArgument(problem.part, name, code, instead_of, ("uuid.uuid4",)),))


@pytest.mark.parametrize(
    "field",
    [
        "token: UUID = Field(sa_column=Column(sa.Uuid, unique=True, default=uuid4()))",
        "token: UUID = Field(unique=True, sa_column_kwargs={'default': uuid4()})",
        "token: UUID = Field(default=uuid.uuid1(), unique=True)",
        "token: str = Field(default=str(uuid4()).upper(), unique=True)",
        "token: str = Field(default=str(uuid.uuid1()), unique=True)",
    ],
)
def test_a_value_inside_another_argument_or_made_otherwise_is_left_to_its_author(field: str) -> None:
    (problem,) = check_found(rule, sqlmodel(field), "books.token")
    assert problem.fix is None


def test_what_a_time_was_computed_from_only_its_author_knows() -> None:
    (problem,) = check_found(rule, sqlmodel("at: datetime = Field(default=datetime.now(UTC))"), "books.at")
    assert problem.fix is None


@pytest.mark.parametrize(
    ("declaration", "marked"),
    [
        ("id: UUID = Field(default=uuid4(), primary_key=True)", "uuid4()"),
        (
            "id: UUID = Field(default=None, sa_column=Column(sa.Uuid, default=uuid4(), primary_key=True))",
            "Field(default=None, sa_column=Column(sa.Uuid, default=uuid4(), primary_key=True))",
        ),
        ("id: UUID = Field(uuid4(), primary_key=True)", "Field(uuid4(), primary_key=True)"),
        ("id: UUID = Field(primary_key=True); at: datetime = Field(default=datetime.now(UTC))", "datetime.now(UTC)"),
    ],
)
def test_the_value_is_marked_where_it_is_the_class_own(declaration: str, marked: str) -> None:
    assert marked_by(rule, f"class Book(SQLModel, table=True):\n    {declaration}") == [marked]


def test_the_keyword_that_a_dataclass_calls_otherwise_is_marked() -> None:
    field = "id: Mapped[UUID] = mapped_column(primary_key=True, init=False, insert_default=uuid4())"
    assert marked_by(rule, declarative(field, DATACLASS)) == ["uuid4()"]
