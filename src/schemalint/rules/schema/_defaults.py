"""The values and functions that a column takes in Python when an insert does not bring one."""

import dataclasses
import enum
import json
import uuid
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from types import CodeType
from typing import Any, Literal, NamedTuple, TypeAlias

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Date,
    DateTime,
    DefaultClause,
    Enum,
    Float,
    Integer,
    Numeric,
    String,
    Time,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import LoaderCallableStatus
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from schemalint.rules.schema._definitions import printed
from schemalint.rules.schema._types import is_utc_datetime, known_type
from schemalint.subjects.schema import AnyColumn, ModelField, Schema


def class_default(field: ModelField) -> object:
    """Return what an instance starts with: SQLModel's `Field(default=...)` or a dataclass's `default=`; None where nothing is said."""
    if field.info is not None:
        return None if field.info.is_required() else field.info.default
    one = dataclass_field(field)
    # Since SQLAlchemy 2.1 a mapped dataclass leaves its constants to the column, with a mark in their place.
    if one is None or one.default is dataclasses.MISSING or isinstance(one.default, LoaderCallableStatus):
        return None
    return one.default


def has_factory(field: ModelField) -> bool:
    """Whether the class makes a value for each instance: `default_factory=`."""
    if field.info is not None:
        return field.info.default_factory is not None
    one = dataclass_field(field)
    return one is not None and one.default_factory is not dataclasses.MISSING


def dataclass_field(field: ModelField) -> "dataclasses.Field[object] | None":
    if not dataclasses.is_dataclass(field.model):
        return None
    return next((one for one in dataclasses.fields(field.model) if one.name == field.name), None)


def constants(schema: Schema, column: AnyColumn) -> Iterator[object]:
    """Yield the Python values, made once when the models were imported, that every insert or update of a column gets."""
    field = schema.field_of(column)
    if field is not None:
        yield class_default(field)
    for default in (column.default, column.onupdate):
        if default is not None and default.is_scalar:
            yield getattr(default, "arg", None)


Constant: TypeAlias = bool | Decimal | str
"""What a column holds, in a form in which Python's and PostgreSQL's ways of writing it compare: JSON is its text, an enum its label."""


def kept(column: AnyColumn, value: object) -> Constant | None:
    """Return what PostgreSQL keeps in `column` for a Python value; None where a type of the project or a driver decides that.

    `dict` and `list` given as factories are the empty values that they make.
    """
    kind = known_type(column)
    if value is dict or value is list:
        value = value()
    match kind, value:
        case (Enum(), _):
            return label(kind, value)
        case (Boolean(), bool() | int()):
            return bool(value)
        case (Numeric() | Float() | Integer(), bool() | int() | float() | Decimal()):
            return number(str(int(value) if isinstance(value, bool) else value))
        case (String(), str()):
            return str(value.value) if isinstance(value, enum.Enum) else value
        case (JSON(), dict() | list() | str() | int() | float() | bool()):
            return as_json(value)
        case (ARRAY(), []):
            return "{}"
        case _:
            return None


def server_constant(column: AnyColumn) -> Constant | None:
    """Return what PostgreSQL keeps where an insert leaves `column` out; None without a default, or where it is an expression."""
    text = server_text(column)
    if text is None:
        return None
    match known_type(column):
        case Enum() | String():
            return text
        case Boolean():
            return BOOLEANS.get(text.strip().lower())
        case Numeric() | Float() | Integer():
            return number(text)
        case JSON():
            return from_json(text)
        case _:  # an array: of other types no value of Python is compared
            return text.strip()


BOOLEANS = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0"), False),
}
"""How PostgreSQL reads a boolean (https://www.postgresql.org/docs/current/datatype-boolean.html), without the shorter prefixes."""


def server_text(column: AnyColumn) -> str | None:
    """Return the text of a constant server default, without the quotes and casts of SQL; None for any other."""
    default = column.server_default
    if not isinstance(default, DefaultClause):
        return None
    if isinstance(default.arg, str):
        return default.arg
    try:
        return literal(printed(default.arg))
    except SQLAlchemyError:
        return None


