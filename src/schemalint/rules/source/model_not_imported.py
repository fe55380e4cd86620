"""A table class in a module that nothing imports together with the models.

A table is in the metadata only after its module was imported. `env.py` compares the database with the tables it has by then: one
that is missing there is not created, and where PostgreSQL has it already, `alembic revision --autogenerate` writes `op.drop_table`. Relationships to
the class fail as well (`expression 'Invoice' failed to locate a name`), in the process that did not import it only.

Found are table classes in the packages of the models, below the same base as those that were imported, whose module neither `env.py` nor a
module in `models` imports, directly or through others. Tests and migrations are left out. It is right anyway for a table of an optional
part of the application, with migrations of its own.

Bad:

```python
# shop/__init__.py
from .orders import Order
# shop/orders.py
class Order(SQLModel, table=True):
    __tablename__ = "orders"
    id: int | None = Field(default=None, primary_key=True)
# shop/invoices.py
class Invoice(SQLModel, table=True):
    __tablename__ = "invoices"
    id: int | None = Field(default=None, primary_key=True)
# models = shop.orders
```

Good:

```python
# shop/__init__.py
from .invoices import Invoice
from .orders import Order
# shop/orders.py
class Order(SQLModel, table=True):
    __tablename__ = "orders"
    id: int | None = Field(default=None, primary_key=True)
# shop/invoices.py
class Invoice(SQLModel, table=True):
    __tablename__ = "invoices"
    id: int | None = Field(default=None, primary_key=True)
# models = shop.orders
```
"""

from collections.abc import Iterator

from schemalint.rule import Problem, rule
from schemalint.rules.source._registries import registry_of
from schemalint.subjects.source import Source


@rule
def model_not_imported(source: Source) -> Iterator[Problem]:
    if not source.unreached:
        return
    imported = [one for one in source.classes if one.is_mapped]
    registries = {registry_of(source, one) for one in imported} - {""}
    tables = {one.tablename for one in imported}
    for one in source.unreached:
        # A second class for a table that is there is somebody's copy.
        if not one.is_conditional and one.tablename not in tables and registry_of(source, one) in registries:
            name = one.tablename or f"of {one.name}"
            yield Problem(
                part=one,
                message=f"nothing imports {one.module.name} together with the models: the table {name} is not in the metadata, "
                "and where the database has it Alembic drops it",
                remedy=f"import {one.module.name} where the other models are imported: in env.py, or in a module that it imports",
            )
