"""Whether two expressions mean the same, asked of PostgreSQL's own planner: their spelling depends on how they came about.

`x IN ('a', 'b')` on a VARCHAR is printed with a cast of the array, and after a dump and restore with a cast of each element; a default keeps the
cast of the type that its column had. The planner folds all of these to one constant.
"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemalint.subjects.catalog import Catalog, Key

if TYPE_CHECKING:
    from psycopg import Connection

FAR_APART = ("Pacific/Kiritimati", "Etc/GMT+12")
"""Two time zones 26 hours apart: what depends on the zone, such as the date of today, differs between them at any time."""

TEMPORAL = ("timestamp", "date", "time")
"""How the types begin whose defaults are worth evaluating: `now()`, CURRENT_TIMESTAMP and `now() AT TIME ZONE 'utc'` have many spellings."""


@dataclass(frozen=True)
class Meaning:
    """Compares expressions in the database that `connection` (in autocommit) is connected to."""

    connection: "Connection"
    catalog: Catalog

    def is_same(self, left: str, right: str, table: Key | None = None) -> bool:
        """Whether two expressions over the columns of a table are one after constants are folded; False if PostgreSQL cannot read one."""
        if left == right:
            return True
        source = f" FROM ONLY {self.catalog.quoted_name(table)}" if table else ""
        answer = self._ask(f"EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT ({left}), ({right}){source}")
        output = json.loads(answer)[0]["Plan"].get("Output", []) if answer else []
        return len(output) == 2 and output[0] == output[1]

    def is_same_default(self, left: str, right: str, type_: str) -> bool:
        """Whether two defaults give a column of this type the same value."""
        if left == right:
            return True
        if not (left and right):
            return False
        if self.is_same(f"({left})::{type_}", f"({right})::{type_}"):
            return True
        return type_.startswith(TEMPORAL) and all(self._is_equal_in(zone, left, right, type_) for zone in FAR_APART)

    def _is_equal_in(self, zone: str, left: str, right: str, type_: str) -> bool:
        with self.connection.transaction(force_rollback=True):
            self._ask(f"SELECT set_config('TimeZone', '{zone}', true)")
            equal = f"(({left})::{type_} IS NOT DISTINCT FROM ({right})::{type_})"
            return self._ask(f"SELECT {equal}::text") == "true"

    def _ask(self, statement: str) -> str:
        from psycopg import Error
        from psycopg.sql import SQL

        try:
            with self.connection.transaction():
                # The statement consists of what PostgreSQL itself printed.
                row = self.connection.execute(SQL(statement)).fetchone()
        except Error:
            return ""
        answer = row[0] if row else ""
        return answer if isinstance(answer, str) else json.dumps(answer)