def literal(sql: str) -> str | None:
    """Return the text of a literal as SQL writes it: `'draft'::text`, `0`, `true`; None for an expression.

    A percent sign or a backslash may be doubled on the way into SQL: such texts are not told apart.
    """
    sql = sql.strip()
    if "%" in sql or "\\" in sql:
        return None
    if sql.lower() in ("true", "false") or number(sql) is not None:
        return sql
    while not sql.endswith("'") and "::" in sql:
        sql = sql.rpartition("::")[0].rstrip()
    if len(sql) < 2 or not (sql.startswith("'") and sql.endswith("'")):
        return None
    inner = sql[1:-1]
    return None if "'" in inner.replace("''", "") else inner.replace("''", "'")


def label(kind: Enum, value: object) -> str | None:
    """Return the label under which an enum type keeps a member, or a label itself."""
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        return value if value in kind.enums else None
    members = list(kind.enum_class) if kind.enum_class is not None else []
    if len(members) != len(kind.enums):  # aliases are kept, or the project names the labels in a way of its own
        return None
    return next((one for one, member in zip(kind.enums, members, strict=True) if member is value), None)


def number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def as_json(value: object) -> str | None:
    try:
        return json.dumps(value, sort_keys=True)
    except (TypeError, ValueError):
        return None


def from_json(text: str) -> str | None:
    try:
        return as_json(json.loads(text))
    except ValueError:
        return None


def in_code(text: str) -> str:
    """Return a text as Python code writes it, in double quotes."""
    return json.dumps(text, ensure_ascii=False)


class Written(NamedTuple):
    """A default as the models write it, with the names that the code uses."""

    code: str
    imports: tuple[str, ...] = ()


def as_server_default(column: AnyColumn, value: object) -> Written | None:
    """Return the server default that gives what Python's default `value` gives; None where PostgreSQL may not be able to say it."""
    if value is uuid.uuid4 and isinstance(column.type, Uuid):
        return Written("func.gen_random_uuid()", ("sqlalchemy.func",))
    if isinstance(value, FunctionElement):
        name = getattr(value, "name", "")
        is_plain = name in SAME_ON_THE_SERVER and not list(value.clauses)
        return Written(f"func.{name}()", ("sqlalchemy.func",)) if is_plain else None
    if callable(value) and reads_the_clock(value):
        return Written("func.now()", ("sqlalchemy.func",)) if is_aware_timestamp(column) else None
    match kept(column, value):
        case bool(answer):
            name = "true" if answer else "false"
            return Written(f"{name}()", (f"sqlalchemy.{name}",))
        case None:
            return None
        case constant:
            return Written(in_code(str(constant)))


SAME_ON_THE_SERVER = ("now", "current_timestamp", "clock_timestamp", "statement_timestamp", "gen_random_uuid", "uuidv7")
"""Functions without arguments that mean in a DEFAULT what they mean in an INSERT."""


def is_aware_timestamp(column: AnyColumn) -> bool:
    return is_utc_datetime(column) or (isinstance(column.type, DateTime) and bool(column.type.timezone))


def reads_the_clock(call: object) -> bool:
    """Whether a function does nothing but ask for the present moment: `lambda: datetime.now(UTC)`, a `utcnow()` of the project.

    It is not called, it might do anything: what counts is that its code uses no name and no number beyond those that this takes.
    """
    code = getattr(call, "__code__", None)
    return (
        isinstance(code, CodeType)
        and not code.co_freevars
        and not CLOCKS.isdisjoint(code.co_names)
        and CLOCK_WORDS.issuperset(code.co_names)
        and all(one is None or isinstance(one, (str, tuple)) for one in code.co_consts)
    )


CLOCKS = frozenset({"now", "utcnow"})
CLOCK_WORDS = CLOCKS | {"datetime", "dt", "timezone", "utc", "UTC", "tz", "pytz", "ZoneInfo", "zoneinfo"}


class Misquoted(NamedTuple):
    """A server default that is SQL in a Python string, which becomes a quoted text.

    `effect` is what becomes of the text: a time that is read once (frozen), a text in a text column (kept), CREATE TABLE fails (refused).
    `meant` is what to write; its code is empty for NULL, which needs no default.
    """

    text: str
    effect: Literal["frozen", "kept", "refused"]
    meant: Written


