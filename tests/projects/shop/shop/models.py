"""A shop, with mistakes."""

from sqlmodel import Field, Relationship, SQLModel


class Customer(SQLModel, table=True):
    __tablename__ = "customers"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=100)
    email: str
    orders: list["Order"] = Relationship(back_populates="customer", cascade_delete=True, passive_deletes=True)


class Order(SQLModel, table=True):
    __tablename__ = "orders"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customers.id", ondelete="CASCADE")
    note: str | None = Field(default=None, max_length=500)
    customer: Customer = Relationship(back_populates="orders")
