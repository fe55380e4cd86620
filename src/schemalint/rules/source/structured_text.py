"""A text column that the source says has a structure: one of a few values, or JSON.

`role: str  # "user" or "assistant"` tells the reader what PostgreSQL is not told: a misspelt role, an empty one and one in capitals are stored like
any other. JSON in a text can be cut off or not be JSON at all, has no operators and no GIN index, and is parsed again by every reader. An
enum or a CHECK, and JSONB, cost nothing until there are rows: changing them later rewrites the table, or scans it (https://www.postgresql.org/docs/current/sql-altertable.html).

Read are the comment at the end of a field's line, its `description` and its `comment`, where they are nothing but a list of values in quotes (or `a | b | c`), or say
that the text is JSON, and names that end in `_json`. Examples (`e.g. "red"`), columns with a CHECK or a `pattern`, foreign keys and types of the project are silent.

It is right anyway for values that other systems decide, and for JSON that has to stay byte for byte as it came, such as a signed one.

Bad:

```python
class Message(SQLModel, table=True):
    __tablename__ = "messages"
    id: int | None = Field(default=None, primary_key=True)
    role: str = Field(max_length=20)  # "user" or "assistant"
```

Good:

```python
class Role(StrEnum):
    user = "user"
    assistant = "assistant"

class Message(SQLModel, table=True):
    __tablename__ = "messages"
    id: int | None = Field(default=None, primary_key=True)
    role: Role
```
"""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from schemalint.rule import Problem, rule
from schemalint.subjects.source import Attribute, ModelClass, Source, keywords_of, last_name, literal, members

TEXTS = frozenset({"String", "Text", "Unicode", "UnicodeText", "AutoString", "VARCHAR", "TEXT"})
NO_TYPES = frozenset({"Identity", "Computed", "Sequence", "CheckConstraint", "FetchedValue", "DefaultClause"})

VALUE = r"""(?:"[\w .+-]+"|'[\w .+-]+'|`[\w.+-]+`)"""
BETWEEN = r"\s*(?:,\s*or\b|,|;|\||/|\bor\b)\s*"
LEADING = r"(?:(?:[\w ]{0,40}[:(]|(?:must be |can be |is )?(?:one of|either|any of)|can be|must be)\s*)?"
CLOSED_SET = re.compile(rf"{LEADING}\[?(?P<values>{VALUE}(?:{BETWEEN}{VALUE})+)[\])]?\.?", re.IGNORECASE)
"""A comment that is nothing but the values that a text may have, with a few words before them."""

CHOICES = re.compile(r"[A-Za-z][\w-]*(?: ?\| ?[A-Za-z][\w-]*)+")
NO_LIST = re.compile(
    r"\b(?:e\.?g|i\.?e|example|examples|like|such|instance|default|format|prefix|not|except|excluding|maybe|sample|if|when|unless|only"
    r"|required|needs|see|todo|fixme|comma|separated|list|combination|joined|with)\b",
    re.IGNORECASE,
)
TYPES = frozenset(
    {"str", "int", "float", "bool", "bytes", "dict", "list", "None", "none", "null", "Any", "any", "object"}
)

IS_JSON = re.compile(
    r"(?:an?\s+|the\s+|raw\s+|valid\s+|stored\s+as\s+(?:an?\s+)?|serialized\s+(?:as\s+)?|encoded\s+as\s+)*JSON"
    r"(?:[\s-]+(?:encoded|serialized|string|text|blob|object|array|list|dump|dumps|document|payload)\b.*)?\s*[.:;,(]?(?:(?<=[:;,(.]).*)?",
    re.IGNORECASE | re.DOTALL,
)
SAYS_JSON = re.compile(
    r"\b(?:stored|serialized|serialised|encoded|saved|dumped|kept)\s+(?:as|to|in)\s+(?:an?\s+)?JSON\b|\bJSON[- ](?:encoded|serialized|serialised)\b",
    re.IGNORECASE,
)
NO_JSON = re.compile(r"\b(?:not|no|never|encrypted|compressed|signed|path|pointer|key|url|legacy|or)\b", re.IGNORECASE)


DESCRIBES = re.compile(r"#|\b(?:description|comment)\s*=|[\"']comment[\"']\s*:|_json\b")
"""What a line has that says something about a column."""


@rule(profile="strict")
def structured_text(source: Source) -> Iterator[Problem]:
    for module, classes in source.classes_in.items():
        lines = [number for number, line in enumerate(module.lines, 1) if describes(line)]
        for class_ in classes:
            if has_one_within(lines, class_.node) and (class_.is_mapped or class_ in source.above_tables):
                for one in class_.fields:
                    if one.is_column and has_one_within(lines, one.node):
                        yield from of_column(source, one)


def describes(line: str) -> bool:
    may_be = "#" in line or "description" in line or "comment" in line or "_json" in line
    return may_be and DESCRIBES.search(line) is not None


def has_one_within(lines: Sequence[int], node: ast.stmt) -> bool:
    """Whether one of these lines, in their order, is a statement's."""
    first = bisect_left(lines, node.lineno)
    return first < len(lines) and lines[first] <= (node.end_lineno or node.lineno)


