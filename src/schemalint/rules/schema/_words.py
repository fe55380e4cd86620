"""English words in names of tables and classes: split, and judged as singular or plural, in doubt as either."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pluralizer import Pluralizer

BRANDS = ("GitHub", "GitLab", "GraphQL", "IPv", "JavaScript", "LinkedIn", "MySQL", "OAuth", "OpenID", "PayPal", "PostgreSQL", "WhatsApp", "YouTube")  # fmt: skip
"""One word each, whatever their capitals say."""

ENDINGS = ("db", "model", "orm", "table")
"""What a class may end with in order to say that it is a table."""

PIECE = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[^\WA-Z\d_]+|\d+")


@cache
def split(name: str) -> tuple[str, ...]:
    """Return the lower-case words of a name in snake_case or PascalCase: `HTTPLog2` gives `http`, `log2`."""
    for brand in BRANDS:
        name = name.replace(brand, brand.capitalize())
    words: list[str] = []
    for part in name.split("_"):
        pieces = [piece.lower() for piece in PIECE.findall(part)]
        joined: list[str] = []
        for piece in pieces:
            # A number belongs to the word before it, at the beginning to the word behind it: oauth2_token, 2fa_code.
            if joined and (piece.isdigit() or joined[-1].isdigit()):
                joined[-1] += piece
            else:
                joined.append(piece)
        words += joined
    return tuple(words)


def split_model(name: str) -> tuple[tuple[str, ...], str]:
    """Return the words of a class name, and apart from them an ending that only says that it is a table: `UserDB` gives `user` and `db`."""
    words = split(name)
    return (words[:-1], words[-1]) if len(words) > 1 and words[-1] in ENDINGS else (words, "")


def number_words(name: str) -> tuple[str, str, str]:
    """Return what stands before the word that carries the number of a table's name, that word, and what stands behind it.

    This is the last word, apart from those that say nothing about it: `users_v2`, `stats_daily`, `events_2024`, and nouns
    for a copy behind a plural, as in `users_archive`. The word is empty where there is none to judge.
    """
    words = tuple(name.lower().split("_")) if name == name.lower() else split(name)
    last = len(words) - 1
    while last >= 0 and is_qualifier(words[last]):
        last -= 1
    if last > 0 and words[last] in COPIES and is_plural(words[last - 1]):
        last -= 1
    if last < 0:
        return "", "", ""
    before = "".join(f"{word}_" for word in words[:last])
    return before, words[last], "".join(f"_{word}" for word in words[last + 1 :])


@cache
def may_be_plural(word: str, also_fine: tuple[str, ...] = ()) -> bool:
    """Whether a word is plural, has no plural, or cannot be judged: an acronym, another language, a participle."""
    word = bare(word)
    return word in also_fine or word in WITHOUT_PLURAL or is_beyond_us(word) or library().is_plural(word)


@cache
def is_plural(word: str, also_fine: tuple[str, ...] = ()) -> bool:
    """Whether a word is beyond doubt the plural of a word that has a singular."""
    word = bare(word)
    if word in also_fine or word in WITHOUT_PLURAL or word in PLURAL_FOR_ONE or word in ENDS_IN_S or is_beyond_us(word):
        return False
    if word.endswith(("ss", "us", "is")) and word not in PLURALS_IN_S:
        return False
    return library().is_plural(word) and library().singular(word) != word


@cache
def plural(word: str) -> str:
    """Return a word's plural; the word itself where it has none."""
    return word if may_be_plural(word) else with_number(library().plural(bare(word)), word)


@cache
def singular(word: str) -> str:
    """Return a plural's singular; the word itself where it is none."""
    return with_number(library().singular(bare(word)), word) if is_plural(word) else word


def bare(word: str) -> str:
    """Return a word in lower case without the number at its end: `tokens2` is as plural as `tokens`."""
    return word.lower().rstrip("0123456789")


def with_number(word: str, example: str) -> str:
    return word + example[len(bare(example)) :]


def is_qualifier(word: str) -> bool:
    """Whether a word at the end of a name says nothing about number: a version, a year, an adjective."""
    word = bare(word)
    return len(word) < 2 or word in QUALIFIERS or (word.endswith("ed") and word not in ENDS_IN_ED)


def is_beyond_us(word: str) -> bool:
    """Whether a word gives no sure sign of its number."""
    if not word.isascii() or not set(word) & set("aeiouy"):
        return True  # another language; an acronym such as sms or dns
    if word.endswith("ing"):
        return word not in ENDS_IN_ING  # billing, tracking: no plural
    if word.endswith("en"):
        return (
            word not in ENDS_IN_EN and not word.endswith("men") and word != "children"
        )  # German and Dutch plurals: kunden, boeken
    return word.endswith("i") and word not in ENDS_IN_I  # Italian plurals: clienti


