"""Money in a floating-point column.

FLOAT, REAL and DOUBLE PRECISION hold the nearest binary fraction, and no binary fraction is 0.10: three of them sum up to 0.30000000000000004, `total = 0.3` is false,
and sums over the same rows differ in their last cents with the order in which PostgreSQL adds them up. NUMERIC(p, s) is exact. Changing the type later rewrites the table under an
ACCESS EXCLUSIVE lock, and what was rounded away stays away (https://www.postgresql.org/docs/current/datatype-numeric.html).

A column is taken for money by its name: price, fee, salary, subtotal, revenue, refund and the like; amount, total, cost, balance and others of many meanings only beside a sign of money: a currency in the
name, a column for the currency, another price, or a table of orders, invoices, payments and so on. Rates, ratios, scores, averages, forecasts, times, weights and counts are
silent, whatever else their names say. `names` adds names of your own. Right anyway: prices that are only analysed, such as quotes of a market.

Bad:

```python
class Order(SQLModel, table=True):
    __tablename__ = "orders"
    id: int | None = Field(default=None, primary_key=True)
    total: float
```

Good:

```python
class Order(SQLModel, table=True):
    __tablename__ = "orders"
    id: int | None = Field(default=None, primary_key=True)
    total: Decimal = Field(max_digits=12, decimal_places=2)
```
"""

from collections.abc import Iterator

from sqlalchemy import Float, Table

from schemalint.rule import Problem, rule
from schemalint.rules.schema._types import type_on_postgresql
from schemalint.rules.schema._words import singular, split, words_of
from schemalint.subjects.schema import AnyColumn, Schema


@rule
def float_money(schema: Schema, *, names: tuple[str, ...] = ()) -> Iterator[Problem]:
    for column in schema.columns:
        if not isinstance(column.type, Float) or not (column.name in names or is_money(column)):
            continue
        written = type_on_postgresql(column)
        if written.startswith(FLOATS):
            yield Problem(
                part=column,
                message=f"{column.table.name}.{column.name} is {written}, which cannot hold 0.10: sums of money in it are wrong in their last digits",
                remedy="Numeric(12, 2), or as many digits as the amounts need, with Decimal in Python",
            )


FLOATS = ("FLOAT", "REAL", "DOUBLE")


def is_money(column: AnyColumn) -> bool:
    """Whether a column's name says money beyond doubt, or together with its table."""
    words = tuple(map(singular, split(column.name)))
    if not NO_MONEY.isdisjoint(words):
        return False
    # What ends with the word is the thing itself: `price_usd`, `fee_net` and `price_per_night`, but not `price_list`.
    named = words[: words.index("per")] if "per" in words else words
    *_, last = [word for word in named if word not in CURRENCIES | QUALIFIERS] or [""]
    if last in MONEY:
        return True
    return last in PERHAPS_MONEY and (not CURRENCIES.isdisjoint(words) or deals_with_money(column.table))


def deals_with_money(table: Table) -> bool:
    """Whether a table is about money: by its name, by a column for the currency, or by a column that holds money beyond doubt."""
    if not TRADE.isdisjoint(map(singular, split(table.name))):
        return True
    names = {tuple(map(singular, split(column.name))) for column in table.columns}
    return any(
        "currency" in words or (words[-1:] and words[-1] in MONEY and NO_MONEY.isdisjoint(words)) for words in names
    )


MONEY = words_of("""
    commission fee msrp payout price refund revenue salary subtotal surcharge turnover wage
""")

PERHAPS_MONEY = words_of("""
    amount balance budget charge cost debit debt deposit discount donation earning expense income margin payment profit sale
    spend spending sum tax tip total vat
""")

TRADE = words_of("""
    bill billing cart checkout donation expense invoice order orderitem orderline payment payroll payslip purchase receipt refund
    reimbursement sale subscription wallet
""")

CURRENCIES = words_of("""
    aud brl cad cent chf cny czk dkk dollar eur euro gbp inr jpy krw mxn nok nzd pln rub sek try usd zar
""")

QUALIFIERS = words_of("""
    applied before after charged due excl excluding final gross incl including local max maximum min minimum net original outstanding
    paid refunded
""")

NO_MONEY = words_of("""
    annealing average avg battery beta bit brightness byte calorie carbon cell change class coefficient color confidence contrast
    correlation cpu delta density deviation diff difference distance drift duration elasticity electric embedding energy entropy
    epoch error estimate estimated expected factor feature forecast frequency function gb gpu gradient gram heat height
    importance index inference iteration kb kg km kwh latency length level liter litre load log loss mass mb mean median memory
    meter metre mile millisecond minute mole momentum ms multiplier node normalized odds optimizer path pct percent
    percentage percentile pixel point power precision predicted prediction pressure probability protein quantity quantile rain
    rainfall rate rating ratio reaction recall regret reward run runtime sample scale scaled score second sensitivity
    sentiment share sigma similarity size slope speed std step storage sugar temperature test threshold tick time token torque
    training trend usage utilization variance velocity volatility voltage volume water watt weight white zscore
""")
