"""Tests of model-not-imported."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from schemalint.config import Config
from schemalint.loaders.source import load_source
from schemalint.rules.source.model_not_imported import model_not_imported
from sources import BARE, ask, imported, written

HEAD = f"{BARE}\nfrom sqlmodel import Field, SQLModel\n"


def model(name: str, base: str = "SQLModel") -> str:
    return f"class {name}({base}, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n"


A, B = HEAD + model("Aaa"), HEAD + model("Bbb")


def found(root: Path, files: Mapping[str, str], *models: str) -> list[str]:
    with imported(root, files, models) as (schema, source):
        assert schema.is_whole
        return [source.place(problem.part).object for problem in ask(model_not_imported, source, {})]


def test_a_table_in_a_module_that_nothing_imports_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, {"nota/a.py": A, "nota/inner/b.py": B}, "nota.a") == ["bbb"]


def test_a_declarative_class_below_the_same_base_is_found(tmp_path: Path) -> None:
    files = {
        "notd/base.py": f"{BARE}\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\nclass Base(DeclarativeBase): pass\n",
        "notd/a.py": f"{BARE}\nfrom .base import *\nclass A(Base):\n    __tablename__ = 'as'\n    id: Mapped[int] = mapped_column(primary_key=True)\n",
        "notd/b.py": f"{BARE}\nfrom .base import *\nclass B(Base):\n    __tablename__ = 'bs'\n    id: Mapped[int] = mapped_column(primary_key=True)\n",
    }
    assert found(tmp_path, files, "notd.a") == ["bs"]


@pytest.mark.parametrize(
    "files",
    [
        {"notx/a.py": A, "notx/b.py": B, "notx/__init__.py": f"{BARE}\nfrom . import b\n"},
        {"notx/a.py": f"{HEAD}import importlib\nimportlib.import_module('notx.b')\n{model('Aaa')}", "notx/b.py": B},
        {"notx/a.py": A, "notx/tests/b.py": B},
        {"notx/a.py": A, "notx/test_b.py": B},
        {"notx/a.py": A, "notx/migrations/b.py": B},
        {"notx/a.py": A, "notx/b.py": A},  # a copy of the table that is there
        {"notx/a.py": A, "notx/b.py": f"{HEAD}class Bbb(SQLModel):\n    x: str = 'table=True'\n"},
        {"notx/a.py": A, "notx/b.py": f"{HEAD}def make():\n    {model('Bbb').replace(chr(10), chr(10) + '    ')}\n"},
        {"notx/a.py": A, "notx/b.py": f"{HEAD}if False:\n    {model('Bbb').replace(chr(10), chr(10) + '    ')}\n"},
        {
            "notx/a.py": A,
            "notx/b.py": f"{HEAD}from sqlalchemy import MetaData\nclass Own(SQLModel):\n    metadata = MetaData()\n{model('Bbb', 'Own')}",
        },
        {"notx/a.py": A, "notx/b.py": f"{HEAD}from elsewhere import Base\n{model('Bbb', 'Base')}"},
        {"notx/a.py": A, "noty/b.py": B},  # a package that is none of the models'
    ],
)
def test_what_is_imported_or_no_table_of_these_models_is_fine(tmp_path: Path, files: Mapping[str, str]) -> None:
    assert found(tmp_path, files, "notx.a") == []


def test_what_env_imports_is_fine_whatever_models_names(tmp_path: Path) -> None:
    (tmp_path / "alembic").mkdir()
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
    (tmp_path / "alembic" / "env.py").write_text("def metadata():\n    from note.b import Bbb\n")
    assert found(tmp_path, {"note/a.py": A, "note/b.py": B}, "note.a") == []


def test_nothing_is_said_where_the_models_did_not_import(tmp_path: Path) -> None:
    with imported(tmp_path, {"notf/a.py": A + "1 / 0\n", "notf/b.py": B}, ("notf.a",)) as (schema, source):
        assert not schema.is_whole
        assert list(ask(model_not_imported, source, {})) == []
    with written({"notf/a.py": A, "notf/b.py": B}, models=("notf.a",)) as source:
        assert source.unreached == ()


def test_an_external_table_need_not_be_imported(tmp_path: Path) -> None:
    with imported(tmp_path, {"notg/a.py": A, "notg/b.py": B}, ("notg.a",)) as (schema, _):
        config = Config(root=tmp_path, models=("notg.a",), external_tables=("bb*",))
        assert load_source(config, schema).unreached == ()
