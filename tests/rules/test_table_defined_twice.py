"""Tests of table-defined-twice."""

from pathlib import Path

import pytest

from schemalint.rules.source.table_defined_twice import table_defined_twice
from sources import ask, check_clean, check_found, imported, written

ID = "    id: int | None = Field(default=None, primary_key=True)\n"


def model(name: str, table: str = "books", more: str = "") -> str:
    return f'class {name}(SQLModel, table=True):\n    __tablename__ = "{table}"\n{ID}{more}'


BASE = "class Base(DeclarativeBase): pass\n"


def declarative(name: str, table: str = "books", base: str = "Base") -> str:
    return (
        f'class {name}({base}):\n    __tablename__ = "{table}"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    )


def test_a_second_class_for_one_table_is_found() -> None:
    (problem,) = check_found(table_defined_twice, {"shop/a.py": model("Book"), "shop/b.py": model("Shelf")}, "books")
    assert problem.message == "Book of shop.a has the table books already: SQLAlchemy does not make Shelf"


def test_the_name_that_sqlmodel_makes_counts() -> None:
    check_found(
        table_defined_twice,
        {"shop/a.py": f"class Book(SQLModel, table=True):\n{ID}", "shop/b.py": model("B", "book")},
        "book",
    )


def test_declarative_classes_of_one_base_are_compared_also_of_one_that_is_made_by_a_call() -> None:
    check_found(table_defined_twice, BASE + declarative("A") + declarative("B"), "books")
    made = "Base = orm.declarative_base()\n"
    check_found(table_defined_twice, made + declarative("A") + declarative("B"), "books")


@pytest.mark.parametrize(
    "arguments",
    ['{"extend_existing": True}', '(Index("x", "id"), {"extend_existing": True})', "dict(keep_existing=True)"],
)
def test_extend_existing_hides_it(arguments: str) -> None:
    more = f"    __table_args__ = {arguments}\n"
    (problem,) = check_found(table_defined_twice, model("A") + model("B", more=more), "books")
    assert "share the table books" in problem.message


def test_extend_existing_is_found_where_the_models_import(tmp_path: Path) -> None:
    shared = model("TwiceB", more='    __table_args__ = {"extend_existing": True}\n')
    with imported(tmp_path, {"twice/a.py": model("TwiceA"), "twice/b.py": shared}) as (schema, source):
        assert schema.is_whole
        assert [problem.part for problem in ask(table_defined_twice, source, {})] == [source.of["twice.b.TwiceB"]]


def test_what_was_imported_has_one_table_a_class_whatever_the_source_says(tmp_path: Path) -> None:
    files = {
        "once/a.py": model("OnceA", "once"),
        "once/b.py": "import once.a\nSQLModel.metadata.clear()\n" + model("OnceB", "once"),
    }
    with imported(tmp_path, files) as (schema, source):
        assert schema.is_whole
        assert list(ask(table_defined_twice, source, {})) == []


@pytest.mark.parametrize(
    "source",
    [
        model("A") + model("B", "others"),
        model("A") + model("B", more='    __table_args__ = {"schema": "x"}\n'),
        f"{BASE}{model('A')}{declarative('B')}",
        f"{BASE}class Other(DeclarativeBase): pass\n{declarative('A')}{declarative('B', base='Other')}",
        f"class Own(SQLModel):\n    metadata = MetaData()\n{model('A')}{model('B').replace('SQLModel', 'Own')}",
        f"class Own(SQLModel, registry=orm.registry()): pass\n{model('A')}{model('B').replace('SQLModel', 'Own')}",
        "if True:\n    class A(SQLModel, table=True):\n        __tablename__ = 'a'\nelse:\n    class A(SQLModel, table=True):\n        __tablename__ = 'a'\n",
        f"{BASE}{declarative('A')}class B(A):\n    x: Mapped[int]\n",
        f"{BASE}t = Table('t', Base.metadata)\nclass A(Base):\n    __table__ = t\nclass B(Base):\n    __table__ = t\n",
        f"from elsewhere import Thing\n{declarative('A', base='Thing')}{declarative('B', base='Thing')}",
        "mapper = orm.registry()\n" + "@mapper.mapped\nclass A:\n    __tablename__ = 'books'\n" * 2,
        model("A") + "class B(SQLModel):\n    __tablename__ = 'books'\n",
    ],
)
def test_other_tables_other_metadata_and_what_is_not_known_is_fine(source: str) -> None:
    check_clean(table_defined_twice, source)


def test_tables_that_the_user_calls_external_are_not_compared() -> None:
    with written(model("A") + model("B"), external_tables=("books",)) as source:
        assert list(ask(table_defined_twice, source, {})) == []


def two_items(relationship: str, imports: str = "") -> dict[str, str]:
    return {
        "shop/base.py": BASE,
        "shop/a.py": f"from shop.base import Base\n{declarative('Item', 'a_items')}",
        "shop/b.py": f"from shop.base import Base\n{declarative('Item', 'b_items')}",
        "shop/order.py": f"from shop.base import Base\n{imports}\n{declarative('Order', 'orders')}    {relationship}\n",
    }


TYPING = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop.a import Item"


@pytest.mark.parametrize(
    "relationship",
    [
        'items = relationship("Item")',
        'items: Mapped[list["Item"]] = relationship()',
        'item: Mapped["Item | None"] = relationship()',
        'item: "Mapped[Item]" = relationship()',
    ],
)
def test_a_relationship_that_names_one_of_two_classes_in_a_string_is_found(relationship: str) -> None:
    name = relationship.partition("=")[0].partition(":")[0].strip()
    (problem,) = check_found(table_defined_twice, two_items(relationship, TYPING), f"Order~{name}")
    assert "of which there is one in shop.a and shop.b" in problem.message


@pytest.mark.parametrize(
    ("relationship", "imports"),
    [
        ('items = relationship("shop.a.Item")', ""),
        ("items = relationship(Item)", "from shop.a import Item"),
        ('items: Mapped[list["Item"]] = relationship()', "from shop.a import Item"),
        ('items = relationship("Order")', ""),
        ('items = relationship(lambda: find("Item"))', ""),
        ("items: Mapped[int]", ""),
        ('items: Mapped[dict[str, list["Item"]]] = relationship()', ""),
    ],
)
def test_a_path_a_class_or_another_name_is_fine(relationship: str, imports: str) -> None:
    check_clean(table_defined_twice, two_items(relationship, imports))


def test_two_classes_of_one_name_are_fine_where_nothing_names_them() -> None:
    files = two_items("x: Mapped[int]")
    check_clean(table_defined_twice, files)
