"""A SQLModel class that is configured, or used, in the words of pydantic 1.

pydantic 2 still takes `class Config` and methods such as `from_orm` and `dict`, warns at every import and every call, and says that its next version will not. Of
the old keys some have no effect already (`orm_mode`, `schema_extra`, `allow_population_by_field_name`): the warning names
the new one, and nothing else shows it. SQLModel 0.0.14 deprecated its own `from_orm`, `parse_obj` and `dict` as well.

Found is what stands in the class itself: `class Config`, `@validator`, `@root_validator`, and the old methods of `self` and `cls`. It is right anyway
in a package that has to work with pydantic 1 and 2.

Bad:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)

    class Config:
        validate_assignment = True
```

Good:

```python
class Book(SQLModel, table=True):
    __tablename__ = "books"
    model_config = {"validate_assignment": True}
    id: int | None = Field(default=None, primary_key=True)
```
"""

import ast
from collections.abc import Iterator, Mapping

from schemalint.fix import Fix, Replace
from schemalint.rule import Problem, rule
from schemalint.subjects.source import ModelClass, Passage, Source, last_name, literal

RENAMED: Mapping[str, str] = {
    "allow_population_by_field_name": "populate_by_name",
    "anystr_lower": "str_to_lower",
    "anystr_strip_whitespace": "str_strip_whitespace",
    "anystr_upper": "str_to_upper",
    "keep_untouched": "ignored_types",
    "max_anystr_length": "str_max_length",
    "min_anystr_length": "str_min_length",
    "orm_mode": "from_attributes",
    "schema_extra": "json_schema_extra",
    "validate_all": "validate_default",
}
"""Keys that pydantic 2 calls otherwise, and takes no notice of under their old names."""

GONE = frozenset(
    {
        *("allow_mutation", "copy_on_model_validation", "error_msg_templates", "fields", "getter_dict"),
        *("json_loads", "json_dumps", "post_init_call", "smart_union", "underscore_attrs_are_private"),
    }
)
"""Keys that pydantic 2 has nothing for."""

METHODS: Mapping[str, str] = {
    "construct": "model_construct",
    "copy": "model_copy",
    "dict": "model_dump",
    "from_orm": "model_validate",
    "json": "model_dump_json",
    "parse_obj": "model_validate",
    "parse_raw": "model_validate_json",
    "schema": "model_json_schema",
    "schema_json": "model_json_schema",
    "update_forward_refs": "model_rebuild",
}

DECORATORS: Mapping[str, str] = {
    "pydantic.validator": "field_validator",
    "pydantic.root_validator": "model_validator",
    "pydantic.class_validators.validator": "field_validator",
    "pydantic.class_validators.root_validator": "model_validator",
}


@rule(profile="opt-in", fixes=("safe",))
def deprecated_config(source: Source) -> Iterator[Problem]:
    for class_ in source.classes:
        owner = source.of.get(class_.full_name.rpartition(".")[0])
        if class_.name == "Config" and owner is not None and owner.is_sqlmodel:
            yield of_config(owner, class_)
        if class_.is_sqlmodel:
            yield from of_functions(source, class_)


def of_config(owner: ModelClass, config: ModelClass) -> Problem:
    keys = [name for name, _ in settings(config) or ()]
    unheard = [name for name in keys if name in RENAMED or name in GONE]
    return Problem(
        part=config,
        message=f"the class Config of {owner.name} is pydantic 1's, which pydantic 2 warns of"
        + (f": it takes no notice of {' and '.join(unheard)}" if unheard else ""),
        remedy="model_config = {...}"
        + "".join(f", with {RENAMED[name]} for {name}" for name in unheard if name in RENAMED),
        fix=as_model_config(owner, config),
    )


def settings(config: ModelClass) -> list[tuple[str, ast.expr]] | None:
    """Return the keys of a class Config with their values; None where it has something else in its body, or a base."""
    found: list[tuple[str, ast.expr]] = []
    for statement in config.node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.append((name, value))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found.append((name, value))
            case _:
                return None
    return None if config.node.bases or config.node.keywords or config.node.decorator_list else found


def as_model_config(owner: ModelClass, config: ModelClass) -> Fix | None:
    """Return the dictionary that says the same; None for keys that pydantic 2 does not know by that name.

    `orm_mode = True` says what every SQLModel class is configured with anyway.
    """
    module, found = owner.module, settings(config)
    names = [name for name, _ in found or ()]
    says_too_much = any(name in RENAMED or name in GONE for name in names if name != "orm_mode")
    if (
        not found
        or says_too_much
        or config.is_conditional
        or len({*names}) < len(names)
        or owner.bindings("model_config")
    ):
        return None
    if "#" in module.text(config.node) or any(
        name == "orm_mode" and literal(value) is not True for name, value in found
    ):
        return None
    # A value may be made of the one before it.
    if any(isinstance(part, ast.Name) and part.id in names for _, value in found for part in ast.walk(value)):
        return None
    items = (f'"{"from_attributes" if name == "orm_mode" else name}": {module.text(value)}' for name, value in found)
    return Fix("safe", (Replace(module.locate(config.node), f"model_config = {{{', '.join(items)}}}"),))


def of_functions(source: Source, class_: ModelClass) -> Iterator[Problem]:
    """Yield a problem for each old decorator and each call of an old method in the functions of a class."""
    functions = [one for one in class_.node.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]
    own = {one.name for above in (class_, *class_.above) for one in above.node.body if isinstance(one, ast.FunctionDef)}
    for function in functions:
        name = f"{class_.full_name}.{function.name}"
        for decorator in function.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if (new := DECORATORS.get(source.meaning(class_.module, called))) is not None:
                yield Problem(
                    part=Passage(class_.module, decorator, name, class_.table),
                    message=f"@{last_name(called)} is pydantic 1's, which pydantic 2 warns of at every import",
                    remedy=f"@{new}, whose arguments differ",
                )
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Attribute(value=owner, attr=old)) if old in METHODS and class_.is_followed:
                    if old not in own and is_the_model(owner, function):
                        yield Problem(
                            part=Passage(class_.module, node, f"{name} :{old}", class_.table),
                            message=f"{old}() of {class_.name} is pydantic 1's, which pydantic 2 warns of at every call",
                            remedy=f"{METHODS[old]}()",
                        )
                case _:
                    pass


def is_the_model(owner: ast.expr, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether an expression in a method is its object or class: `self`, `cls`, `super()`."""
    match owner:
        case ast.Name(id=name):
            first = next((one.arg for one in (*function.args.posonlyargs, *function.args.args)), "")
            return name == first and name in ("self", "cls")
        case ast.Call(func=ast.Name(id="super"), args=[]):
            return True
        case _:
            return False