def of_column(source: Source, one: Attribute) -> Iterator[Problem]:
    said = what_is_said(one)
    if not said or not is_text(one):
        return
    written = f"{one.owner.name}.{one.name}"
    if (values := next(filter(None, map(closed_set, said)), None)) and not is_checked(source, one):
        yield Problem(
            part=one,
            message=f"{written} is one of {len(values)} values, {', '.join(values)}, and PostgreSQL takes any text for it",
            remedy="an Enum, or a CHECK constraint with these values",
        )
    elif any(map(says_json, said)) or is_called_json(one):
        yield Problem(
            part=one,
            message=f"{written} is JSON, and PostgreSQL takes any text for it",
            remedy="JSONB (from sqlalchemy.dialects.postgresql), with a dict or a list for its annotation",
        )


def what_is_said(one: Attribute) -> tuple[str, ...]:
    """Return the comments on a column and what describes it; empty where there is nothing to judge."""
    if isinstance(one.node, ast.FunctionDef):
        return ()
    found = [*comments(one)]
    for call in (one.call, one.column_call):
        words = call.keywords if call else ()
        said = (literal(word.value) for word in words if word.arg in ("description", "comment"))
        found += [text for text in said if isinstance(text, str)]
    return tuple(found) or (("",) if is_called_json(one) else ())


def comments(one: Attribute) -> Iterator[str]:
    """Yield what stands behind a statement on its last line, and behind the bracket that its first line ends with."""
    lines, node = one.owner.module.lines, one.node
    assert node.end_lineno is not None, "Python's own trees have it"
    last = lines[node.end_lineno - 1]
    if "#" in last:
        end = one.owner.module.locate(node).end_column
        behind = last[end - 1 :].strip()
        if behind.startswith("#"):
            yield behind.lstrip("# ").strip()
    if node.end_lineno > node.lineno and (found := re.search(r"\(\s*#+ *(.*)$", lines[node.lineno - 1])):
        yield found[1].strip()


def closed_set(text: str) -> list[str]:
    """Return the values that a comment lists; empty where it is no list, or one of examples."""
    text = " ".join(text.split())
    if NO_LIST.search(text.partition('"')[0].partition("'")[0]):
        return []
    if found := CLOSED_SET.fullmatch(text):
        return re.findall(VALUE, found["values"])
    if CHOICES.fullmatch(text):
        choices = [one.strip() for one in text.split("|")]
        return [] if TYPES & {*choices} else choices
    return []


def says_json(text: str) -> bool:
    return bool(IS_JSON.fullmatch(text) or SAYS_JSON.search(text)) and not NO_JSON.search(text)


def is_called_json(one: Attribute) -> bool:
    return one.name.lower().endswith("_json") and not one.name.startswith(("is_", "has_"))


def is_text(one: Attribute) -> bool:
    """Whether a column is surely a text of PostgreSQL's and nothing but its own: no reference, no enum, no type of the project."""
    kinds = [kind for kind in members(one.owner.module, one.annotation) if not is_none(kind)]
    annotated = [one.owner.module.full_name(kind) for kind in kinds]
    said = list(types_said(one))
    if "foreign_key" in one.keywords or "ForeignKey" in said or (annotated and annotated != ["builtins.str"]):
        return False
    types = [name for name in said if name not in NO_TYPES]
    return all(name in TEXTS for name in types) and bool(types or annotated)


def types_said(one: Attribute) -> Iterator[str]:
    """Yield the last names of the types, and whatever else stands there, in a column's arguments."""
    call = one.column_call
    if call is not None and last_name(call.func) not in ("Column", "mapped_column"):
        yield last_name(call.func)
    elif call is not None:
        written = [*call.args, *filter(None, [keywords_of(call).get("type_")])]
        for part in written[1:] if written and isinstance(literal(written[0]), str) else written:
            yield last_name(part.func if isinstance(part, ast.Call) else part)
    for name in ("sa_type", "sa_column"):
        value = one.keyword(name)
        if value is not None and value is not call:
            yield last_name(value.func if isinstance(value, ast.Call) else value)
    arguments = one.keyword("sa_column_args")
    if arguments is not None:
        yield from (last_name(part.func) for part in ast.walk(arguments) if isinstance(part, ast.Call))


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def is_checked(source: Source, one: Attribute) -> bool:
    """Whether a CHECK or a pattern may hold a column to its values: one that names it, or arguments of its table that are not written out."""
    owner = one.owner
    if {"pattern", "regex"} & one.keywords.keys() or "CheckConstraint" in owner.module.text(one.node):
        return True
    below = (other for other in source.of.values() if owner in other.above)
    return any(may_check(other, one) for other in (owner, *owner.above, *below))


def may_check(class_: ModelClass, one: Attribute) -> bool:
    arguments = class_.table_args
    if arguments is None:
        return False
    text = class_.module.text(arguments.node)
    if isinstance(arguments.value, (ast.Tuple, ast.Dict)) and "*" not in text:
        return "CheckConstraint" in text and re.search(rf"\b{re.escape(one.column_name)}\b", text) is not None
    return True
