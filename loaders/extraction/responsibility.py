"""Who answers for a clause: brackets and lines of responsible units, with lead and support told apart.

The convention is the document's own where it states one (逗号前为牵头单位; 列第一位的为牵头单位).
Without one, what stands before the first comma leads and the rest supports; without a comma all lead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.text.outline import ClausePath, Outline

_LEADS = "牵头(?:责任)?(?:单位|部门|处室|科室)|主(?:办|责|管)(?:单位|部门)|牵头"
_SHARES = "(?:主要|第一|市级|省级|区级|县级|属地|共同)?责任(?:单位|部门|主体|分工)|负责(?:单位|部门)|(?:组织)?实施(?:单位|部门)|落实(?:单位|部门)|落实"
_SUPPORTS = "(?:配合|参与|参加|协办|协同|协作|支持|协助|会同)(?:责任)?(?:单位|部门)|配合|参与"
_LABEL = re.compile(rf"(?P<lead>{_LEADS})：|(?P<share>{_SHARES})：|(?P<support>{_SUPPORTS})：")
_LEADER = re.compile(f"（?(?:{_LEADS})：")
_LABEL_AT = re.compile(rf"(?:^|(?<=[（。；\n）]))(?:各项)?(?:{_LEADS}|{_SHARES}|{_SUPPORTS})：")
#: A bracket without a label: （市甲局牵头，市乙局配合）, and （市甲局，市乙局） that closes a paragraph.
_PLAIN = re.compile(
    r"（(?=[^（）]{0,200}(?:（[^（）]{0,30}）[^（）]{0,200})*(?:牵头|负责|配合|参加|参与|落实)[^（）]{0,12}）)"
)
_BARE = re.compile(r"(?<![局委部厅办])（(?=[^（）]{2,200}(?:（[^（）]{0,30}）[^（）]{0,200})*）[。；]?(?:\n|$))")
#: How the document says which of them leads.
_COMMA_RULE = re.compile(r"逗号(?:之)?前[^，。；]{0,8}牵头")
_FIRST_RULE = re.compile(
    r"(?:列|排)(?:名|在)?(?:第一位|首位|第一)[^，。；]{0,8}牵头|第一(?:个)?(?:责任)?(?:单位|部门)为牵头|首个[^，。；]{0,6}牵头|排名第一"
)
_FIRST_STOP_RULE = re.compile(r"第一个(?:顿号|标点)前")
_RULE = re.compile(
    r"[；，。（]?(?:[^；，。、（]{0,10}(?:逗号|顿号|分号|首位|第一位|第一个|第一责任|第一为|排名第一|排第一|列第一)[^；。]{0,24}(?:牵头|为主)[^；。）]{0,10}|下同|以下类同|以下相同|余同)(?:）)?"
)
#: A sign at the names of those that lead: 标★的为牵头单位.
_SIGN_RULE = re.compile(
    "(?:标|带|注|加|打|有)(?:有|注)?“?([★☆▲△●◆■*※#])”?(?:号|标记|标识|的)*[^，。；]{0,6}牵头[^，。；]{0,8}"
)
#: Separators that are part of a unit's name: 各区、县（市）政府.
_JOINED = re.compile(
    r"(?<=[各关区县市州旗地])(（[^（）]{1,8}）)?、(?=(?:区|县级市|县|市|州|旗|盟|乡|镇)(?:（[^（）]{1,8}）)?(?:人民)?(?:政府|委|管委会|党委|$|[，；、）]))"
)
_HOLD = "\x01"
#: Two units that a word joins, or a blank that was lost: 市甲局及各区政府, 区甲局各街道办事处.
_BETWEEN = re.compile(
    r"(?<=[局委部厅办府会署])(?:以及|及|和|与)(?=(?:市|省|区|县|国家|相关|有关)[^、，；（）]{1,30}$|[^、，；（）]{2,20}(?:局|委|部|厅|办|政府|管委会)$)|(?<=..)(?:以及|及|和|与)(?=各)|(?<=[局委部厅])(?=各)|(?<=[局厅])(?=市[^、，；（）]{1,8}[局委办]$)"
)
#: A remark behind the units: 以下均需各市政府落实，不再列出.
_REMARK = re.compile(
    "(?:^|[。；，])牵头[^，。；：]{0,4}负总责(?:，下同)?"
    "|(?:^|[。；，、])(?:以下|以上|上述|其他|其余)[^。；]{0,30}(?:不再(?:一一)?列出|不再列|不一一列出|省略)"
    "|(?:^|[。；，])(?:完成|办结)?(?:时间|时限|期限)：[^，。；]*"
    "|(?:^|[。；，])(?:适用(?:范围|区域|对象)|实施范围|备注)：[^。；]*"
)
_VERB_TAIL = re.compile(
    r"(?:等)?(?:有关|相关)?(?:(?<=等)(?:单位|部门))?(?:按(?:照)?(?:各自)?(?:职责|职能|任务)(?:分工)?|分别|"
    r"共同|具体|分工)?(?:共同)?(?:负责|落实|牵头负责|(?<!产业链)牵头|配合|参与|参加|会同|组织实施|"
    r"推进)(?:落实|实施|推进)?$|结合实际(?:抓好)?(?:落实|推进)?$"
)
_DEPARTMENT = re.compile("(?:局|委|厅|部|办|政府|公署|管委会|委员会|办公室|主管部门)(?:（[^（）]*）)?$")
_UNIT_HEAD = re.compile(r"^(?:由|会同|以及|及|和|与|并|其中|各项任务由|联合)")
_UNIT = re.compile(
    r"(?:委|局|部|厅|办|院|行|会|署|室|处|科|政府|公司|集团|中心|机构|单位|部门|银行|大学|学院|协会|园区|"
    r"开发区|新区|高新区|经开区|管委会|联社|街道|乡镇|镇|县|区|市|省|州|企业|所|站|队|台|社|团|分局|支行|分行|"
    r"电网|机关|公署|专班|指挥部|领导小组|科学城|新城|功能区)(?:（[^（）]*）)?$"
)
_LEADING = r"牵头(?!的?(?:市级|省级|区级|责任|主管)?(?:部门|单位))"
_LONGEST = 400


@dataclass(frozen=True)
class Responsibility:
    """Departments that answer for a clause: those that lead and those that support, groups kept as they are named."""

    clause: ClausePath
    lead: tuple[str, ...]
    support: tuple[str, ...]
    start: int
    end: int


def responsibilities(outline: Outline) -> list[Responsibility]:
    """What the clauses say of who answers for them, in order."""
    text = outline.text
    places = _places(text)
    first_leads = _scope_of_first_rule(text, places)
    sign = _SIGN_RULE.search(text)
    found: list[Responsibility] = []
    for start, end in places:
        inner = _inner(text, start, end)
        if sign is not None and sign.group(1) in _SIGN_RULE.sub("", inner):
            lead, support = _by_sign(_SIGN_RULE.sub("", inner), sign.group(1))
        else:
            lead, support = _split(inner, _form(inner) in first_leads)
        if lead or support:
            _add(found, Responsibility(outline.path_at(start), lead, support, start, end), text)
    return found


def _inner(text: str, start: int, end: int) -> str:
    """What stands in a bracket, or in a line."""
    return text[start + 1 : end - 1] if text[start] == "（" else text[start:end].strip("。；，\n ")


def _form(inner: str) -> str:
    """Whether units are labelled (责任单位：…), or a verb says what they do (…负责)."""
    return "label" if _LABEL.search(inner) else "verb"


def _scope_of_first_rule(text: str, places: list[tuple[int, int]]) -> set[str]:
    """The forms for which the document says that the first unit leads.

    In the running text it holds for all; in a bracket for those of its form where it adds 下同, else for itself alone.
    """
    if _COMMA_RULE.search(text):
        return set()
    scope: set[str] = set()
    for rule in _FIRST_RULE.finditer(text):
        place = next(((s, e) for s, e in places if s <= rule.start() < e), None)
        if place is None:
            return {"label", "verb"}
        inner = _inner(text, *place)
        if re.search("下同|以下|余同", inner):
            scope.add(_form(inner))
    return scope


def _add(found: list[Responsibility], new: Responsibility, text: str) -> None:
    """Lines that follow one another (牵头单位：… 责任单位：…) are one statement: the second supports."""
    before = found[-1] if found else None
    if (
        before is not None
        and before.clause == new.clause
        and not before.support
        and not text[before.end : new.start].strip("\n。；，")
        and (not new.lead or (_LEADER.match(text, before.start) and not _LEADER.match(text, new.start)))
    ):
        support = tuple(unit for unit in (*new.lead, *new.support) if unit not in before.lead)
        found[-1] = Responsibility(before.clause, before.lead, support, before.start, new.end)
    else:
        found.append(new)


def _places(text: str) -> list[tuple[int, int]]:
    """(start, end) of every bracket or line that says who answers."""
    places: list[tuple[int, int]] = []
    for match in _LABEL_AT.finditer(text):
        start = match.start()
        if places and start < places[-1][1]:
            continue
        opening = _opening(text, start)
        if opening is not None:
            start, end = opening, _closing(text, opening)
        else:
            line_end = text.find("\n", start)
            end = line_end if line_end >= 0 else len(text)
            stop = text.find("。", start, end)
            end = stop if stop >= 0 and not _LABEL.match(text, stop + 1) else end
        places.append((start, end))
    for match in _PLAIN.finditer(text):
        start, end = match.start(), _closing(text, match.start())
        inner = text[start + 1 : end - 1]
        if all(end <= s or start >= e for s, e in places) and _names_units(inner):
            places.append((start, end))
    for match in _BARE.finditer(text):
        start, end = match.start(), _closing(text, match.start())
        if all(end <= s or start >= e for s, e in places) and _lists_departments(text[start + 1 : end - 1]):
            places.append((start, end))
    return sorted(places)


def _lists_departments(inner: str) -> bool:
    """Whether a bracket holds nothing but units, one a department at least."""
    units = _units(_REMARK.sub("", _RULE.sub("", inner)))
    return bool(units) and all(_UNIT.search(u) for u in units) and any(_DEPARTMENT.search(u) for u in units)


def _names_units(inner: str) -> bool:
    """Whether a bracket without a label is about units and not a remark."""
    pieces = [p for p in re.split(r"[，；、]|牵头|配合|负责|参加|参与|落实", inner.replace("按职责分工", "")) if p]
    cleaned = [_UNIT_HEAD.sub("", p) for p in pieces if p not in ("等", "共同", "分别", "参与", "落实", "按职责")]
    cleaned = [re.sub("等$|按.*$|分工.*$|共同$|分别$", "", c) for c in cleaned]
    return bool(cleaned) and sum(bool(_UNIT.search(c)) for c in cleaned if c) >= max(
        1, 0.7 * len([c for c in cleaned if c])
    )


def _opening(text: str, place: int) -> int | None:
    """The bracket that a place is in, in the same paragraph; None if it is in none."""
    depth = 0
    for before in range(place - 1, max(-1, place - _LONGEST), -1):
        if text[before] == "\n":
            return None
        depth += (text[before] == "）") - (text[before] == "（")
        if depth < 0:
            return before
    return None


def _closing(text: str, start: int) -> int:
    """Behind the bracket that closes the one at ``start``; the end of the paragraph if none does."""
    depth = 0
    line_end = text.find("\n", start)
    line_end = line_end if line_end >= 0 else len(text)
    for place in range(start, min(line_end, start + _LONGEST)):
        if text[place] == "（":
            depth += 1
        elif text[place] == "）":
            depth -= 1
            if depth == 0:
                return place + 1
    return min(line_end, start + _LONGEST)


def _split(inner: str, first_leads: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(lead, support) of what stands in a bracket."""
    comma_rule = bool(_COMMA_RULE.search(inner))
    first_leads = (first_leads or bool(_FIRST_RULE.search(inner))) and not comma_rule
    inner = _REMARK.sub("", _RULE.sub("", inner))
    labels = list(_LABEL.finditer(inner))
    if not labels and first_leads and not re.search(_LEADING, inner):
        units = _units(inner)
        return _distinct(units[:1], units[1:])
    if not labels:
        return _by_verbs(inner)
    lead: list[str] = []
    support: list[str] = []
    leads_named = any(m.lastgroup == "lead" for m in labels)
    unlabelled = _units(inner[: labels[0].start()])
    if unlabelled and all(_DEPARTMENT.search(u) for u in unlabelled):  # （市甲局；配合单位：市乙局）
        lead += unlabelled
    for match, following in zip(labels, [*labels[1:], None], strict=True):
        part = inner[match.end() : following.start() if following else len(inner)]
        if match.lastgroup == "lead":
            lead += _units(part)
        elif match.lastgroup == "support" or leads_named:
            support += _units(part)
        elif first_leads:
            units = _units(part)
            lead += units[:1]
            support += units[1:]
        elif re.search(f"{_LEADING}|配合(?!单位|部门)|会同", part):
            first, second = _by_verbs(part)
            lead += first
            support += second
        else:
            before, _, behind = _at_comma(part)
            lead += _units(before)
            support += _units(behind)
    return _distinct(lead, support)


