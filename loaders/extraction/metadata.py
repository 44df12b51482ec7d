"""What a document says of itself: titles, number, who issued it, when, in force until when, what it cites."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from graph.numerals import digits_in, ordinal_in
from loaders.extraction.word_lists import any_word, words
from loaders.text.outline import ClausePath, Outline

_DATE = re.compile(r"((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日")
_CHINESE_DATE = re.compile(
    r"(二[〇○零][〇○零一二三四五六七八九]{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,16}〔(?:19|20)\d\d〕第?\d{1,5}号")
_ORDER = re.compile(r"(?:第\d{1,4}号(?:令|公告)?|\d{4}年第\d{1,4}号)")
_CITED = re.compile(
    r"《(?P<title>[^《》]{0,200}(?:《[^《》]{0,100}》[^《》]{0,100}){0,3})》(?:（(?P<number>[^（）]{2,24}号)[^（）]{0,10}）)?"
)
_OUTLINE = re.compile(
    r"(?P<before>(?:国家|我国|全国)?(?:“十[一二三四五六]五”|国民经济和社会发展[^，。《]{0,20})规划)《纲要》"
)
_BODIES = re.compile(
    r"(?:国家)?[\u4e00-\u9fff]{0,16}?(?:人民政府办公厅|人民政府办公室|人民政府|委员会办公室|委员会|办公厅|"
    r"办公室|开发银行|人民银行|银保监会|证监会|总局|管理局|能源局|监督局|统计局|知识产权局|发展改革委|"
    r"发展改革委员会|国资委|农业农村部|自然资源部|生态环境部|交通运输部|住房城乡建设部|工业和信息化部|"
    r"信息化部|科技部|财政部|商务部|教育部|组织部|宣传部|国务院|[\u4e00-\u9fff]部|[\u4e00-\u9fff]{2}厅|"
    r"[\u4e00-\u9fff]{2}局|[\u4e00-\u9fff]委|协会|商会)"
)
_BODY_LINE = re.compile(
    r"[^，。；：（）《》]{2,60}(?:委员会|委|部|局|厅|办公厅|办公室|银行|政府|院|署|会|集团|公司|管委会|党组)$"
)
_MEETING = re.compile(
    r"(?:党的|省委|市委|县委|区委)?(?:第?[一二三四五六七八九十]{1,3}届[一二三四五六七八九十]{1,2}次(?:全会|全体会议)|[一二三四五六七八九十]{1,3}届[一二三四五六七八九十]{1,2}中全会|二十大|十九大)"
)
_FORCE = re.compile(r"自(?P<when>[^，。；]{2,24}?)起?(?:正式)?(?:施行|实施|执行|生效)")
_VALID = re.compile(
    r"(?P<before>[一二三四五六七八九十两\d]{1,2})年有效期|有效期(?:为|限)?(?:自[^，。；]{2,30}?)?(?:至(?P<until>(?:20)\d\d年\d{1,2}月\d{1,2}日)|"
    r"(?P<years>[一二三四五六七八九十两\d]{1,2})年)|(?:施行|实施|"
    r"执行)至(?P<until2>20\d\d年\d{1,2}月\d{1,2}日)|至(?P<until3>20\d\d年\d{1,2}月\d{1,2}日)(?:止|废止|失效)"
)
_URL = re.compile(r"(?:原文|文章|来源)?(?:地址|链接|网址)[：:]\s*<?(https?://[^\s<>）)]+)")


@dataclass(frozen=True)
class Cited:
    """A document that is cited, and the clauses that cite it."""

    title: str
    number: str | None
    clauses: list[ClausePath] = field(default_factory=list)


@dataclass(frozen=True)
class Metadata:
    """What a document says of itself; dates are ISO 8601."""

    titles: list[str]
    number: str | None
    issuers: list[str]
    approved_by: str | None
    recipients: list[str]
    issued: str | None
    effective: str | None
    expires: str | None
    valid_years: int | None
    period: str | None
    year: int | None
    cited: list[Cited]
    cited_meetings: list[str]
    source_url: str | None


def metadata(outline: Outline, raw: str) -> Metadata:
    """What a document says of itself.

    Parameters
    ----------
    outline: of the normalised text.
    raw: the text as it was, for the address that web copies give.
    """
    text = outline.text
    lines = text.split("\n")
    titles = [_without_number(part.title) for part in outline.parts if part.title]
    first = outline.clauses[0].start if outline.clauses else min(len(text), 3000)
    issued, signers = _signed(lines, titles)
    head = text[:first]
    issued = issued or _listed_date(raw)
    issuers = signers or _from_title(titles, head) or _listed_bodies(raw)
    effective, expires, years = _force(text, issued)
    url = _URL.search(raw)
    return Metadata(
        titles,
        _number(text, head) or _listed_number(raw),
        issuers,
        _approved(head),
        _recipients(lines, titles),
        issued,
        effective,
        expires,
        years,
        _period(titles),
        _year(titles),
        _cited(outline, titles),
        _meetings(text),
        url.group(1) if url else None,
    )


def _without_number(title: str) -> str:
    """A title without the number that a page puts before it."""
    number = _NUMBER.match(title)
    return title[number.end() :] if number and number.end() < len(title) else title


def _signed(lines: list[str], titles: list[str]) -> tuple[str | None, list[str]]:
    """(date, bodies) of the sign-off: lines of bodies before a line that is a date."""
    for index, line in enumerate(lines):
        day = _iso(line) if len(line) <= 60 else None
        if day is None or not re.search(r"(?:日|〔.*|）)$", line) or re.search("[，。；：]", line):
            continue
        bodies: list[str] = []
        same_line = re.sub(r"(?:(?:19|20)\d\d|二[〇○零].{2})年.*$", "", line).strip()
        if same_line and _BODY_LINE.match(same_line):
            bodies = bodies_of(same_line)
        before = index - 1
        while before >= 0 and _BODY_LINE.match(lines[before]) and lines[before] not in titles and not bodies[20:]:
            bodies = [*bodies_of(lines[before]), *bodies]
            before -= 1
        if bodies or index + 3 >= len(lines) or index < 30:
            return day, bodies
    # Without a date: two bodies and more, one a line.
    for index in range(min(len(lines), 40) - 1):
        run = [line for line in lines[index : index + 12] if _BODY_LINE.match(line)]
        if len(run) > 1 and lines[index : index + len(run)] == run and not set(run) & set(titles):
            return None, run
    return None, []


def bodies_of(text: str) -> list[str]:
    """Bodies that are run together: 国家发展改革委工业和信息化部财政部 are three."""
    text = re.sub(r"\s", "", text)
    region = re.match(r"(?:中共)?([\u4e00-\u9fff]{2,6}?(?:省|市|自治区|自治州|州|县|区))", text)
    if region and text.count(region.group(1)) > 1:
        # Each begins with the name of the same region.
        return [b for b in re.split(f"(?=中共{region.group(1)})|(?<!中共)(?={region.group(1)})", text) if b]
    found: list[str] = []
    known = re.compile(any_word("state_bodies"))
    place = 0
    while place < len(text):
        match = known.match(text, place) or re.compile(
            r"[\u4e00-\u9fff]{2,9}?(?:省|市|自治区|自治州|州|县|区)?(?:人民政府办公厅|人民政府办公室|人民政府|"
            r"(?:委员会|委)办公室|[\u4e00-\u9fff]{2,14}?(?:委员会|管理局|监督局|厅|局|办公室|委|院|行|会|部|署))"
        ).match(text, place)
        if match is None or match.end() == place:
            return [text] if not found else [*found, text[place:]]
        place = match.end()
        if text.startswith(("办公室", "办公厅"), place):
            place += 3
        found.append(text[match.start() : place])
    return found if all(len(f) >= 3 for f in found) and len(found) > 1 and _run_together(text, found) else [text]


def _run_together(text: str, found: list[str]) -> bool:
    """Whether the bodies found are several, and not parts of one name."""
    starts = [f[:2] for f in found]
    regional = sum(bool(re.match(r"[\u4e00-\u9fff]{2,6}?(?:省|市|县|区|州)", f)) for f in found)
    national = sum(f.startswith(tuple(words()["state_body_starts"])) for f in found)
    return len(starts) > 1 and (regional == len(found) or national == len(found)) and "".join(found) == text


def _from_title(titles: list[str], head: str) -> list[str]:
    for title in titles:
        match = re.match(r"(?P<who>[^《》]{3,60}?)关于", title)
        if match:
            who = re.sub("等(?:[\u4e00-\u9fff\\d]{0,3}部门|单位|部委)?$", "", match["who"])
            pieces = [p for p in re.split(r"[、 ]", who) if p]
            return [b for p in pieces for b in bodies_of(p)]
    del head
    return []


def _number(text: str, head: str) -> str | None:
    """The document's own number: a line by itself, or before the first clause outside all brackets and titles."""
    for line in text.split("\n"):
        if len(line) <= 30 and (
            match := _NUMBER.fullmatch(re.sub("^(?:文号|发文字号|发文编号)：?", "", line).strip("（）"))
        ):
            return match.group()
    plain = re.sub(r"《[^《》]*(?:《[^》]*》[^《》]*)*》(?:（[^（）]*）)?|（[^（）]*）", "", head)
    match = next(re.finditer(r"(?:^|[\n：])([\u4e00-\u9fff]{1,12}〔(?:19|20)\d\d〕第?\d{1,5}号)", plain), None)
    return match.group(1) if match else None


