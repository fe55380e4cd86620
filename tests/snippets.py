"""Models written as a snippet, made a Schema, for tests of single rules."""

import contextlib
import itertools
import sys
import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import SQLModel

from schemalint.config import Config
from schemalint.finding import Location
from schemalint.loaders.models import load_schema
from schemalint.rule import Problem, Rule
from schemalint.subjects.schema import Schema

USUAL = """\
import uuid, datetime as dt, enum
from datetime import date, datetime, time, timedelta, timezone, UTC
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, ClassVar, List, Literal, Optional, Union
from uuid import UUID, uuid4
import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, MetaData, Table, UniqueConstraint, func, text
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, declared_attr, mapped_column, relationship
from sqlmodel import Field, Relationship, SQLModel
"""
"""What every snippet may use without an import of its own."""

_numbers = itertools.count()


@contextmanager
def loaded(source: str, **config: Any) -> Iterator[Schema]:
    """Load `source` as a module of its own through the real loader and give its Schema; SQLModel is emptied before and after."""
    name = f"snippet_{next(_numbers)}"
    with TemporaryDirectory() as root, empty_sqlmodel(), warnings.catch_warnings():
        (Path(root) / f"{name}.py").write_text(USUAL + textwrap.dedent(source), encoding="utf-8")
        try:
            yield load_schema(Config(root=Path(root), models=(name,), **config))
        finally:
            sys.modules.pop(name, None)


@contextmanager
def empty_sqlmodel() -> Iterator[None]:
    """Empty SQLModel's metadata and registry, which all models of a process share, before and after."""
    with contextlib.ExitStack() as stack:
        metadata = SQLModel.metadata
        # SQLAlchemy 2.0 keeps the sequences of a metadata that it clears, and every version its listeners, by which domains and enums are created.
        listeners = partial(vars(metadata).pop, "dispatch", None)
        for forget in (SQLModel._sa_registry.dispose, metadata.clear, metadata._sequences.clear, listeners):
            forget()
            stack.callback(forget)
        yield


def problems(rule: Rule, source: str, **options: Any) -> list[Problem]:
    """Return what `rule` says about the models in `source`, with `options` over its defaults (`max_length=...`)."""
    with loaded(source) as schema:
        return list(ask(rule, schema, options))


def check_found(rule: Rule, source: str, *objects: str, **options: Any) -> list[Problem]:
    """Assert that `rule` finds exactly `objects` (identities, such as `loans.book_id`), in any order; return the problems."""
    with loaded(source) as schema:
        assert schema.failures == ()
        found = list(ask(rule, schema, options))
        assert sorted(schema.place(problem.part).object for problem in found) == sorted(objects)
        return found


def check_clean(rule: Rule, source: str, **options: Any) -> None:
    """Assert that `rule` stays silent about the models in `source`."""
    check_found(rule, source, **options)


def marked_by(rule: Rule, source: str) -> list[str]:
    """Return the source that each problem of `rule` marks, as far as it stands on one line."""
    with loaded(source) as schema:
        return [line_at(schema, schema.place(one.part, one.at).location) for one in ask(rule, schema, {})]


def line_at(schema: Schema, location: Location | None) -> str:
    assert location, "a snippet is source"
    line = Path(schema.files[0]).read_text(encoding="utf-8").splitlines()[location.line - 1]
    return line[location.column - 1 : location.end_column - 1 if location.end_line == location.line else None]


def ask(rule: Rule, schema: Schema, options: dict[str, Any]) -> Iterator[Problem]:
    known = {name.replace("_", "-"): value for name, value in options.items()}
    assert known.keys() <= rule.options.keys()
    return rule.ask(schema, {**rule.options, **known})