def _by_sign(inner: str, sign: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Units that a sign marks lead, the others support."""
    units = _units(_LABEL.sub("", _REMARK.sub("", _RULE.sub("", inner))))
    return _distinct([u.strip(sign) for u in units if sign in u], [u for u in units if sign not in u])


def _by_verbs(inner: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """市经信局牵头，市发改委、市财政局配合; 市科技局、市财政局按职责分工负责; 市国资委会同市财政局负责."""
    inner = inner.replace("会同", "牵头，")
    if not re.search(_LEADING, inner):
        return _without_leader(inner)
    lead: list[str] = []
    support: list[str] = []
    pending: list[str] = []
    for part in re.split("[，；。]|(?<=牵头)(?:负责)?、?", inner):
        units = _units(part) if part else []
        if re.search(_LEADING, part):
            lead += [*pending, *units]
            pending = []
        elif lead:
            support += units
        else:
            pending += units
    return _distinct(lead, support + pending)


def _without_leader(inner: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Units that nobody is said to lead: those behind a comma support."""
    before, _, behind = _at_comma(inner)
    return _distinct(_units(before), _units(behind))


def _at_comma(text: str) -> tuple[str, str, str]:
    """Parted at the first comma (or semicolon) outside brackets."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "（") - (character == "）")
        if character in "，；" and depth <= 0:
            return text[:place], character, text[place + 1 :]
    return text, "", ""


def _units(text: str) -> list[str]:
    """The units that a text lists."""
    held = _JOINED.sub(lambda m: (m.group(1) or "") + _HOLD, text)
    found: list[str] = []
    depth = 0
    piece = ""
    for character in held + "、":
        depth += (character == "（") - (character == "）")
        if character in "、，；。\n" and depth <= 0:
            found.append(piece)
            piece, depth = "", 0
        else:
            piece += character
    plain = (_unit(piece.replace(_HOLD, "、")) for piece in found)
    return [unit for piece in plain for part in _BETWEEN.split(piece) if (unit := _unit(part))]


def _unit(text: str) -> str:
    text = _UNIT_HEAD.sub("", text.strip("：: 。；，、"))
    text = _VERB_TAIL.sub("", text)
    text = re.sub("（(?:按|分别|根据)[^（）]*）$", "", text)
    text = re.sub("(?<=.{3})等(?:市|省|区|县|中央)?(?:直|级)?(?:各)?(?:有关|相关)?(?:单位|部门|部门和单位)?$", "", text)
    if re.search(r"为(?:牵头|责任)|下同|牵头$|^(?:持续|长期)|完成$", text):
        return ""
    while text.endswith("）") and text.count("）") > text.count("（"):
        text = text[:-1]
    return text if 2 <= len(text) <= 40 else ""


def _distinct(lead: list[str], support: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    leads = tuple(dict.fromkeys(lead))
    return leads, tuple(unit for unit in dict.fromkeys(support) if unit not in leads)
