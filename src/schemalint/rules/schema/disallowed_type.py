"""A column of a type that does not do what it seems to do, or that the project does not want.

CHAR(n) pads with blanks up to n, which are stored and sent, vanish when the value is cast or compared, and save nothing over VARCHAR(n). MONEY takes its fraction digits and its
reading from the server's `lc_monetary`: another setting, and 10.00 is read as 1000. TIME WITH TIME ZONE has an offset without a date, which means nothing where clocks are
changed. A precision of 0 rounds a timestamp instead of cutting it off, so what happened just now lies up to half a second in the future
(https://wiki.postgresql.org/wiki/Don%27t_Do_This#Date.2FTime_storage). Changing the type later rewrites the table under an ACCESS EXCLUSIVE lock.

`types` are the types that are found, as PostgreSQL writes them, with or without what is in parentheses: `"xml"`, `"hstore"`, `"json"`, `"serial"`, `"char(10)"`. `"char"` spares values of one length:
CHAR of 4 and less (a country, a currency, a flag), the lengths of hashes and UUIDs, keys, and columns called code, hash and the like. Right anyway: any other value whose length never varies.

Bad:

```python
class Member(SQLModel, table=True):
    __tablename__ = "members"
    id: int | None = Field(default=None, primary_key=True)
    nickname: str = Field(sa_type=sa.CHAR(30))
```

Good:

```python
class Member(SQLModel, table=True):
    __tablename__ = "members"
    id: int | None = Field(default=None, primary_key=True)
    nickname: str = Field(max_length=30)
    country: str = Field(sa_type=sa.CHAR(2))
```
"""

import re
from collections.abc import Iterator
from functools import cache

from sqlalchemy import ARRAY, BigInteger, Enum, Integer, SmallInteger
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.schema import Sequence

from schemalint.rule import Problem, rule
from schemalint.rules.schema._definitions import definitions
from schemalint.rules.schema._types import has_bounding_check, type_on_postgresql
from schemalint.rules.schema._words import split, words_of
from schemalint.subjects.schema import AnyColumn, Schema


@rule
def disallowed_type(
    schema: Schema, *, types: tuple[str, ...] = ("char", "money", "time with time zone", "timestamp(0)")
) -> Iterator[Problem]:
    unwanted = {usual_name(one) for one in types}
    for column in schema.columns:
        written = usual_name(written_type(column))
        found = next((one for one in spellings(written) if one in unwanted), None)
        if found and not (found == "char" and has_one_length(column)):
            why, remedy = WHY.get(
                without_length(found), ("which the project does not use", "a type that the project uses")
            )
            yield Problem(
                part=column,
                message=f"{column.table.name}.{column.name} is {written.upper()}, {why}",
                remedy=remedy,
            )


WHY = {
    "char": ("which PostgreSQL pads with blanks that vanish again in casts and comparisons", "String(n), or Text"),
    "money": ("whose digits depend on the server's lc_monetary", "Numeric(12, 2), and a column for the currency"),
    "time with time zone": (
        "whose offset means nothing without a date",
        "DateTime(timezone=True) for a moment, Time for a time of the day",
    ),
    "timestamp": (
        "which rounds: what happened just now lies up to half a second in the future",
        "no precision, and date_trunc('second', ...) where it is shown",
    ),
}
"""What a type does that nobody expects, and what to write instead."""


def written_type(column: AnyColumn) -> str:
    """Return a column's type as DDL has it; empty for the types that a project makes itself, whatever they are called."""
    kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
    if isinstance(kind, (Enum, DOMAIN)):
        return ""
    return serial(column) or type_on_postgresql(column)


def serial(column: AnyColumn) -> str:
    """Return which SERIAL a column is made as, empty for none."""
    if not column.primary_key or not isinstance(column.type, Integer) or column.identity is not None:
        return ""
    default = column.default
    has_default = default is not None and not (isinstance(default, Sequence) and default.optional)
    if has_default or column is not column.table.autoincrement_column:
        return ""
    match column.type:
        case BigInteger():
            return "BIGSERIAL"
        case SmallInteger():
            return "SMALLSERIAL"
        case _:
            return "SERIAL"


@cache
def usual_name(written: str) -> str:
    """Return a type in lower case without its collation, under the one name that SQLAlchemy's DDL has for it."""
    plain = re.sub(r"\s+", " ", re.sub(r'\s+collate\s+"[^"]*"', "", written.lower())).strip()
    plain = re.sub(r"\s*\(\s*", "(", re.sub(r"\s*,\s*", ", ", plain))
    base, parenthesis, rest = plain.partition("(")
    return f"{OTHER_NAMES.get(base, base)}{parenthesis}{rest}" if base else ""


OTHER_NAMES = {
    "bool": "boolean",
    "bpchar": "char",
    "character": "char",
    "character varying": "varchar",
    "decimal": "numeric",
    "double precision": "float",
    "float4": "real",
    "float8": "float",
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "serial2": "smallserial",
    "serial4": "serial",
    "serial8": "bigserial",
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
}


@cache
def spellings(written: str) -> tuple[str, ...]:
    """Return a type as it stands, then with less and less of it, as a user may name it.

    `timestamp(0) without time zone` gives itself, `timestamp(0)`, `timestamp without time zone` and `timestamp`; an array what its elements give.
    """
    element = written.rstrip("[]")
    without_zone = re.sub(r" with(out)? time zone$", "", element)
    bare = without_length(element)
    return tuple(dict.fromkeys((written, element, without_zone, bare, without_length(without_zone))))


def without_length(written: str) -> str:
    return re.sub(r"\([^)]*\)", "", written)


def has_one_length(column: AnyColumn) -> bool:
    """Whether the values of a CHAR are likely to be of one length: a code, a hash, a key."""
    length = re.search(r"\((\d+)\)", type_on_postgresql(column))
    number = int(length[1]) if length else 1
    return (
        number <= 4
        or number in LENGTHS
        or column.primary_key
        or bool(column.foreign_keys)
        or not IDENTIFIERS.isdisjoint(split(column.name))
        or any(one.unique and one.elements == (column.name,) for one in definitions(column.table))
        or has_bounding_check(column)
    )


LENGTHS = frozenset({22, 24, 26, 27, 28, 32, 36, 38, 40, 44, 56, 60, 64, 66, 88, 96, 128})
"""What hashes, UUIDs, ULIDs, object ids and addresses of blockchains have, in hexadecimal or base64."""

IDENTIFIERS = words_of("""
    abbreviation address bic checksum code color colour country currency digest ean etag fingerprint gtin guid hash hex iata iban icao id
    identifier imei isbn isin iso issn key language lei locale md5 nonce number phone plate postcode prefix salt sha sha1 sha256 sha512 signature
    siren siret ssn state suffix swift symbol ticker token uid ulid uuid vat vin year zip
""")