#: How a cell of the table above a document and the next are parted: 文号：| 政办发…
_CELL = r"[\s|｜:：]*"
_LISTED_NUMBER = re.compile(
    rf"(?:发文字号|发文编号|文\s*号){_CELL}([\u4e00-\u9fff]{{1,14}})\s*[〔［\[【（(]\s*((?:19|20)\d\d)\s*[〕］\]】）)]\s*(\d{{1,5}})\s*[号號]"
)
_LISTED_DATE = re.compile(
    rf"(?:成文|发文|印发|发布|生成)(?:日期|时间){_CELL}((?:19|20)\d\d)[-—/.年](\d{{1,2}})[-—/.月](\d{{1,2}})"
)
_LISTED_BODY = re.compile(rf"(?:发文机关|发文机构|发布机构|发文单位){_CELL}([\u4e00-\u9fff、 ]{{3,60}})")


def _listed_number(raw: str) -> str | None:
    """The number in the table that web pages put above a document."""
    match = _LISTED_NUMBER.search(raw)
    return f"{match.group(1)}〔{match.group(2)}〕{match.group(3)}号" if match else None


def _listed_date(raw: str) -> str | None:
    """The date in that table."""
    match = _LISTED_DATE.search(raw)
    return _iso("{}年{}月{}日".format(*match.groups())) if match else None


