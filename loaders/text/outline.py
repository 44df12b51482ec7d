"""The outline of a document: parts, sections (一、), subsections （一）, items (1. or 第一条), with headings."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graph.numerals import in_characters, ordinal_in
from loaders.text.lines import GLUED, LABEL, MARK, SIGNS, TITLE_END, is_title, issued_titles

#: Part, section, subsection, item, as printed; None where there is none.
ClausePath = tuple[str | None, str | None, str | None, str | None]

_KINDS = (
    ("book", re.compile(r"第([一二三四五六七八九十百\d]{1,4})(?:[编篇]|部分)[、.：]?")),
    ("chapter", re.compile(r"第([一二三四五六七八九十百\d]{1,4})章[、.：]?")),
    ("part", re.compile(r"第([一二三四五六七八九十百\d]{1,4})节[、.：]?")),
    ("article", re.compile(r"第([一二三四五六七八九十百零〇\d]{1,5})条(?!第|款|规定)[、.：]?")),
    ("section", re.compile(r"([一二三四五六七八九十]{1,3})[、.](?!\d)")),
    ("subsection", re.compile(r"（([一二三四五六七八九十]{1,3})）[、.]?|([㈠-㈩])")),
    ("item", re.compile(r"(\d{1,2})[.、](?!\d)")),
    ("bracketed", re.compile(r"（(\d{1,2})）[、.]?")),
    ("closed", re.compile(r"(\d{1,2})）")),
    ("circled", re.compile(r"([①-⑳])")),
)
#: The place of each kind in a path; 4 is deeper than a path goes.
_USUAL = {"section": 1, "subsection": 2, "item": 3, "article": 3, "bracketed": 4, "closed": 4, "circled": 4}
_DEEP = 4
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
#: A heading in a line of its own, and one that its text follows.
_LONGEST_HEADING, _LONGEST_RUN_IN = 48, 32
_LEAST_BELOW_A_TITLE = 30
#: A marker may stand within a paragraph where a sentence or a bracket has ended before it.
_WITHIN = re.compile(
    r"(?<=[。）；])(?=[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、](?!\d))|(?<=：)(?=一、|（一）)"
)
#: A heading that its first item follows without a stop: 一、优服务1.加快审批…
_HEADED = re.compile(
    r"(?:^|(?<=[。）；：]))(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）)[^。；：，（）\d]{2,24}(?=\d{1,2}[.、](?!\d))"
)
#: A number that begins within a paragraph is the first of several if the second stands there too.
_SECOND = re.compile(r"(?<=[。）；])(?:（二）|二、)")
_PART_NAMES = re.compile(
    r"(?:行动|实施|工作|专项|总体|推进|建设|改革|试点)?方案|(?:若干|支持|扶持|奖励|激励|十条)?政策(?:措施|意见)?|(?:若干|政策|保障|支持|具体|十条)?措施"
    r"|(?:行动|实施|工作|推进|培育)?计划|(?:实施|指导|若干|政策|工作)?意见|(?:管理|实施|暂行|奖励|认定|考核)?办法|(?:实施|操作|管理)?细则"
    r"|(?:发展|专项|总体|建设|产业)?规划|(?:任务|重点任务|责任|职责)?分工(?:表|方案)?|(?:任务|责任|项目|指标|重点任务)?清单|(?:工作)?要点|纲要|通知|规定|条例|公告|通告|决定|目录|指南"
)
_IN_FORCE = re.compile(
    r"(?:[（(]?[一-十\d、.]*[)）]?)本(?:政策|措施|办法|意见|方案|细则|规定|通知|计划|规划|行动|实施|若干)[^，。]{0,12}自.{0,30}(?:施行|执行|实施|生效)"
)
_SIGN_OFF = re.compile(r"(?:抄送|联系人|联系电话|附件|附：|（此件|此件|（联系|主题词|附表|信息公开)")
_ATTACHED = re.compile(r"附件?：(?:(\d)[.、])?(?=.)")
#: A lead sentence of an article is its heading; how the sentence of a rule begins instead.
_RULE = re.compile(
    "^(?:[为对本按凡经在未除]|申请|符合|下列|自[^主贸])|应当|可以|不得|不予|由|负责|给予|实行|是指|解释|[施执]行$"
)
_LONGEST_LEAD = 24
_DATED = re.compile(r"(?:[12]\d{3}|二[〇○零].{2})年.{1,2}月.{1,3}日$")
_LEAD_VERBS = "推壮培加做强支实优发建打提完鼓引促构深扩落健创营聚拓保设统严探夯抢突开积大持全着加激抓"


@dataclass(frozen=True)
class Part:
    """One of the documents in a file.

    Parameters
    ----------
    title: as printed; "" for what stands before the first title.
    name: its kind of document (行动方案) where the file holds several, else None.
    start, end: in the normalised text.
    """

    title: str
    name: str | None
    start: int
    end: int


@dataclass(frozen=True)
class OutlineClause:
    """A numbered clause, or an unnumbered one with a lead sentence.

    Parameters
    ----------
    path: part, section, subsection, item.
    number: as printed; None for an unnumbered one.
    heading: without the stop; None where the text begins at once.
    start, end: its own text in the normalised text, from the number to the next clause of any level.
    body: where the text begins behind the heading.
    last: the end of it with all that is below it.
    parent: index of the clause it belongs to, or None.
    depth: 1 section, 2 subsection, 3 item, 4 deeper.
    """

    path: ClausePath
    number: str | None
    heading: str | None
    start: int
    end: int
    body: int
    last: int
    parent: int | None
    depth: int


@dataclass(frozen=True)
class Outline:
    """Parts and clauses in order."""

    text: str
    parts: list[Part]
    clauses: list[OutlineClause]
    _starts: list[int] = field(repr=False, default_factory=list)

    def at(self, place: int) -> OutlineClause | None:
        """The clause whose own text a place is in."""
        index = bisect_right(self._starts, place) - 1
        if index < 0:
            return None
        clause = self.clauses[index]
        return clause if place < clause.end else None

    def path_at(self, place: int) -> ClausePath:
        """The path of the clause at a place; outside all clauses that of the part."""
        clause = self.at(place)
        if clause is not None:
            return clause.path
        index = bisect_right(self.parts, place, key=lambda p: p.start) - 1
        inside = index >= 0 and place < self.parts[index].end
        return (self.parts[index].name if inside else None, None, None, None)

    def passages(self) -> list[tuple[OutlineClause | None, int, int]]:
        """(clause, start, end) of the whole text, in order: the text of clauses and what stands between them."""
        passages: list[tuple[OutlineClause | None, int, int]] = []
        done = 0
        for clause in self.clauses:
            if clause.start > done:
                passages.append((None, done, clause.start))
            passages.append((clause, clause.start, clause.end))
            done = clause.end
        if done < len(self.text):
            passages.append((None, done, len(self.text)))
        return passages


@dataclass
class _Paragraph:
    start: int
    end: int
    text: str
    kind: str | None = None
    number: int = 0
    printed: str = ""
    length: int = 0


def outline(text: str, bold: Iterable[int] = ()) -> Outline:
    """The outline of a normalised text.

    Parameters
    ----------
    text: one paragraph a line.
    bold: places in the text where a bold lead sentence begins.
    """
    paragraphs = _split(text)
    titles = _titles(paragraphs)
    parts = _parts(text, paragraphs, titles)
    clauses: list[OutlineClause] = []
    leads = set(bold)
    starts = [p.start for p in paragraphs]
    for part in parts:
        inside = paragraphs[bisect_left(starts, part.start) : bisect_left(starts, part.end)]
        _Numbered(part, inside, clauses, leads).read()
    return Outline(text, parts, clauses, [c.start for c in clauses])


def _split(text: str) -> list[_Paragraph]:
    """Paragraphs, and what in them begins with a number of its own that goes on counting."""
    paragraphs: list[_Paragraph] = []
    last: dict[str, int] = {}
    for match in re.finditer(r"[^\n]+", text):
        line = match.group()
        awaited = last.get("item", 0) + 1
        cuts = [0, *_cuts(line, last), len(line)]
        for begin, end in itertools.pairwise(cuts):
            piece = line[begin:end]
            kind, number, printed, length = _mark(piece, 0, 0 if begin else awaited)
            paragraphs.append(
                _Paragraph(match.start() + begin, match.start() + end, piece, kind, number, printed, length)
            )
            if kind:
                last[kind] = number
    return paragraphs


def _cuts(line: str, last: dict[str, int]) -> Iterator[int]:
    """Where in a line a number stands that goes on counting from the ``last`` of its kind, which is kept up."""
    own, first, _, _ = _mark(line, 0, last.get("item", 0) + 1)
    if own:
        last[own] = first
    second = max((m.start() for m in _SECOND.finditer(line)), default=0)
    done = open_brackets = 0
    headed = {m.end() for m in _HEADED.finditer(line)}
    for begin in sorted(headed | {m.start() for m in _WITHIN.finditer(line)}):
        kind, number, _, _ = _mark(line, begin)
        open_brackets += line.count("（", done, begin) - line.count("）", done, begin)
        done = begin
        if not kind or open_brackets:
            continue
        first_of_several = number == 1 and (second >= begin + 3 or begin in headed)
        if first_of_several or (number == last.get(kind, 0) + 1 and number > 1):
            yield begin
            last[kind] = number


def _mark(text: str, begin: int, awaited: int = 0) -> tuple[str | None, int, str, int]:
    """(kind, number, as printed, length) of the number that stands at a place of a text.

    Parameters
    ----------
    awaited: the next item: 11.121人才项目 is item 11, and 11.5万亩 is none.
    """
    glued = GLUED.match(text, begin)
    if glued and int(glued.group(1)) == awaited:
        return "item", awaited, glued.group(1), glued.end() - begin
    if not MARK.match(text, begin):
        return None, 0, "", 0
    signs = len(text[begin : begin + 8]) - len(text[begin : begin + 8].lstrip(SIGNS))
    for kind, pattern in _KINDS:
        match = pattern.match(text, begin + signs)
        if match is None:
            continue
        digits, length = next(g for g in match.groups() if g), match.end() - begin
        if digits in _CIRCLED:
            return kind, ord(digits) - ord("①") + 1, digits, length
        if "㈠" <= digits <= "㈩":
            number = ord(digits) - ord("㈠") + 1
            return kind, number, f"（{in_characters(number)}）", length
        mark = match.group().rstrip("、.：")
        return kind, ordinal_in(digits), mark, length
    return None, 0, "", 0


def _titles(paragraphs: list[_Paragraph]) -> list[int]:
    """Indexes of paragraphs that are titles of documents."""
    titles: list[int] = []
    following = _next_numbered(paragraphs)
    below_lengths = list(itertools.accumulate((len(p.text) for p in reversed(paragraphs)), initial=0))[-2::-1]
    issued = issued_titles("\n".join(p.text for p in paragraphs))
    for index, paragraph in enumerate(paragraphs):
        if paragraph.kind or not (is_title(paragraph.text) or paragraph.text in issued):
            continue
        before = paragraphs[index - 1].text if index else "。"
        if before[-1] not in "。！）”" and not _ends_a_document(before) and index > 3:
            continue
        if below_lengths[index] < _LEAST_BELOW_A_TITLE:
            continue
        below = following[index]
        if titles and below is not None and below.number != 1:
            continue
        titles.append(index)
    return titles


def _next_numbered(paragraphs: list[_Paragraph]) -> list[_Paragraph | None]:
    """For each paragraph the first below it that has a number of a clause."""
    following: list[_Paragraph | None] = []
    below: _Paragraph | None = None
    for paragraph in reversed(paragraphs):
        following.append(below)
        if paragraph.kind in ("section", "chapter", "book", "item", "article", "subsection"):
            below = paragraph
    return following[::-1]


def _ends_a_document(text: str) -> bool:
    return bool(_DATED.search(text)) or (len(text) <= 30 and not re.search("[，。；：]", text))


def _parts(text: str, paragraphs: list[_Paragraph], titles: list[int]) -> list[Part]:
    """The documents in a file; named where more than one of them has clauses."""
    starts = [0, *(paragraphs[i].start for i in titles if paragraphs[i].start > 0)]
    ends = [*starts[1:], len(text)]
    headed = {paragraphs[i].start: paragraphs[i].text for i in titles}
    with_numbers = {bisect_right(starts, p.start) - 1 for p in paragraphs if p.kind}
    numbered = [index in with_numbers for index in range(len(starts))]
    annexed = [_is_annex(headed.get(s, ""), text[text.rfind("\n", 0, max(0, s - 1)) + 1 : s].strip()) for s in starts]
    several = sum(n and not a for n, a in zip(numbered, annexed, strict=True)) > 1
    names = [
        _part_name(headed.get(s, "")) if has and (several or annex) else None
        for s, has, annex in zip(starts, numbered, annexed, strict=True)
    ]
    counted = Counter(names)
    names = [headed[s] if n and counted[n] > 1 else n for n, s in zip(names, starts, strict=True)]
    return [Part(headed.get(s, ""), n, s, e) for s, e, n in zip(starts, ends, names, strict=True)]


def _is_annex(title: str, before: str) -> bool:
    """Whether a part is a list that is attached, and not a document of its own: its title stands below 附件2."""
    attached = re.fullmatch(r"附[件表]?\d{0,2}：?", before)
    return bool(attached and re.search("(?:清单|名单|目录|表)(?:（[^（）]*）)?$", title))


def _part_name(title: str) -> str | None:
    plain = re.sub(r"（[^（）]*）$", "", title)
    names = [m.group() for m in _PART_NAMES.finditer(plain) if m.end() == len(plain)]
    if names:
        return names[-1]
    end = re.search(TITLE_END + "$", plain)
    return end.group() if end else plain or None


class _Numbered:
    """Reads the clauses of one part."""

    def __init__(self, part: Part, paragraphs: list[_Paragraph], clauses: list[OutlineClause], bold: set[int]) -> None:
        self.part, self.paragraphs, self.clauses, self.bold = part, paragraphs, clauses, bold
        self.slots = _slots([p.kind for p in paragraphs if p.kind])
        self.following = {a.start: b for a, b in itertools.pairwise(paragraphs)}
        self.first = len(clauses)
        self.open: list[int] = []
        self.kinds: dict[int, str | None] = {}  # of clauses, by index
        self.last: dict[str, int] = {}
        self.highest: dict[str, int] = {}  # numbers may go on through the sections

    def read(self) -> None:
        """Add the clauses of the part."""
        closed = True
        attached = 0
        for index, paragraph in enumerate(self.paragraphs):
            attached = _attachment(paragraph, attached)
            if attached or (_IN_FORCE.match(paragraph.text) and paragraph.kind is None):
                self._close(paragraph.start)
                closed = True
            elif paragraph.kind and self._counts_on(paragraph):
                self._add(paragraph, self._depth(paragraph.kind), paragraph.printed)
                closed = False
            elif closed or self._ends_here(index):
                self._close(paragraph.start)
                closed = True
            elif self._leads(index):
                self._add(paragraph, self._unnumbered_depth(), None)
        self._close(self.part.end)

    def _depth(self, kind: str) -> int:
        """The level of a numbered paragraph.

        What is usually deeper than items is an item itself where no clause is open (in an annex), or right below a
        subsection (①), and then so are those that follow it.
        """
        depth = self.slots[kind]
        if depth < _DEEP:
            return depth
        above = [i for i in self.open if self.clauses[i].number is not None]
        if not above or any(self.kinds.get(i) == kind and self.clauses[i].depth == 3 for i in above):
            return 3
        return 3 if kind == "circled" and self.clauses[above[-1]].depth == 2 else depth

    def _counts_on(self, paragraph: _Paragraph) -> bool:
        """Whether a number goes on counting, so that it is no slip of a broken line."""
        kind = paragraph.kind or ""
        before = self.last.get(kind, 0)
        if kind in ("book", "chapter", "part") and kind not in self.highest:
            return True  # a part of a longer document
        fits = paragraph.number == 1 or paragraph.number >= before
        return fits and paragraph.number <= max(before, self.highest.get(kind, 0)) + 20

    def _add(self, paragraph: _Paragraph, depth: int, printed: str | None) -> None:
        self._close_own(paragraph.start)
        while self.open and self.clauses[self.open[-1]].depth >= depth:
            self._finish(self.open.pop(), paragraph.start)
        parent = self.open[-1] if self.open else None
        path = list(self.clauses[parent].path) if parent is not None else [self.part.name, None, None, None]
        if printed is not None and depth < _DEEP:
            path[depth:] = [printed, *([None] * (3 - depth))]
        heading, body = _heading(paragraph.text, paragraph.length, self._holds_others(paragraph, depth))
        self.open.append(len(self.clauses))
        self.kinds[len(self.clauses)] = paragraph.kind
        self.clauses.append(
            OutlineClause(
                (path[0], path[1], path[2], path[3]),
                printed,
                heading,
                paragraph.start,
                -1,
                paragraph.start + body,
                -1,
                parent,
                depth,
            )
        )
        if paragraph.kind and printed is not None:
            self.last[paragraph.kind] = paragraph.number
            self.highest[paragraph.kind] = max(paragraph.number, self.highest.get(paragraph.kind, 0))
            for kind, slot in self.slots.items():
                if slot > depth and kind != "article" and not (kind == "subsection" and depth == 1):
                    self.last.pop(kind, None)

    def _holds_others(self, paragraph: _Paragraph, depth: int) -> bool:
        """Whether the next numbered paragraph follows at once and is below this one."""
        following = self.following.get(paragraph.start)
        return following is not None and self.slots.get(following.kind or "", 0) > depth

    def _leads(self, index: int) -> bool:
        """An unnumbered clause: a short lead sentence, printed bold or followed by text that ends with who answers."""
        paragraph = self.paragraphs[index]
        if not self.open or self._unnumbered_depth() > 3 or self.slots_below():
            return False
        stop = paragraph.text.find("。")
        if not 4 <= stop <= 30 or stop + 10 > len(paragraph.text) or LABEL.match(paragraph.text):
            return False
        if paragraph.start in self.bold:
            return True
        following = self.paragraphs[index + 1].text if index + 1 < len(self.paragraphs) else ""
        answered = (
            LABEL.search(paragraph.text[-200:])
            or LABEL.match(following)
            or re.search("（[^（）]{2,80}负责）", paragraph.text[-90:])
        )
        return bool(answered) and paragraph.text[0] in _LEAD_VERBS and "，" not in paragraph.text[:stop]

    def slots_below(self) -> bool:
        """Whether the open clause is an item: those have no unnumbered clauses below them."""
        numbered = [c for c in (self.clauses[i] for i in self.open) if c.number is not None]
        return bool(numbered) and numbered[-1].depth >= 3

    def _unnumbered_depth(self) -> int:
        numbered = [c.depth for c in (self.clauses[i] for i in self.open) if c.number is not None]
        return (numbered[-1] if numbered else 0) + 1

    def _ends_here(self, index: int) -> bool:
        """A sign-off: nothing of a clause follows."""
        text = self.paragraphs[index].text
        return bool(_SIGN_OFF.match(text) or (_DATED.fullmatch(text[-12:]) and len(text) < 40))

    def _close_own(self, end: int) -> None:
        if len(self.clauses) > self.first and self.clauses[-1].end < 0:
            self._set(len(self.clauses) - 1, end=end)

    def _close(self, end: int) -> None:
        self._close_own(end)
        while self.open:
            self._finish(self.open.pop(), end)

    def _finish(self, index: int, end: int) -> None:
        self._set(index, last=end)

    def _set(self, index: int, **values: int) -> None:
        clause = self.clauses[index]
        changed = {**clause.__dict__, **values}
        self.clauses[index] = OutlineClause(**changed)


def _attachment(paragraph: _Paragraph, before: int) -> int:
    """The number of an entry in the list of attachments (附件：1.任务分工表, and below it 2.项目清单); 0 for other text."""
    first = _ATTACHED.match(paragraph.text)
    if first:
        return int(first.group(1) or 1)
    listed = before and paragraph.kind == "item" and paragraph.number == before + 1
    return paragraph.number if listed and len(paragraph.text) <= 60 and "。" not in paragraph.text else 0


def _slots(order_of_kinds: list[str]) -> dict[str, int]:
    """Which place of a path each kind of number takes in a document, by the kinds in their order."""
    slots = dict(_USUAL)
    kinds = set(order_of_kinds)
    if kinds & {"book", "chapter"}:
        order = [k for k in ("book", "chapter", "part", "section", "subsection", "item") if k in kinds]
        if "article" in kinds:
            order = [k for k in order if k in ("book", "chapter", "part")]
        slots |= {kind: min(place, _DEEP) for place, kind in enumerate(order, start=1)}
    elif "part" in kinds:
        slots["part"] = 2
    if "article" in kinds:
        slots |= {"article": 3, "section": 4 if kinds & {"chapter"} else 1, "item": _DEEP}
        slots["subsection"] = 2 if not kinds & {"chapter"} and _holds_articles(order_of_kinds) else _DEEP
    elif "item" not in kinds:
        free = next((k for k in ("bracketed", "closed", "circled") if k in kinds), None)
        if free is not None and max((slots[k] for k in kinds if slots.get(k, _DEEP) < _DEEP), default=0) < 3:
            slots[free] = 3
    for kind in ("book", "chapter"):
        slots.setdefault(kind, 1)
    slots.setdefault("part", 2)
    return slots


def _holds_articles(kinds: list[str]) -> bool:
    """Whether subsections are titles over articles: each is followed by one at once."""
    following = [b for a, b in itertools.pairwise(kinds) if a == "subsection"]
    return bool(following) and following.count("article") > len(following) / 2


def _heading(text: str, begin: int, holds_others: bool) -> tuple[str | None, int]:
    """(heading, where the text behind it begins) of a clause that begins with its number.

    Parameters
    ----------
    holds_others: clauses below it follow at once, so that a sentence of its own is its heading.
    """
    rest = text[begin:]
    named = re.match(r"（([^（）]{2,20})）", rest)
    if named and text.startswith("第"):
        return named.group(1), begin + named.end()
    stop = re.search("[。！]", rest)
    if stop is None:
        colon = rest.find("：")
        if 2 <= colon <= 15 and colon + 1 < len(rest):
            return rest[:colon], begin + colon + 1
        heading = re.split("（(?:责任|牵头|配合)", rest)[0].rstrip("：；")
        return (
            (heading, begin + len(heading))
            if 2 <= len(heading) <= _LONGEST_HEADING and "；" not in heading
            else (None, begin)
        )
    colon = rest.find("：")
    if 2 <= colon <= 12 and colon < stop.start():
        return rest[:colon], begin + colon + 1
    if text.startswith("第") and re.match("第.{1,5}条", text):
        # An article has a heading in brackets, or as a short lead sentence before its text.
        lead = rest[: stop.start()]
        if (
            len(rest) <= stop.end()
            or not 2 <= len(lead) <= _LONGEST_LEAD
            or _RULE.search(lead)
            or re.search(r"\d|，", lead)
        ):
            return None, begin
        return lead, begin + stop.end()
    sentence, behind = rest[: stop.start()], rest[stop.end() :]
    alone = not behind.strip() or bool(LABEL.match(behind))
    if not 2 <= len(sentence) <= (_LONGEST_HEADING if alone else _LONGEST_RUN_IN) or (
        alone and not holds_others and re.search(r"\d|，|给予", sentence)
    ):
        return None, begin
    if re.search(r"\d+(?:\.\d+)?(?:%|万|亿)|给予.{0,10}(?:奖|补|支持)", sentence):
        return None, begin
    return sentence, begin + stop.end()
