"""A secret in a plain string column.

A password, an access token or a card number is then in every backup, replica, log of slow queries, export and error report, and readable for everyone who may SELECT. Passwords belong in a hash
made for them (Argon2, bcrypt, scrypt); tokens that are only compared, in a SHA-256; what must be read again, in an encrypted column. PostgreSQL does not encrypt single columns by itself
(https://www.postgresql.org/docs/current/encryption-options.html).

Found are plain strings by their names: password, passphrase, secret, api_key, private_key, access_token, ssn, card_number, cvv and the like at the end of the name; `names` adds yours. Silent are names that say hash, encrypted or masked,
what only tells about a secret (`token_count`, `password_changed_at`, `secret_arn`), columns whose comment speaks of a hash or of encryption, those of the length of a bcrypt hash, and types of the project, which may encrypt.
Right anyway: a column that holds a hash and is called otherwise; a name that says so is better.

Bad:

```python
class Account(SQLModel, table=True):
    __tablename__ = "accounts"
    id: int | None = Field(default=None, primary_key=True)
    password: str = Field(max_length=100)
```

Good:

```python
class Account(SQLModel, table=True):
    __tablename__ = "accounts"
    id: int | None = Field(default=None, primary_key=True)
    password_hash: str = Field(max_length=100)
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.schema._types import declared_length, is_text, is_varchar
from schemalint.rules.schema._words import split, words_of
from schemalint.subjects.schema import AnyColumn, Schema


@rule(profile="strict")
def sensitive_column_plain(schema: Schema, *, names: tuple[str, ...] = ()) -> Iterator[Problem]:
    for column in schema.columns:
        if not (column.name in names or is_called_a_secret(column)) or not (is_varchar(column) or is_text(column)):
            continue
        if column.foreign_keys or column.computed is not None or is_said_to_be_safe(schema, column):
            continue
        yield Problem(
            part=column,
            message=f"{column.table.name}.{column.name} is a plain string: unless the secret is hashed or encrypted before, it is in every backup, log and export",
            remedy=remedy(column),
        )


def is_called_a_secret(column: AnyColumn) -> bool:
    """Whether a column's name ends with what a secret is called."""
    words = split(column.name)
    if not SAFE.isdisjoint(words):
        return False
    if words[-1:] == ("token",):
        # A token alone, or of a kind that we do not know, may be a word of a text, a mark in a page of results, an address of a device.
        return not SECRET_TOKENS.isdisjoint(words[:-1]) or (len(words) == 1 and belongs_to_somebody(column))
    return any(words[-len(ending) :] == ending for ending in ENDINGS)


def belongs_to_somebody(column: AnyColumn) -> bool:
    """Whether a table has columns of a session or a login: a user, an expiry."""
    return any(not LOGIN.isdisjoint(split(other.name)) for other in column.table.columns)


def is_said_to_be_safe(schema: Schema, column: AnyColumn) -> bool:
    field = schema.field_of(column)
    description = field.info.description if field is not None and field.info is not None else None
    said = f"{column.comment or ''} {description or ''}".lower()
    return any(word in said for word in SPOKEN) or (
        declared_length(column) == BCRYPT and "password" in column.name.lower()
    )


def remedy(column: AnyColumn) -> str:
    words = split(column.name)
    if words[-1] in ("password", "passwd", "pwd", "passphrase", "passcode", "pin"):
        return f"a hash made for passwords, and a name that says so: {column.name}_hash"
    if words[-1] == "token":
        return f"a SHA-256 of it ({column.name}_hash) where it is only compared, else a type that encrypts"
    return "a type that encrypts, or a store for secrets"


BCRYPT = 60
"""The length of every bcrypt hash."""

SPOKEN = ("hash", "encrypt", "cipher", "bcrypt", "argon", "scrypt", "pbkdf", "masked", "redacted")

ENDINGS = (
    ("password",), ("passwd",), ("pwd",), ("passphrase",), ("passcode",), ("secret",), ("secrets",), ("ssn",), ("cvv",), ("cvc",),
    ("api", "key"), ("apikey",), ("private", "key"), ("secret", "key"), ("access", "key"), ("encryption", "key"), ("signing", "key"),
    ("social", "security", "number"), ("card", "number"), ("credit", "card"), ("pin", "code"), ("passport", "number"), ("recovery", "code"),
    ("recovery", "codes"), ("backup", "codes"), ("mnemonic",), ("seed", "phrase"),
)  # fmt: skip

SECRET_TOKENS = words_of("""
    access activation api auth authentication authorization bearer bot confirmation login oauth oauth1 oauth2 password personal refresh
    reset secret session verification
""")

LOGIN = words_of("expires expired expiry expiration revoked user session login")

SAFE = words_of("""
    changed cipher ciphertext crypt crypted digest enc encrypted encryption fernet fingerprint hash hashed hashes has hint is kms last4 masked
    needs policy public redacted require required requires reset_required salted sealed sha sha256 wrapped
""")
"""Words that say that the secret itself is not there."""
