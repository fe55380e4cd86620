"""What a table is given beside its columns: elements of `__table_args__` or of `Table(...)`, and the table's own keywords."""

import libcst as cst

from schemalint.fixing.arguments import printed, text_of, with_entry, with_keyword
from schemalint.fixing.class_body import assigned, with_attribute
from schemalint.fixing.commas import Row, row_of, with_row
from schemalint.fixing.reasons import LeftAlone

NAME = "__table_args__"


def with_table_argument(holder: cst.ClassDef | cst.Call, code: cst.BaseExpression) -> cst.ClassDef | cst.Call:
    """Return a class, or a `Table(...)` call, with one more constraint or index."""
    if isinstance(holder, cst.Call):
        row = row_of(holder)
        count = sum(1 for one in holder.args if one.keyword is None and one.star != "**")
        return cst.ensure_type(with_row(holder, row.inserted(count, cst.Arg(code))), cst.Call)
    written = written_arguments(holder)
    if written is None:
        return with_attribute(holder, NAME, one_in_a_tuple(code), after="__tablename__")
    return with_arguments(holder, with_element(written, code))


def with_table_keyword(
    holder: cst.ClassDef | cst.Call, name: str, value: cst.BaseExpression
) -> cst.ClassDef | cst.Call:
    """Return a class, or a `Table(...)` call, with a keyword of the table (`comment`, `schema`)."""
    if isinstance(holder, cst.Call):
        return with_keyword(holder, name, value)
    written = written_arguments(holder)
    alone = cst.Dict([cst.DictElement(cst.SimpleString(f'"{name}"'), value)])
    match written:
        case None:
            return with_attribute(holder, NAME, alone, after="__tablename__")
        case cst.Dict():
            return with_arguments(holder, with_entry(written, name, value, f"`{NAME}`"))
        case cst.Tuple(elements=[*_, cst.Element(value=cst.Dict() as last)]):
            row = row_of(written)
            changed = cst.Element(with_entry(last, name, value, f"`{NAME}`"))
            return with_arguments(holder, rebuilt(written, row.replaced(len(row.items) - 1, changed)))
        case cst.Tuple(elements=elements) if all(isinstance(one.value, cst.Call) for one in elements):
            row = row_of(written)
            return with_arguments(holder, rebuilt(written, row.inserted(len(row.items), cst.Element(alone))))
        case _:
            raise LeftAlone(f"its `{NAME}` are not written as a tuple or dictionary")


def with_element(written: cst.BaseExpression, code: cst.BaseExpression) -> cst.BaseExpression:
    """Return table arguments with one more: behind the others, but before a dictionary, or what may be one, at the end."""
    match written:
        case cst.Dict():
            elements = [
                cst.Element(code, comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))),
                cst.Element(written),
            ]
            return cst.Tuple(elements)
        case cst.Tuple(elements=elements):
            row = row_of(written)
            is_last_open = bool(elements) and not isinstance(elements[-1].value, cst.Call)
            return rebuilt(written, row.inserted(len(row.items) - is_last_open, cst.Element(code)))
        case cst.BinaryOperation(operator=cst.Add(), left=left, right=cst.Tuple() as right):
            return written.with_changes(left=left, right=with_element(right, code))
        case cst.BinaryOperation(operator=cst.Add(), left=cst.Tuple() as left):
            return written.with_changes(left=with_element(left, code))
        case _:
            raise LeftAlone(f"its `{NAME}` are `{printed(written).splitlines()[0]}`, which is not written as a tuple")


def rebuilt(written: cst.Tuple, row: Row) -> cst.Tuple:
    """Return a tuple with other elements, in parentheses where it had none."""
    changed = cst.ensure_type(with_row(written, row), cst.Tuple)
    return changed if changed.lpar else changed.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def one_in_a_tuple(code: cst.BaseExpression) -> cst.Tuple:
    return cst.Tuple([cst.Element(code, comma=cst.Comma())])


def written_arguments(node: cst.ClassDef) -> cst.BaseExpression | None:
    """Return the value of a class's `__table_args__`, or what its function of that name returns; None where it has neither."""
    found = assigned(node, NAME)
    match found:
        case None:
            return None
        case cst.FunctionDef():
            returned = only_return(found)
            if returned is None or returned.value is None:
                raise LeftAlone(f"its `{NAME}` are made by a function that does more than return a tuple")
            return returned.value
        case _:
            assert isinstance(found, (cst.Assign, cst.AnnAssign)), "a class's attribute is assigned or a function"
            return found.value


def with_arguments(node: cst.ClassDef, value: cst.BaseExpression) -> cst.ClassDef:
    """Return a class with other `__table_args__` in the place of those it has."""
    found = assigned(node, NAME)
    written: cst.CSTNode | None = only_return(found) if isinstance(found, cst.FunctionDef) else found
    assert written is not None, "it was found before"
    return cst.ensure_type(node.deep_replace(written, written.with_changes(value=value)), cst.ClassDef)


def only_return(function: cst.FunctionDef) -> cst.Return | None:
    """Return the only statement, beside a docstring, of a function, where it is `return`."""
    statements = [
        small
        for line in function.body.body
        for small in (line.body if isinstance(line, cst.SimpleStatementLine) else [line])
        if not (isinstance(small, cst.Expr) and text_of(small.value) is not None)
    ]
    return statements[0] if len(statements) == 1 and isinstance(statements[0], cst.Return) else None