def _listed_bodies(raw: str) -> list[str]:
    """Who issued it by that table."""
    match = _LISTED_BODY.search(raw)
    return [b for p in re.split("[、 ]", match.group(1)) if p for b in bodies_of(p)] if match else []


def _approved(head: str) -> str | None:
    match = re.search(r"(?:已)?经(?P<who>[^，。；]{2,24}?)(?:研究)?(?:同意|批准|审议通过|审定)", head)
    return match["who"] if match else None


def _recipients(lines: list[str], titles: list[str]) -> list[str]:
    for line in lines[:14]:
        names = line.partition("：")[0]
        if names == line or line in titles or len(names) > 300:
            continue
        units = re.search("(?:政府|委|局|厅|部门|单位|管委会|公司|院|行|机构|会|企业)(?:（[^（）]*）)?$", names)
        if units and (
            re.match("各|有关|市|省|区|县|国务院|国家|相关", names)
            or re.match("[\u4e00-\u9fff]{2,6}?(?:省|市|区|县)人民政府", names)
        ):
            whole = "各" in names or "，" in names
            return [p for p in re.split("[，；]" if whole else "[，；、]", names) if p]
    return []


def _force(text: str, issued: str | None) -> tuple[str | None, str | None, int | None]:
    effective = None
    for match in _FORCE.finditer(text):
        when = match["when"]
        if "《" in text[max(0, match.start() - 20) : match.start()]:
            continue
        if _iso(when):
            effective = _iso(when)
        elif re.search("(?:印发|发布|公布|发文)之日", when) and issued:
            later = re.search(r"(\d{1,3})(?:日|天|个工作日)后?", when)
            effective = (
                (date.fromisoformat(issued) + timedelta(days=int(later.group(1)))).isoformat() if later else issued
            )
        if effective:
            break
    valid = _VALID.search(text)
    span = (valid["years"] or valid["before"]) if valid else None
    years = ordinal_in(span) if span else None
    until = next((_iso(valid[g]) for g in ("until", "until2", "until3") if valid and valid[g]), None)
    if until is None and years and effective:
        until = _after(effective, years)
    return effective, until, years


