"""Money is exact."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from schemalint.rules.schema.float_money import float_money as rule
from schemalint.throwaway.server import Database
from snippets import check_clean, check_found


def table(name: str, *columns: str) -> str:
    return f't = Table("{name}", MetaData(), {", ".join(columns)})'


def floats(name: str) -> str:
    return f'Column("{name}", sa.Float)'


@pytest.mark.parametrize(
    "name",
    [
        "price", "unit_price", "unitPrice", "price_usd", "price_eur_net", "list_prices", "fee", "shipping_fee", "fees", "base_salary", "hourly_wage",
        "subtotal", "revenue", "refund", "min_price", "max_price", "amount_usd", "cost_eur", "total_gbp", "balance_cents", "price_per_night", "fee_per_hour",
    ],
)  # fmt: skip
def test_a_name_that_says_money_is_found_anywhere(name: str) -> None:
    (problem,) = check_found(rule, table("things", floats(name)), f"things.{name}")
    assert problem.message == (
        f"things.{name} is FLOAT, which cannot hold 0.10: sums of money in it are wrong in their last digits"
    )


@pytest.mark.parametrize(
    "name", ["amount", "total", "total_amount", "cost", "balance", "discount", "tax", "tax_amount", "amount_due", "sum"]
)
@pytest.mark.parametrize(
    "other",
    ['Column("currency", sa.String(3))', 'Column("currency_code", sa.String(3))', 'Column("price", sa.Numeric(9, 2))'],
)
def test_a_name_of_many_meanings_is_found_beside_a_sign_of_money(name: str, other: str) -> None:
    check_found(rule, table("things", floats(name), other), f"things.{name}")


@pytest.mark.parametrize(
    "name",
    ["orders", "order_lines", "invoices", "payments", "Purchase", "billing_events", "app_subscription", "wallets"],
)
def test_a_name_of_many_meanings_is_found_in_a_table_about_money(name: str) -> None:
    check_found(rule, table(name, floats("amount"), floats("total")), f"{name}.amount", f"{name}.total")


@pytest.mark.parametrize(
    "kind",
    ["sa.Float", "sa.Float(53)", "sa.REAL", "sa.Double", "sa.FLOAT", "pg.DOUBLE_PRECISION", "sa.Float(asdecimal=True)"],
)
def test_every_floating_point_type_is_found(kind: str) -> None:
    check_found(rule, table("things", f'Column("price", {kind})'), "things.price")


def test_models_are_found() -> None:
    check_found(
        rule,
        """
        class Item(SQLModel, table=True):
            __tablename__ = "items"
            id: int | None = Field(default=None, primary_key=True)
            price: float

        class Base(DeclarativeBase): ...

        class Fee(Base):
            __tablename__ = "fees"
            id: Mapped[int] = mapped_column(primary_key=True)
            fee: Mapped[float | None]
        """,
        "items.price",
        "fees.fee",
    )


@pytest.mark.parametrize(
    "name",
    [
        # in tables that say nothing of money
        "amount", "amount_of_flour", "total", "total_seconds", "total_weight", "total_score", "cost", "balance", "class_balance", "white_balance", "charge",
        "sum", "margin", "tax", "value", "rate", "exchange_rate", "score", "loss", "margin_left", "deposit",
        # in no table at all
        "price_change", "price_change_pct", "price_index", "price_ratio", "price_elasticity", "predicted_price", "avg_price", "price_score", "price_weight",
        "price_list", "price_log", "fee_rate", "fee_percent", "commission_rate", "salary_percentile", "revenue_share", "revenue_growth", "refund_probability",
        "discount_rate", "tax_rate", "cost_function", "training_cost", "estimated_cost", "priceless", "coffee", "refunded", "price_per_token", "cost_per_kwh",
    ],
)  # fmt: skip
def test_other_quantities_are_fine(name: str) -> None:
    check_clean(rule, table("things", floats(name)))


@pytest.mark.parametrize(
    "name",
    ["total_seconds", "total_weight", "total_quantity", "tax_rate", "discount_percent", "discount_pct", "amount_kg", "exchange_rate", "total_distance",
     "latitude", "score", "average_amount", "processing_time", "amount_ratio"],
)  # fmt: skip
def test_other_quantities_of_an_order_are_fine(name: str) -> None:
    check_clean(rule, table("orders", floats(name), 'Column("currency", sa.String(3))'))


@pytest.mark.parametrize(
    "kind",
    [
        "sa.Numeric", "sa.Numeric(12, 2)", "sa.Numeric(12, 2, asdecimal=False)", "sa.Integer", "sa.BigInteger", "pg.MONEY", "sa.String(20)", "Own",
        'sa.Float().with_variant(sa.Numeric(12, 2), "postgresql")', "pg.ARRAY(sa.Float)",
    ],
)  # fmt: skip
def test_exact_types_and_types_of_the_project_are_fine(kind: str) -> None:
    check_clean(
        rule,
        f"""
        class Own(sa.TypeDecorator):
            impl = sa.Float
            cache_ok = True

        t = Table("orders", MetaData(), Column("price", {kind}))
        """,
    )


def test_names_of_the_project_are_found() -> None:
    check_found(rule, table("things", floats("worth"), floats("rate")), "things.worth", names=("worth", "price"))


def test_what_the_page_says_of_postgresql(database: Database) -> None:
    engine = create_engine(database.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT sum(x)::text, sum(x) = 0.3 FROM (VALUES (0.1::float), (0.1::float), (0.1::float)) AS t (x)")
        ).one()
    assert tuple(found) == ("0.30000000000000004", False)
