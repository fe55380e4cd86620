from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Timestamps:
    created_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())  #: @shared Timestamps.created_at
    updated_at: Mapped[dt.datetime | None]  #: @shared Timestamps.updated_at


class Owned:
    @declared_attr
    def owner_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("people.id"), index=True)  #: @shared Owned.owner_id => mapped_column(ForeignKey("people.id"), index=True)

    @declared_attr
    def owner(cls) -> Mapped["Person"]:
        return relationship("Person", foreign_keys=cls.owner_id)  #: @shared Owned.owner => relationship("Person", foreign_keys=cls.owner_id)


class Priced:
    price: Mapped[int]  #: @shared Priced.price

    @declared_attr.directive
    def __table_args__(cls):
        return (
            CheckConstraint("price >= 0", name="price_positive"),  #: @shared Priced :check price_positive => CheckConstraint("price >= 0", name="price_positive")
            Index(None, "price"),  #: @shared Priced :index price => Index(None, "price")
        )
