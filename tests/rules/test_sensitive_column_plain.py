"""Secrets are no plain text."""

import pytest

from schemalint.rules.schema.sensitive_column_plain import sensitive_column_plain as rule
from snippets import check_clean, check_found


def table(name: str, kind: str = "sa.String(100)", more: str = "", rest: str = "") -> str:
    return f"""
        class Encrypted(sa.TypeDecorator):
            impl = sa.String
            cache_ok = True

        t = Table("accounts", MetaData(), Column("{name}", {kind}{rest}){more})
        """


@pytest.mark.parametrize(
    "name",
    [
        "password", "user_password", "userPassword", "passwd", "passphrase", "secret", "client_secret", "api_key", "openai_api_key", "private_key", "aws_secret_access_key",
        "access_token", "refresh_token", "oauth2_token", "reset_token", "password_reset_token", "session_token", "ssn", "social_security_number", "card_number", "cvv",
        "webhook_secret", "totp_secret", "recovery_codes",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["sa.String(100)", "sa.Text"])
def test_a_secret_by_name_in_a_plain_string_is_found(name: str, kind: str) -> None:
    (problem,) = check_found(rule, table(name, kind), f"accounts.{name}")
    assert (
        problem.message
        == f"accounts.{name} is a plain string: unless the secret is hashed or encrypted before, it is in every backup, log and export"
    )


@pytest.mark.parametrize("other", ["user_id", "expires_at", "revoked"])
def test_a_token_of_somebody_is_found(other: str) -> None:
    check_found(rule, table("token", more=f', Column("{other}", sa.Integer)'), "accounts.token")


def test_models_are_found() -> None:
    check_found(
        rule,
        """
        class Account(SQLModel, table=True):
            __tablename__ = "accounts"
            id: int | None = Field(default=None, primary_key=True)
            password: str = Field(max_length=100)

        class Base(DeclarativeBase): ...

        class Client(Base):
            __tablename__ = "clients"
            id: Mapped[int] = mapped_column(primary_key=True)
            client_secret: Mapped[str | None]
        """,
        "accounts.password",
        "clients.client_secret",
    )


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("password", "a hash made for passwords, and a name that says so: password_hash"),
        ("reset_token", "a SHA-256 of it (reset_token_hash) where it is only compared, else a type that encrypts"),
        ("api_key", "a type that encrypts, or a store for secrets"),
    ],
)
def test_the_remedy_fits_the_secret(name: str, remedy: str) -> None:
    (problem,) = check_found(rule, table(name), f"accounts.{name}")
    assert problem.remedy == remedy


@pytest.mark.parametrize(
    "name",
    [
        "password_hash", "hashed_password", "password_digest", "encrypted_password", "password_enc", "token_hash", "hashed_token", "token_count", "token_id", "access_token_id",
        "token_type", "token_expires_at", "password_changed_at", "password_hint", "secret_name", "secret_arn", "secret_id", "secret_path", "api_key_id", "api_key_prefix", "private_key_path", "public_key",
        "masked_card_number", "card_last4", "ssn_last4", "encrypted_ssn", "api_key_hash", "hashed_api_key", "access_token_encrypted", "secretary", "tokenizer", "next_page_token",
        "page_token", "stop_token", "device_token", "push_token", "keyword", "foreign_key", "primary_key", "sort_key", "cache_key", "key", "idempotency_key", "secret_santa", "password_policy", "requires_password",
        "has_password", "token", "passport_country", "pin", "pinned", "storage_key", "dedup_token",
    ],
)  # fmt: skip
def test_hashes_and_what_only_tells_about_a_secret_are_fine(name: str) -> None:
    check_clean(rule, table(name))


@pytest.mark.parametrize(
    ("kind", "rest"),
    [
        ("Encrypted", ""),
        ("sa.LargeBinary", ""),
        ("sa.Boolean", ""),
        ("sa.Integer", ""),
        ("sa.DateTime", ""),
        ("pg.JSONB", ""),
        ("sa.String(60)", ""),
        ("sa.String(100)", ', comment="bcrypt hash"'),
        ("sa.String(100)", ', comment="Encrypted by the application"'),
        ("sa.String(100)", ', sa.Computed("1::text")'),
        ("sa.String(100)", ', ForeignKey("passwords.password")'),
    ],
)
def test_types_that_may_encrypt_other_types_and_comments_that_say_so_are_fine(kind: str, rest: str) -> None:
    check_clean(rule, table("password", kind, rest=rest))


def test_a_token_of_a_text_is_fine() -> None:
    check_clean(rule, table("token", more=', Column("position", sa.Integer), Column("document_id", sa.Integer)'))


def test_a_description_of_the_field_counts() -> None:
    check_clean(
        rule,
        """
        class Account(SQLModel, table=True):
            __tablename__ = "accounts"
            id: int | None = Field(default=None, primary_key=True)
            password: str = Field(max_length=100, description="Argon2 hash")
        """,
    )


def test_names_of_the_project_are_found() -> None:
    check_found(rule, table("iban"), "accounts.iban", names=("iban",))