@cache
def library() -> "Pluralizer":
    """Return the library that knows English plurals, with what it gets wrong put right."""
    from pluralizer import Pluralizer

    known = Pluralizer()  # type: ignore[no-untyped-call]  # the library types its methods only
    for many, one in IRREGULAR.items():
        known.add_irregular_rule(one, many)
    for word in NO_PLURAL_FORM:
        known.add_uncountable_rule(word)
    return known


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


IRREGULAR = {
    "apis": "api",
    "biases": "bias",
    "buses": "bus",
    "caches": "cache",
    "cpus": "cpu",
    "emojis": "emoji",
    "formulae": "formula",
    "formulas": "formula",
    "gases": "gas",
    "gpus": "gpu",
    "gurus": "guru",
    "indexes": "index",
    "kpis": "kpi",
    "lenses": "lens",
    "menus": "menu",
    "schemas": "schema",
    "skis": "ski",
    "skus": "sku",
    "taxis": "taxi",
    "uris": "uri",
    "viruses": "virus",
    "wikis": "wiki",
}
"""Plurals with their singulars where the library knows none, a wrong one, or one that nobody writes in a schema (schemata)."""

NO_PLURAL_FORM = words_of("""
    access accounting advertising apparel attendance attire auth oauth availability baggage cargo clothing compliance connectivity
    content correspondence data demographics documentation education electricity employment evidence expenditure feedback
    footage furniture geography geometry help info infrastructure insurance intelligence inventory jewelry knowledge
    liquidity logic logistics luggage malware math mathematics merchandise meta metadata middleware misc money nutrition
    ownership payroll persistence personal physics poultry privacy produce progress quality revenue safety security seafood
    slang spam stationery storage stuff supervision telemetry terminology trash truth usage vocabulary waste water weather
""")

COLLECTIONS = words_of("""
    allowlist archive backlog blacklist blocklist cache denylist dlq history inbox ledger outbox queue stock trail waitlist whitelist
""")
"""What holds many rows by itself: a table of the name is not misnamed."""

WITHOUT_PLURAL = NO_PLURAL_FORM | COLLECTIONS

PLURAL_FOR_ONE = words_of("""
    acoustics aggregates amenities analytics attributes basics bounds characteristics conditions configs constants contents
    coordinates counters counts credentials creds criteria defaults details diagnostics dimensions earnings economics ethics
    features fields figures filters flags goods graphics guidelines hours instructions limits logistics means measurements metrics
    minutes operations ops options parameters params perms permissions politics preferences prefs proceeds properties props
    quotas regs requirements restrictions results rights sales savings scopes series settings skills species specifications
    specs statics statistics stats tactics terms thanks thresholds times totals values weights works
""")
"""Plurals that name one row which holds several of them: UserSettings, OrderTotals."""

ENDS_IN_S = words_of("""
    atlas aws bias biz canvas chaos christmas colis cosmos cours dias dos gas gis ios kudos lens mars mes news os pays pos
    temps tls
""")
"""Singular although they end in a single s; some are acronyms, some of other languages."""

PLURALS_IN_S = frozenset(plural for plural in IRREGULAR if plural.endswith(("us", "is")))
"""Plural although they end in us or is."""

QUALIFIERS = words_of("""
    active all annual anonymous current daily default draft duplicate external final full hourly inactive internal latest
    legacy live local main monthly new obsolete old open pending previous private public quarterly raw recent remote
    secondary temp temporary tmp weekly yearly
""")

COPIES = words_of("""
    archive audit backup cache copy dump export history import index list log lookup mirror outbox partition queue replica
    shadow snapshot stage staging summary table template view
""")
"""Nouns for a copy or a companion of a table, which may keep the table's own name before them."""

ENDS_IN_ED = words_of("bed breed deed embed feed need reed seed shed speed weed")
ENDS_IN_ING = words_of("""
    being binding blessing booking briefing building ceiling clipping crossing drawing earring embedding ending evening
    filing finding hearing heading holding king lining listing mapping marking meeting morning offering opening outing
    painting posting rating ranking reading recording ring saving serving setting sibling spelling spring string swing
    thing warning wedding wing
""")
ENDS_IN_EN = words_of("alien citizen garden kitchen kitten oven pen raven screen specimen teen token warden")
ENDS_IN_I = words_of("api emoji kpi taxi uri wiki")
