"""Tests of forgotten-table-true."""

import pytest

from schemalint.rules.source.forgotten_table_true import forgotten_table_true
from sources import check_clean, check_found, marked


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("id: int = Field(primary_key=True)", "a primary_key"),
        ('user_id: int = Field(foreign_key="users.id")', "a foreign_key"),
        ("name: str = Field(index=True)", "index=True"),
        ("name: str = Field(unique=True)", "unique=True"),
        ('__tablename__ = "books"', "a __tablename__"),
        ('authors: list["Author"] = Relationship()', "a Relationship"),
    ],
)
def test_what_only_a_table_can_have_is_found(body: str, said: str) -> None:
    source = f"class Book(SQLModel):\n    {body}\n"
    (problem,) = check_found(forgotten_table_true, source, "models.Book")
    assert problem.message == f"Book has {said}, but no table: without table=True SQLModel ignores it"
    assert (
        problem.remedy
        == f"class Book(..., table=True), or no {said.removeprefix('a ')} where it is a model for requests and responses"
    )
    assert marked(forgotten_table_true, source) == ["Book"]


ID = "    id: int = Field(primary_key=True)\n"


@pytest.mark.parametrize(
    "source",
    [
        f"class Book(SQLModel, table=True):\n{ID}",
        f"class Book(SQLModel, table=TABLES):\n{ID}",
        f"class Book(SQLModel):\n    model_config = {{'table': True}}\n{ID}",
        f"class Identified(SQLModel):\n{ID}class Book(Identified, table=True): pass\n",
        f"class Identified(SQLModel):\n{ID}class Named(Identified): pass\nclass Book(Named, table=True): pass\n",
        f"class BookBase(SQLModel):\n{ID}",
        f"class BaseBook(SQLModel):\n{ID}",
        f"class TimestampMixin(SQLModel):\n{ID}",
        f"class Shared(SQLModel):\n    name: str\nclass Book(Shared, table=True): pass\nclass BookPublic(Shared):\n{ID}",
        f"class Book(SQLModel, table=True):\n{ID}class BookPublic(Book):\n{ID}",
        "class BookPublic(SQLModel):\n    id: int\n    name: str = Field(max_length=3)\n",
        "class BookPublic(SQLModel):\n    id: int = Field(primary_key=False, index=False)\n",
        f"if True:\n    class Book(SQLModel):\n    {ID}",
        "from pydantic import BaseModel, Field\nclass Book(BaseModel):\n    id: int = Field(primary_key=True)\n",
        f"from elsewhere import Thing\nclass Book(Thing):\n{ID}",
    ],
)
def test_a_table_a_base_or_a_plain_model_is_fine(source: str) -> None:
    check_clean(forgotten_table_true, source)


def test_a_table_in_another_file_makes_it_a_base() -> None:
    check_clean(
        forgotten_table_true,
        {
            "shop/identified.py": f"class Identified(SQLModel):\n{ID}",
            "shop/book.py": "from .identified import Identified as I\nclass Book(I, table=True): pass\n",
        },
    )
