"""Tests of create-all-in-app."""

from collections.abc import Mapping

import pytest

from schemalint.rules.source.create_all_in_app import create_all_in_app
from sources import ask, marked, written

BOOKS = """
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
"""
REVISION = {"migrations/versions/0001_books.py": 'revision = "0001"\n'}


def found(files: Mapping[str, str], models: str = "shop.books") -> list[str]:
    """Return what is found in the files of a project with a revision."""
    with written({**files, **REVISION}, models=(models,)) as source:
        return [source.place(one.part).object for one in ask(create_all_in_app, source, {})]


def shop(main: str, books: str = BOOKS, **files: str) -> dict[str, str]:
    more = {f"shop/{name}.py": text for name, text in files.items()}
    return {"shop/books.py": books, "shop/main.py": f"from shop.books import Book, engine\n{main}", **more}


STARTING = "def create() -> None:\n    {}\n\n@app.on_event('startup')\ndef start():\n    create()\n"
CREATED = ["shop.main.create :create_all"]


@pytest.mark.parametrize(
    "call",
    [
        "SQLModel.metadata.create_all(engine)",
        "SQLModel.metadata.create_all(bind=engine, checkfirst=True)",
        "Book.metadata.create_all(engine)",
        "print(SQLModel.metadata.create_all(engine))",
        "with engine.begin() as connection:\n        SQLModel.metadata.create_all(connection)",
        "try:\n        SQLModel.metadata.create_all(engine)\n    except OSError: raise",
    ],
)
def test_a_function_that_the_application_uses_creates_the_tables(call: str) -> None:
    assert found(shop(STARTING.format(call))) == CREATED


def test_the_call_is_marked() -> None:
    files = shop(STARTING.format("SQLModel.metadata.create_all(engine)"))
    assert marked(create_all_in_app, {**files, **REVISION}) == ["SQLModel.metadata.create_all"]


@pytest.mark.parametrize(
    ("main", "objects"),
    [
        ("SQLModel.metadata.create_all(engine)", ["shop.main :create_all"]),
        ("with engine.begin() as c:\n    SQLModel.metadata.create_all(c)", ["shop.main :create_all"]),
        (
            "@app.on_event('startup')\ndef start(): SQLModel.metadata.create_all(engine)",
            ["shop.main.start :create_all"],
        ),
        (
            "async def lifespan(app):\n    await c.run_sync(SQLModel.metadata.create_all)\n    yield\napp = FastAPI(lifespan=lifespan)",
            ["shop.main.lifespan :create_all"],
        ),
        (
            "class Shop:\n    name = ''\n    def prepare(self): SQLModel.metadata.create_all(engine)\nShop().prepare()",
            ["shop.main.prepare :create_all"],
        ),
        (
            "def create_app():\n    def prepare(): SQLModel.metadata.create_all(engine)\n    prepare()\ncreate_app()",
            ["shop.main.create_app :create_all"],
        ),
    ],
)
def test_whatever_runs_when_the_application_starts_is_found(main: str, objects: list[str]) -> None:
    assert found(shop(main)) == objects


def test_a_function_may_be_used_in_another_module() -> None:
    files = shop(
        "from shop.db import create_tables\ncreate_tables()",
        db="def create_tables(): SQLModel.metadata.create_all(engine)",
    )
    assert found(files) == ["shop.db.create_tables :create_all"]


