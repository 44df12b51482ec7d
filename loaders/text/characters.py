"""Characters: script, width, punctuation, brackets, blanks, and the readings that copy-protected pages sprinkle in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from loaders.documents import Mapped

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]")
_NEWLINE = re.compile("\r\n|[\r\x85\u2028\u2029]")
_BLANK = re.compile("[\t\x0b\xa0\u2000-\u200a\u202f\u205f\u3000]")
#: A heading that its text follows on the same line, with a wide blank between: 一、主要目标　到2027年, ...
_RUN_ON = re.compile(
    r"^[ \t\u3000]*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、])[^，。；：,;:\s]{2,20}?(\u3000+| {2,})(?=[^\n]{15})",
    re.MULTILINE,
)
#: A row of a table in plain text, and what parts its cells.
_ROW = re.compile(r"^(?P<open>[|｜]?)[ ]*(?=[^\s|｜])[^\t\n|｜]*(?:(?:\t+|[|｜])[^\t\n|｜]*){2,}$", re.MULTILINE)
_PARTED = re.compile(r"[ ]*(?:\t+|[|｜])[ ]*(?=[^\s|｜]|$)")
#: 科??技??部: the blanks of a spread name that were lost.
_SPREAD = re.compile(rf"^ *[{HAN}](?:\?{{1,3}}[{HAN}])+ *$", re.MULTILINE)
_READING = re.compile(
    rf"(?<=[{HAN}])[ \t\n]*[（(][ \n]*((?:[a-zA-Z\u00e0-\u01dc\u0251\u0261\u1e3f\u0300-\u030c]\n?){{1,8}})[ \n]*[)）]"
)
#: Forms of Hong Kong and Taiwan that the conversion leaves as they are.
_REGIONAL = str.maketrans("衞", "卫")
#: Words in which 著 stays; elsewhere, in a text in traditional script, it is 着.
_ZHU = re.compile("(?<![名显昭卓原编合译论专巨遗所土])著(?![名作称述录者书])")

_WIDE = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if chr(c - 0xFEE0).isalnum() or chr(c - 0xFEE0) in "%+&/@#*=<>~"}
_WIDE |= {
    ord("．"): ord("."),
    ord("﹒"): ord("."),
    ord("﹣"): ord("-"),
    ord("－"): ord("-"),
    ord("﹐"): ord("，"),
    ord("﹑"): ord("、"),
    ord("﹔"): ord("；"),
    ord("﹕"): ord("："),
    ord("｡"): ord("。"),
    ord("､"): ord("、"),
    ord("•"): ord("·"),
    ord("・"): ord("·"),
    ord("‧"): ord("·"),
    ord("―"): ord("—"),
    ord("─"): ord("—"),
    ord("﹪"): ord("%"),
    ord("〞"): ord("”"),
    ord("〝"): ord("“"),
    ord("＂"): ord('"'),
}
_OPEN, _CLOSE = "〔［【〖﹝｛{[(", "〕］】〗﹞｝}])"
_BRACKETS = {**{ord(c): "（" for c in _OPEN}, **{ord(c): "）" for c in _CLOSE}}
#: 发改振兴〔2021〕1618号: the year of a document number has brackets of its own.
_YEAR = re.compile(r"（((?:19|20)\d\d)）(?=第?\d{1,5}号)")

#: Numbers whose digits were set apart: 第 1 2 条, 2 0 2 5 年.
_SPREAD_DIGITS = re.compile(r"(?<=第) *\d(?: +\d){1,3}(?= *[条章款号])|(?<!\d)(?<!\d )[12] +[09] +\d +\d(?= *年)")
_BLANKS = re.compile(r"(?<=[^ \n])( +)(?=[^ \n])")
_HALF = re.compile(rf"(?<=[{HAN}”’）》〉%A-Za-z0-9\n])[,;:](?=[^0-9/])|(?<=[{HAN}）》”])[,;:]|[,;:](?=[{HAN}（《“])")
_FULL = {",": "，", ";": "；", ":": "："}
_STOP = re.compile(
    rf"(?<=[{HAN}”）》%])(?<!^[一二三四五六七八九十])(?<!\n[一二三四五六七八九十])(?<!\n十[一二三四五六七八九])"
    rf"\.(?=$|\n|[{HAN}“（《—])",
    re.MULTILINE,
)
_BODIES = "委|部|局|厅|办|院|行|会|府|署|公司|集团|中心|室"
_ROW_OF_BODIES = re.compile(
    rf"^ *(?:[{HAN}（）]{{2,20}}(?:{_BODIES}) +)+[{HAN}（）]{{2,20}}(?:{_BODIES}) *$(?!\n+ *关于)", re.MULTILINE
)


def clean(text: Mapped) -> Mapped:
    """One kind of line break and blank; nothing invisible."""
    text = text.sub(_NEWLINE, "\n").sub(_INVISIBLE, "")
    text = text.replace((m.start(1), m.end(1), "\n") for m in _RUN_ON.finditer(text.text))
    text = text.replace(_cells(text.text))
    text = text.same_length(_BLANK.sub(" ", text.text).replace("\x0c", "\n"))
    return text.sub(_SPREAD, lambda m: m.group().replace("?", " "))


def _cells(text: str) -> Iterator[tuple[int, int, str]]:
    """Rows of a table as statements: a stop between cells that tabs or bars part, and behind the row."""
    for row in _ROW.finditer(text):
        if row["open"]:
            yield (row.start(), row.start() + 1, "")
        yield from ((m.start(), m.end(), "；") for m in _PARTED.finditer(text, row.end("open"), row.end()))
        if row.end() < len(text) and row.group()[-1] not in "；。|｜\t":
            yield (row.end(), row.end() + 1, "；\n")


def without_readings(text: Mapped) -> Mapped:
    """發(fā)改 becomes 發改: a bracket goes where it holds a reading of the character before it."""
    return text.replace(
        (m.start(), m.end(), "")
        for m in _READING.finditer(text.text)
        if m.group(1) and reads_as(text.text[m.start() - 1], m.group(1).replace("\n", ""))
    )


def _plain(reading: str) -> str:
    """A reading without its tone: lǜ is lv."""
    parts = unicodedata.normalize("NFD", reading.lower().replace("ɡ", "g").replace("ɑ", "a"))
    parts = parts.replace("u\u0308", "v")
    return "".join(c for c in parts if not unicodedata.combining(c)).replace("ü", "v")


def reads_as(character: str, reading: str) -> bool:
    """Whether a character may be read so, whatever the tone."""
    return _reads(character, _plain(reading))


@lru_cache(maxsize=10_000)
def _reads(character: str, reading: str) -> bool:
    """Whether a character may be read so; ü is also written u."""
    from pypinyin.constants import PINYIN_DICT

    readings = PINYIN_DICT.get(ord(character), "")
    return any(reading in (r, r.replace("v", "u")) for r in map(_plain, readings.split(",")))


def simplified(text: Mapped) -> tuple[Mapped, bool]:
    """The text in simplified script, and whether it was in traditional script."""
    converted = _convert(text.text)
    changed = sum(a != b for a, b in zip(text.text, converted, strict=True))
    traditional = changed > max(3, len(text.text) // 100)
    if traditional:
        converted = _ZHU.sub("着", converted.translate(_REGIONAL))
    return text.same_length(converted), traditional


def _convert(text: str) -> str:
    """OpenCC, line by line where a phrase would change the number of characters."""
    converter = _converter("t2s")
    converted = str(converter.convert(text))
    if len(converted) == len(text):
        return converted
    return "".join(c if len(c := str(converter.convert(one))) == 1 else one for one in text)


def traditional(character: str) -> str:
    """A character in traditional script."""
    return str(_converter("s2t").convert(character))


@lru_cache(maxsize=2)
def _converter(way: str) -> Any:
    import opencc

    return opencc.OpenCC(way)


def narrowed(text: Mapped) -> Mapped:
    """Digits and letters half as wide, brackets of one kind (years of document numbers keep theirs)."""
    return with_years(text.same_length(text.text.translate(_WIDE).translate(_BRACKETS)))


def with_years(text: Mapped) -> Mapped:
    """The years of document numbers in their own brackets."""
    return text.same_length(_YEAR.sub(r"〔\1〕", text.text))


def without_blanks(text: Mapped) -> Mapped:
    """No blanks but between Latin words and numbers; a row of bodies (科技部 财政部) becomes lines."""
    text = text.sub(
        _ROW_OF_BODIES,
        lambda m: (
            re.sub(" +", lambda b: "\n" + " " * (len(b.group()) - 1), m.group().strip(" "))
            if m.group() == m.group().strip(" ")
            else m.group()
        ),
    )
    text = text.sub(_SPREAD_DIGITS, lambda m: m.group().replace(" ", ""))
    edits = []
    for match in _BLANKS.finditer(text.text):
        before, after = text.text[match.start() - 1], text.text[match.end()]
        latin = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
        edits.append((match.start(), match.end(), " " if latin else ""))
    return text.replace(edits)


def punctuated(text: Mapped) -> Mapped:
    """Full-width punctuation, as Chinese text has it."""
    plain = _HALF.sub(lambda m: _FULL[m.group()], _quoted(text.text))
    return text.same_length(_STOP.sub("。", plain))


def _quoted(text: str) -> str:
    """Straight quotes opened and closed in turn, afresh in each paragraph."""
    if '"' not in text:
        return text
    parts = []
    for paragraph in re.split(r"(\n\n+)", text):
        pieces = paragraph.split('"')
        parts.append("".join(p + ("“" if i % 2 == 0 else "”") for i, p in enumerate(pieces[:-1])) + pieces[-1])
    return "".join(parts)