def misquoted(column: AnyColumn) -> Misquoted | None:
    """Return what is wrong with a server default that is SQL in a Python string; None for all others, and in doubt.

    A type decorator is looked through: it has no say in what a default is.
    """
    default = column.server_default
    if not isinstance(default, DefaultClause) or not isinstance(default.arg, str):
        return None
    text = default.arg.strip()
    match stored_type(column):
        case Enum(enums=labels):
            inner = literal(text) if text.startswith("'") else None
            if default.arg in labels or inner not in labels:
                return None
            return Misquoted(text, "refused", Written(in_code(inner)))
        case String():
            meant = as_sql(text) if is_surely_sql(text) else None
            return meant and Misquoted(text, "kept", meant)
        case DateTime() | Date() | Time():
            if (meant := FROZEN.get(text.lower())) is not None:
                return Misquoted(text, "frozen", meant)
            # PostgreSQL reads over the quotes in "'2024-01-01'".
            meant = None if text.startswith("'") and text.endswith("'") else as_sql(text)
            return meant and Misquoted(text, "refused", meant)
        case JSON() if text == "null":
            return None
        case Boolean() | Integer() | Numeric() | Float() | Uuid() | JSON() | ARRAY():
            meant = as_sql(text)
            return meant and Misquoted(text, "refused", meant)
        case _:
            return None


def stored_type(column: AnyColumn) -> TypeEngine[Any]:
    kind: TypeEngine[Any] = column.type
    while isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return kind


NOW, TODAY = Written("func.now()", ("sqlalchemy.func",)), Written('text("CURRENT_DATE")', ("sqlalchemy.text",))
FROZEN = {"now": NOW, "now()": NOW, "today": TODAY, "today()": TODAY}
"""Texts that PostgreSQL reads as a date or time, which depends on when it does so."""

KEYWORDS = ("current_timestamp", "current_date", "current_time", "localtimestamp", "localtime")
"""Functions of the present moment that are written without parentheses."""

FUNCTIONS = (
    "now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "gen_random_uuid", "uuid_generate_v1", "uuid_generate_v1mc",
    "uuid_generate_v4", "uuidv4", "uuidv7", "nextval", "random", "timezone",
)  # fmt: skip
"""Functions that no text column wants to hold by name; others might be meant as text: `rgb(0, 0, 0)`."""


def is_surely_sql(text: str) -> bool:
    """Whether a text is SQL even where it could be kept: nobody wants its quotes, or the name of such a function, in every row."""
    lower = text.lower()
    is_quoted = len(text) > 1 and text.startswith("'") and literal(text) is not None
    return is_quoted or text == "NULL" or lower in KEYWORDS or called(lower) in FUNCTIONS


def as_sql(text: str) -> Written | None:
    """Return how to write a text that is SQL; None for one that is a constant, or not surely SQL."""
    lower = text.lower()
    if lower == "null":
        return Written("")
    if lower in ("now()", "current_timestamp", "current_timestamp()"):
        return NOW
    if lower == "gen_random_uuid()":
        return Written("func.gen_random_uuid()", ("sqlalchemy.func",))
    if text.startswith("'"):
        inner = literal(text)
        return None if inner is None else Written(in_code(inner))
    if lower in KEYWORDS or called(lower) or lower.startswith("array["):
        # text() takes a colon for a parameter.
        return None if ":" in text.replace("::", "") else Written(f"text({in_code(text)})", ("sqlalchemy.text",))
    return None


def called(text: str) -> str:
    """Return the function that a text calls, empty where it is no call: `nextval('n'::regclass)`, `gen_random_uuid()::text`."""
    name, bracket, rest = text.partition("(")
    ends = rest.endswith(")") or rest.rpartition("::")[0].endswith(")")
    return name if bracket and ends and name.replace(".", "_").isidentifier() else ""


def server_default_operation(column: AnyColumn, code: str) -> str:
    """Return the Alembic operation that gives a column a server default; none at all, where the code is empty."""
    default = code or "None"
    if default.startswith(("func.", "text(", "true(", "false(")):
        default = f"sa.{default}"
    schema = f", schema={in_code(column.table.schema)}" if column.table.schema else ""
    return f"op.alter_column({in_code(column.table.name)}, {in_code(column.name)}, server_default={default}{schema})"
