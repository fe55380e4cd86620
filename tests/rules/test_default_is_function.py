"""Functions where a class takes a value, and where it takes a function."""

import pytest

from schemalint.fix import Fix, SetArgument
from schemalint.rules.schema.default_is_function import default_is_function as rule
from schemalint.subjects.schema import ModelField
from snippets import check_clean, check_found, marked_by


def sqlmodel(field: str) -> str:
    return f"""
        def new_key() -> UUID: ...

        class Color(Enum):
            RED = "red"

            def __call__(self) -> None: ...

        class Book(SQLModel, table=True):
            __tablename__ = "books"
            id: int | None = Field(default=None, primary_key=True)
            {field}
        """


def declarative(field: str, bases: str = "DeclarativeBase") -> str:
    return f"""
        class Base({bases}): ...

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True{", init=False" if "Data" in bases else ""})
            {field}
        """


DATACLASS = "MappedAsDataclass, DeclarativeBase"


def test_a_function_of_sqlmodels_field_is_found() -> None:
    (problem,) = check_found(rule, sqlmodel("key: UUID = Field(default=uuid4)"), "books.key")
    assert problem.message == "a new Book holds the function uuid4 itself as its key, and its insert fails"
    assert problem.remedy == "default_factory=uuid4"


FOUND = [
    sqlmodel("key: UUID = uuid4"),
    sqlmodel("key: UUID = Field(default=new_key)"),
    sqlmodel("key: datetime = Field(default=datetime.utcnow)"),
    sqlmodel("key: UUID = Field(default=lambda: uuid4())"),
    sqlmodel("key: dict = Field(default=dict, sa_type=pg.JSONB)"),
    sqlmodel("key: UUID = Field(default=__import__('functools').partial(uuid4))"),
    declarative("key: Mapped[UUID] = mapped_column(default=uuid4)", DATACLASS),
]


@pytest.mark.parametrize("source", FOUND)
def test_a_function_given_as_a_value_is_found(source: str) -> None:
    check_found(rule, source, "books.key")


CLEAN = [
    sqlmodel("key: UUID = Field(default_factory=uuid4)"),
    sqlmodel("key: UUID | None = None"),
    sqlmodel("key: UUID"),
    sqlmodel("key: UUID = Field(default=UUID(int=0))"),
    sqlmodel("key: dict = Field(default={}, sa_type=pg.JSONB)"),
    sqlmodel("key: Color = Field(default=Color.RED)"),
    sqlmodel("key: datetime = Field(default=func.now())"),
    sqlmodel("key: UUID = Field(sa_column=Column(sa.Uuid, default=uuid4))"),
    sqlmodel("key: UUID = Field(sa_column_kwargs={'default': uuid4})"),
    sqlmodel("key: UUID | None = Field(default=None, sa_column_kwargs={'onupdate': uuid4})"),
    declarative("key: Mapped[UUID] = mapped_column(default=uuid4)"),
    declarative("key: Mapped[dict] = mapped_column(pg.JSONB, default=dict)"),
    declarative("key: Mapped[UUID] = mapped_column(default_factory=uuid4)", DATACLASS),
    declarative("key: Mapped[UUID] = mapped_column(insert_default=uuid4, init=False)", DATACLASS),
    declarative("key: Mapped[UUID]", DATACLASS),
    declarative("key: Mapped[int] = mapped_column(default=7)", DATACLASS),
    'books = Table("books", MetaData(), Column("key", sa.Uuid, default=uuid4, primary_key=True))',
]


@pytest.mark.parametrize("source", CLEAN)
def test_a_value_or_a_factory_is_fine(source: str) -> None:
    check_clean(rule, source)


@pytest.mark.parametrize(
    ("source", "code", "imports"),
    [
        (sqlmodel("key: UUID = Field(default=uuid4)"), "uuid4", ("uuid.uuid4",)),
        (sqlmodel("key: UUID = Field(default=uuid.uuid1)"), "uuid1", ("uuid.uuid1",)),
        (sqlmodel("key: UUID = uuid4"), "uuid4", ("uuid.uuid4",)),
        (sqlmodel("key: dict = Field(default=dict, sa_type=pg.JSONB)"), "dict", ()),
        (sqlmodel("key: list = Field(default=list, sa_type=pg.JSONB)"), "list", ()),
    ],
)
def test_the_fix_is_the_keyword_for_functions(source: str, code: str, imports: tuple[str, ...]) -> None:
    (problem,) = check_found(rule, source, "books.key")
    assert isinstance(problem.part, ModelField)
    assert problem.fix == Fix("safe", (SetArgument(problem.part.column, "default_factory", code, "default", imports),))


@pytest.mark.parametrize(
    "default", ["new_key", "lambda: uuid4()", "__import__('functools').partial(uuid4)", "datetime.utcnow"]
)
def test_a_function_of_the_project_is_left_to_its_author(default: str) -> None:
    (problem,) = check_found(rule, sqlmodel(f"key: UUID = Field(default={default})"), "books.key")
    assert problem.fix is None


def test_in_a_dataclass_the_author_decides_whether_the_column_keeps_a_default() -> None:
    (problem,) = check_found(
        rule, declarative("key: Mapped[UUID] = mapped_column(default=uuid4)", DATACLASS), "books.key"
    )
    assert problem.fix is None


def test_the_function_is_marked() -> None:
    source = "class Book(SQLModel, table=True):\n    id: UUID = Field(default=uuid4, primary_key=True)"
    assert marked_by(rule, source) == ["uuid4"]