@pytest.mark.parametrize(
    ("books", "call"),
    [
        (
            "class Base(DeclarativeBase): pass\nclass Book(Base):\n    __tablename__ = 'books'\n",
            "Base.metadata.create_all(engine)",
        ),
        (
            "Base = orm.declarative_base()\nclass Book(Base):\n    __tablename__ = 'books'\n",
            "Base.metadata.create_all(engine)",
        ),
        (
            "metadata = MetaData()\nclass Base(DeclarativeBase): metadata = metadata\nclass Book(Base):\n    __tablename__ = 'books'\n",
            "metadata.create_all(engine)",
        ),
        (f"{BOOKS}\nmetadata = SQLModel.metadata\n", "metadata.create_all(engine)"),
        ("db = SQLAlchemy()\nclass Book(db.Model):\n    __tablename__ = 'books'\n", "db.create_all()"),
        ("db = SQLAlchemy()\nclass Book(db.Model):\n    __tablename__ = 'books'\n", "db.metadata.create_all(engine)"),
    ],
)
def test_the_metadata_may_be_of_any_base(books: str, call: str) -> None:
    main = "from shop.books import *\n" + STARTING.format(call)
    assert found(shop(main, books)) == CREATED


@pytest.mark.parametrize(
    "main",
    [
        "if __name__ == '__main__':\n    SQLModel.metadata.create_all(engine)",
        "def create(): SQLModel.metadata.create_all(engine)",  # nobody uses it
        STARTING.format("if settings.create_tables:\n        SQLModel.metadata.create_all(engine)"),
        STARTING.format("settings.create_tables and SQLModel.metadata.create_all(engine)"),
        STARTING.format("SQLModel.metadata.create_all(engine) if settings.create_tables else None"),
        STARTING.format("SQLModel.metadata.create_all(engine, tables=[Book.__table__])"),
        STARTING.format("SQLModel.metadata.create_all(engine, [Book.__table__])"),
        STARTING.format("SQLModel.metadata.drop_all(engine)\n    SQLModel.metadata.create_all(engine)"),
        STARTING.format("Other.metadata.create_all(engine)"),
        STARTING.format("self.create_all(engine)"),
        STARTING.format("unknown.metadata.create_all(engine)"),
        STARTING.format("SQLModel.metadata.create_all(create_engine('sqlite://'))"),
        STARTING.format("SQLModel.metadata.create_all(engine)").replace("create(", "create_test_tables("),
        STARTING.format("SQLModel.metadata.create_all(engine)").replace("create(", "reset_database("),
        "@app.command()\ndef create(): SQLModel.metadata.create_all(engine)\nuse(create)",
        "@click.command('create')\ndef create(): SQLModel.metadata.create_all(engine)\ncreate()",
        "while wanted(): SQLModel.metadata.create_all(engine)",
        "# SQLModel.metadata.create_all(engine), before there were migrations",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    SQLModel.metadata.create_all(engine)",
    ],
)
def test_what_is_asked_for_by_hand_or_is_something_else_is_fine(main: str) -> None:
    assert found(shop(f"class Other(DeclarativeBase): pass\n{main}")) == []


def test_what_is_not_for_type_checkers_runs() -> None:
    main = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    SQLModel.metadata.create_all(engine)"
    )
    assert found(shop(main)) == ["shop.main :create_all"]


@pytest.mark.parametrize("name", ["scripts/create", "cli", "seed", "conftest", "test_books", "tests/books"])
def test_scripts_and_tests_are_fine(name: str) -> None:
    call = "def create(): SQLModel.metadata.create_all(engine)\ncreate()"
    assert found({"shop/books.py": BOOKS, f"shop/{name}.py": call}) == []


def test_a_function_that_only_a_script_or_an_import_names_is_fine() -> None:
    files = shop(
        "from shop.db import create_tables",
        db="def create_tables(): SQLModel.metadata.create_all(engine)\n__all__ = ['create_tables']",
        cli="from shop.db import create_tables\ncreate_tables()",
    )
    assert found(files) == []


def test_a_project_without_migrations_creates_its_tables_somehow() -> None:
    files = shop("SQLModel.metadata.create_all(engine)")
    with written(files, models=("shop.books",)) as source:
        assert list(ask(create_all_in_app, source, {})) == []


def test_the_metadata_of_other_tables_is_their_own_business() -> None:
    files = shop("from shop.cache import metadata\nmetadata.create_all(engine)", cache="metadata = MetaData()\n")
    assert found(files) == []
