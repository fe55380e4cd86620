"""Tests of deprecated-config."""

import pytest

from fixes import fixed
from schemalint.rules.source.deprecated_config import deprecated_config
from sources import check_clean, check_found, marked


def book(body: str, start: str = "") -> str:
    return f"""{start}
class Book(SQLModel, table=True):
    __tablename__ = "books"
    id: int | None = Field(default=None, primary_key=True)
    {body}
"""


def config(*lines: str) -> str:
    return "class Config:\n        " + "\n        ".join(lines)


def test_a_class_config_is_found() -> None:
    (problem,) = check_found(deprecated_config, book(config("validate_assignment = True")), "models.Book.Config")
    assert problem.message == "the class Config of Book is pydantic 1's, which pydantic 2 warns of"
    assert marked(deprecated_config, book(config("validate_assignment = True"))) == ["class Config"]


def test_keys_that_have_no_effect_are_named() -> None:
    (problem,) = check_found(
        deprecated_config,
        book(config("orm_mode = True", "smart_union = True", "extra = 'forbid'")),
        "models.Book.Config",
    )
    assert problem.message.endswith("it takes no notice of orm_mode and smart_union")
    assert problem.remedy == "model_config = {...}, with from_attributes for orm_mode"


@pytest.mark.parametrize(
    ("body", "object_", "mark"),
    [
        ("@validator('id')\n    def f(cls, v): return v", "models.Book.f", "validator('id')"),
        ("@pydantic.root_validator\n    def f(cls, v): return v", "models.Book.f", "pydantic.root_validator"),
        ("def f(self): return self.dict()", "models.Book.f :dict", "self.dict()"),
        ("@classmethod\n    def f(cls, o): return cls.from_orm(o)", "models.Book.f :from_orm", "cls.from_orm(o)"),
        ("async def f(self): return self.copy(update={})", "models.Book.f :copy", "self.copy(update={})"),
        ("def dict(self): return super().dict()", "", ""),  # a method of its own
        ("def f(self): return super().json()", "models.Book.f :json", "super().json()"),
    ],
)
def test_what_a_class_does_in_old_words_is_found(body: str, object_: str, mark: str) -> None:
    text = book(body, "import pydantic\nfrom pydantic import validator\n")
    check_found(deprecated_config, text, *([object_] if object_ else []))
    assert marked(deprecated_config, text) == ([mark] if mark else [])


@pytest.mark.parametrize(
    "body",
    [
        'model_config = {"validate_assignment": True}',
        "@field_validator('id')\n    def f(cls, v): return v",
        "@validator('id')\n    def f(cls, v): return v",  # somebody else's
        "def f(self): return self.model_dump()",
        "def f(self): return self.payload.copy()",
        "def f(self, other): return other.dict()",
        "def f(this): return this.dict()",
        "def json(self): return ''\n    def f(self): return self.json()",
        "def f(self): return super(Book, self).json()",
        "class Meta:\n        x = 1",
        "Config = made_elsewhere()",
        "@property\n    def f(self): return self.parse()",
    ],
)
def test_what_is_not_deprecated_is_fine(body: str) -> None:
    check_clean(deprecated_config, book(body))


def test_a_class_config_of_another_model_is_fine() -> None:
    check_clean(
        deprecated_config,
        """
        from pydantic import BaseModel
        class A(BaseModel):
            class Config:
                orm_mode = True
            def f(self): return self.dict()
        class Config:
            orm_mode = True
        class B(DeclarativeBase):
            class Config:
                x = 1
        """,
    )


def test_a_base_of_another_package_may_have_methods_of_its_own() -> None:
    check_clean(
        deprecated_config,
        "from elsewhere import Model\nclass A(Model, SQLModel):\n    def f(self): return self.dict()\n",
    )


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["validate_assignment = True"], '{"validate_assignment": True}'),
        (["orm_mode = True"], '{"from_attributes": True}'),
        (["extra: str = 'forbid'", "title = 'a' + 'b'"], "{\"extra\": 'forbid', \"title\": 'a' + 'b'}"),
    ],
)
def test_the_fix_says_the_same_in_a_dictionary(lines: list[str], code: str) -> None:
    assert f"    model_config = {code}\n" in fixed(deprecated_config, book(config(*lines)))


@pytest.mark.parametrize(
    "body",
    [
        config("orm_mode = False"),
        config("schema_extra = {}"),
        config("smart_union = True"),
        config("pass"),
        config("extra = 'allow'", "extra = 'forbid'"),
        config("title = 'a'", "alias_generator = lambda name: title"),
        config("title = 'a'  # why", "extra = 'forbid'"),
        config("title = 'a'", "def f(self): pass"),
        "class Config(Base):\n        title = 'a'",
        "if True:\n        class Config:\n            title = 'a'",
        config("title = 'a'") + "\n    model_config = {}",
    ],
)
def test_what_says_something_else_in_a_dictionary_is_left_to_the_author(body: str) -> None:
    (problem,) = check_found(deprecated_config, book(body), "models.Book.Config")
    assert problem.fix is None
