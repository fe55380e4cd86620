"""A Field whose arguments SQLModel refuses beside `sa_column`: the module does not import.

`sa_column=Column(...)` is the whole column. Since SQLModel 0.0.11, `primary_key`, `nullable`, `foreign_key`, `ondelete`, `unique`, `index`,
`sa_type`, `sa_column_args` and `sa_column_kwargs` beside it are a RuntimeError that names the first of them only; before, they were
ignored without a word: no foreign key, no index. PostgreSQL never sees a table whose class was not made.

It is never right anyway. What SQLModel does not refuse beside `sa_column` but drops (`max_length`, the annotation) is another rule's.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True, sa_column=Column(sa.BigInteger))
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, sa_column=Column(sa.BigInteger, primary_key=True))
```
"""

import ast
from collections.abc import Iterator, Mapping

from schemalint.fix import Fix, Replace
from schemalint.rule import Problem, rule
from schemalint.subjects.source import Attribute, Source, keywords_of, last_name, literal

REFUSED = (
    *("primary_key", "nullable", "foreign_key", "ondelete", "unique", "index"),
    *("sa_type", "sa_column_args", "sa_column_kwargs"),
)


@rule(fixes=("safe",))
def sa_column_conflict(source: Source) -> Iterator[Problem]:
    for class_ in source.models:
        # What was imported has nothing that SQLModel refuses.
        for one in class_.attributes if not class_.module.imported else ():
            refused = [name for name in REFUSED if one.called == "Field" and name in one.keywords]
            if refused and "sa_column" in one.keywords:
                names = " and ".join([", ".join(refused[:-1]), refused[-1]] if refused[1:] else refused)
                yield Problem(
                    part=one,
                    message=f"{class_.name}.{one.name} has {names} beside sa_column, which SQLModel refuses: the module does not import",
                    remedy=f"{'them' if refused[1:] else 'it'} inside sa_column=Column(...)",
                    fix=moved_into_column(one, refused),
                )


def moved_into_column(one: Attribute, refused: list[str]) -> Fix | None:
    """Return the Field with what is refused inside its Column; None where the two may disagree, or where they are not written out."""
    column, keywords = one.column_call, one.keywords
    assert one.call is not None, "it has keywords"
    if column is None or one.takes_unknown_keywords or not is_plain(column) or last_name(column.func) != "Column":
        return None
    positional, named = list(column.args), dict(keywords_of(column))
    imports: tuple[str, ...] = ()
    for name in refused:
        value = keywords[name]
        match name, value:
            case "foreign_key", ast.Constant(value=str()):
                if any(isinstance(arg, ast.Call) and last_name(arg.func) == "ForeignKey" for arg in positional):
                    return None
                given = {"ondelete": keywords["ondelete"]} if "ondelete" in keywords else {}
                positional.append(call("ForeignKey", [value], given))
                imports = ("sqlalchemy.ForeignKey",)
            case "ondelete", _:
                if "foreign_key" not in refused:
                    return None
            case "sa_type", _:
                if "type_" in named or any(not isinstance(literal(arg), str) for arg in positional):
                    return None
                positional.append(value)
            case "sa_column_args", ast.List(elts=more) | ast.Tuple(elts=more):
                positional.extend(more)
            case "sa_column_kwargs", ast.Dict(keys=keys, values=values):
                given = {str(literal(key)): said for key, said in zip(keys, values, strict=True)}
                if "None" in given or given.keys() & named.keys():
                    return None
                named |= given
            case "sa_column_args" | "sa_column_kwargs" | "foreign_key", _:
                return None
            case _:
                if name in named and ast.dump(named[name]) != ast.dump(value):
                    return None
                named[name] = value
    moved = ast.Call(column.func, positional, [ast.keyword(name, value) for name, value in named.items()])
    kept = {name: moved if name == "sa_column" else value for name, value in keywords.items() if name not in refused}
    code = ast.unparse(
        ast.Call(one.call.func, one.call.args, [ast.keyword(name, value) for name, value in kept.items()])
    )
    return Fix("safe", (Replace(one.owner.module.locate(one.call), code, imports),))


def is_plain(column: ast.Call) -> bool:
    """Whether a call has no `*` and no `**`."""
    return all(one.arg for one in column.keywords) and not any(isinstance(one, ast.Starred) for one in column.args)


def call(name: str, positional: list[ast.expr], named: Mapping[str, ast.expr]) -> ast.expr:
    return ast.Call(ast.Name(name), positional, [ast.keyword(key, value) for key, value in named.items()])
