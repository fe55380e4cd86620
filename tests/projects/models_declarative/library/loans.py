from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from library.mixins import Base


class Loan(Base):  #: loans | Loan
    __tablename__ = "loans"
    id: Mapped[int] = mapped_column(primary_key=True)  #: loans.id | loans :primary key
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  #: loans.person_id
