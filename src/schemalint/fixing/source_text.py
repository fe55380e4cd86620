"""One file of the user's as text and syntax tree, and back to bytes: encoding, byte order mark and line ends stay as they are."""

import codecs
import io
import re
import tokenize
from dataclasses import dataclass

import libcst as cst

from schemalint.fixing.reasons import LeftAlone


@dataclass(frozen=True, eq=False)
class SourceText:
    """A parsed file; `encoding` is what Python reads it with (`utf-8-sig` where there is a byte order mark)."""

    module: cst.Module
    encoding: str

    def encoded(self, module: cst.Module) -> bytes:
        """Return the bytes of a module that was made of this one."""
        return module.code.encode(self.encoding)

    def refuse_unencodable(self, code: str) -> None:
        """Raise LeftAlone for code that cannot be written in the file's encoding."""
        try:
            code.encode(self.encoding)
        except UnicodeEncodeError:
            raise LeftAlone(
                f"the file's encoding ({self.encoding}) lacks a character that would have to be written"
            ) from None


def read(content: bytes) -> SourceText:
    """Parse a file; raises LeftAlone for what cannot be parsed, or would not come out of the parser as it went in."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        text = content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        raise LeftAlone("the file cannot be decoded") from None
    if content.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    if is_generated(text):
        raise LeftAlone("the file says that it is generated: its generator has to be changed")
    try:
        module = cst.parse_module(text)
    except (cst.ParserSyntaxError, RecursionError):
        raise LeftAlone("the file cannot be parsed") from None
    source = SourceText(module, encoding)
    if source.encoded(module) != content:
        raise LeftAlone("the file cannot be rewritten without changing more than the fix")
    return source


GENERATED = re.compile(
    r"@generated\b|\bDO NOT (EDIT|MODIFY)\b|^#\W*(this (file|module|code) (is|was|has been) )?(auto(matically)?[- ]?)?generated\b",
    re.IGNORECASE,
)


def is_generated(text: str) -> bool:
    """Whether a comment (or the docstring's first line) at the head of a file says that a program writes it."""
    head = re.split(r"\r\n|\r|\n", text[:4000])[:15]
    lines = [line.strip() for line in head]
    opening = next((line for line in lines if line and not line.startswith("#")), "")
    comments = [line for line in lines[: lines.index(opening)] if line] if opening else lines
    docstring = [opening] if opening.startswith(('"', "'", 'r"')) else []
    return any(GENERATED.search(line) for line in [*comments, *docstring])