def _after(start: str, years: int) -> str:
    """The last day of so many years."""
    first = date.fromisoformat(start)
    try:
        end = first.replace(year=first.year + years)
    except ValueError:
        end = first.replace(year=first.year + years, day=28) + timedelta(days=1)
    return (end - timedelta(days=1)).isoformat()


def _iso(text: str) -> str | None:
    match = _DATE.search(text)
    numbers: tuple[int, int, int] | None = None
    if match:
        numbers = (int(match.group(1)), int(match.group(2)), int(match.group(3)))
    elif chinese := _CHINESE_DATE.search(text):
        year = int(digits_in(chinese.group(1)))
        numbers = (year, ordinal_in(chinese.group(2)), ordinal_in(chinese.group(3)))
    if numbers is None:
        return None
    try:
        return date(*numbers).isoformat()
    except ValueError:
        return None


def _period(titles: list[str]) -> str | None:
    for title in titles:
        match = re.search(r"“十[一二三四五六]五”|20\d\d(?:年)?[—\-–~～至]+20\d\d年?|20\d\d年", title)
        if match:
            return match.group()
    return None


def _year(titles: list[str]) -> int | None:
    """The year that a title sets for its goals: the last of 2023—2025年, or 2024年."""
    for title in titles:
        years = [int(y) for y in re.findall(r"20\d\d(?=年|[—\-–~～至])", title)]
        if years and not re.search(r"20\d\d年前", title):
            return max(years)
    return None


def _cited(outline: Outline, titles: list[str]) -> list[Cited]:
    text = outline.text
    found: dict[str, Cited] = {}
    own = {re.sub(r"（[^（）]*）$", "", t) for t in titles}
    places: list[tuple[int, str, str | None]] = [
        (m.start(), f"{m['before']}《纲要》", None) for m in _OUTLINE.finditer(text)
    ]
    for match in _CITED.finditer(text):
        title = match["title"]
        if len(title) >= 5 and re.sub(r"（[^（）]*）$", "", title) not in own:
            number = match["number"]
            places.append((match.start(), title, number if number and _NUMBER.search(number) else None))
    for place, title, number in sorted(places):
        path = outline.path_at(place)
        before = found.get(title)
        if before is None:
            found[title] = Cited(title, number, [path])
        else:
            clauses = before.clauses if path in before.clauses else [*before.clauses, path]
            found[title] = Cited(title, before.number or number, clauses)
    return list(found.values())


def _meetings(text: str) -> list[str]:
    return list(
        dict.fromkeys(m.group() for m in _MEETING.finditer(text) if re.match("省委|市委|县委|区委|党的", m.group()))
    )
