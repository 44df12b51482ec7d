"""Lines into paragraphs: page numbers, running heads and web furniture go, broken lines are joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles

from loaders.documents import Mapped

#: Signs that may stand before a number.
SIGNS = "★☆▲△※◆●■◎"
#: A line that begins so begins a paragraph.
MARK = re.compile(
    rf"[{SIGNS}]*(?:第[一二三四五六七八九十百零〇\d]{{1,5}}[编篇章节条部](?!第)|[一二三四五六七八九十]{{1,3}}[、.](?!\d)|（[一二三四五六七八九十]{{1,3}}）"
    rf"|\d{{1,2}}(?:[.、](?!\d)|）)|（\d{{1,2}}）|[①-⑳]|[㈠-㈩]|——)"
)
#: A heading that begins with a number, run together with the item's own: 11.121人才项目.
GLUED = re.compile(r"(\d{1,2})[.、](?=\d{2,4}[\u4e00-\u9fff]{2})(?!\d+[万亿个家元年月])")
#: What names of documents end in.
TITLE_END = (
    r"(?:方案|措施|意见|办法|规划|计划|通知|细则|政策|规定|条例|纲要|决定|行动|指南|指引|规程|公告|通告|目录|清单|要点|批复|决议|若干措施|若干政策|工作要点|任务分工|任务清单|分工表)"
    r"(?:（[^（）]{1,20}）)?"
)
_TITLE = re.compile(rf"[^。；！？>|：]{{4,90}}{TITLE_END}$")
#: What stands in brackets below a title and belongs to it.
_DRAFT = re.compile(
    r"（(?:[^（）]{0,8}稿|试行|暂行|修订|[^（）]{0,4}修订版?|20\d\d年?(?:[—\-–~～至]+20\d\d年?)?(?:版|度)?)）"
)
_ISSUES = re.compile("(?:印发|转发|下发)(?:《[^《》]{2,90}》[、和及与]?(?:以及)?)+")
#: A notice stands at the head of a file.
_HEAD = 3000
_DATE = re.compile(
    r"(?:[12]\d{3}|二[〇○零][一二三四五六七八九〇○零]{2})年\d{1,2}月\d{1,2}日$|二[〇○零].{2}年.{1,2}月.{1,3}日$"
)
_NUMBER = re.compile(r"[^，。；：]{1,24}〔(?:19|20)\d\d〕第?\d{1,5}号$")
_BODY = re.compile(
    r"[^，。；：、（）]{2,22}(?:委员会|委|部|局|厅|办公厅|办公室|银行|人民政府|政府|院|署|总局|集团|公司)$"
)
LABEL = re.compile(
    r"（?(?:责任|牵头|配合|参与|协同|落实|主办|协办|主责|实施)(?:单位|部门|领导|市领导|处室|科室)|（?(?:牵头|配合|落实)：|(?:完成|办结|实施)?(?:时限|期限|时间)："
)
#: A number of a paragraph that a line break parts from its stop.
_BROKEN_MARK = re.compile(
    r"^ *(\d{1,2}|[一二三四五六七八九十]{1,3}|（(?=\n *[一二三四五六七八九十\d]{1,3}）)|（[一二三四五六七八九十\d]{1,3}|第(?:[一二三四五六七八九十百]{1,5})?) *\n *"
    r"(?:(?:[—–-]{1,3}\d{1,4}[—–-]{1,3}|第\d{1,4}页) *\n *)?"
    r"(?=\d?[.、](?!\d)|）|[一二三四五六七八九十\d]{1,3}）|[一二三四五六七八九十百]{0,4}[条章节])",
    re.MULTILINE,
)
_PAGE_MARK = re.compile(
    r"[—–\-·]{1,3}\d{1,4}[—–\-·]{1,3}|第\d{1,4}页(?:[/，,]?共\d{1,4}页)?|\d{1,4}/\d{1,4}|Page\d+(?:of\d+)?|P\.?\d+"
)
_ENDS = "。！？!?；;：:"
_CONTINUES = tuple("，、。；：）》”,;:!?%.．")
_UNFINISHED = tuple("、，,（《“〈·/+&")
_LONGEST_HEADING = 45
#: A bracket longer than this was not closed.
_LONGEST_BRACKET = 300
#: So much of a text names the documents that follow in it.
_OPENING = 20_000
#: No sentence and no paragraph is longer, but where stops were lost: (a run, the longest, where it is cut). What reads
#: sentences may then look at each as a whole.
_ENDLESS = (
    (re.compile(r"[^。；\n]{1500,}"), 1500, "，、"),
    (re.compile(r"[^\n]{20000,}"), 20_000, "。；"),
)
#: Lines that web pages put round a text.
_FURNITURE = re.compile(
    r"(?:[^|｜，。；]{2,12}(?:[|｜][^|｜，。；]{2,12}){2,}$|欢迎(?:光临|访问|您)|[^，。；]{0,12}热线：|当前位置|您(?:当前|现在)?的?(?:所在)?位置|首页[>》]|字号|字体|【?打印|打印本页|关闭窗口|关闭本页|分享到|分享|收藏|浏览(?:次数|量)|阅读(?:次数|量)|点击(?:次数|数|量)"
    r"|来源：|信息来源|文章来源|作者：|编辑：|责任编辑|责编|发布(?:时间|日期|机构|单位)|发文(?:时间|日期|机关|字号)|成文日期|索引号|标题：|主题词：|名称：|主题分类|公开方式|有效性|文号：|生成日期|信息索引"
    r"|扫一扫|微信|微博|手机版|无障碍|登录|注册|上一篇|下一篇|上一条|下一条|相关(?:附件|链接|文章|新闻|阅读|"
    r"解读|稿件)|附件下载|点击下载|评论|网友评论|发表评论|版权所有|版权声明|主办单位：|承办单位：|主办：|"
    r"承办："
    r"|.{0,12}ICP备|.{0,6}公网安备|网站地图|网站标识码|联系我们|关于我们|技术支持|建议使用|免责声明|原文地址|"
    r"原文链接|文章地址|本文(?:链接|来源)|声明：|Copyright|©|https?://|www\.|TOP|返回顶部|热门|推荐阅读|"
    r"我要纠错|纠错)"
)
#: A furniture line is short, and stands before the text or behind it.
_LONGEST_FURNITURE = 80


@dataclass
class _Line:
    start: int
    end: int
    text: str
    blank_before: bool
    dropped: bool = False
    #: The title of a document that the notice issues.
    issued: bool = False
    #: Something that belongs to the page, not to the text, stood before it.
    page_before: bool = False

    @property
    def heading(self) -> bool:
        """A numbered line that may be all of a heading."""
        return (
            bool(MARK.match(self.text)) and not re.search("[。；：]", self.text) and len(self.text) <= _LONGEST_HEADING
        )

    @property
    def ended(self) -> bool:
        """Whether a sentence or a bracket ends with the line."""
        return self.text[-1] in _ENDS + "）”"

    @property
    def alone(self) -> bool:
        """A line that is a paragraph whatever stands about it: date, number, body that issues, title."""
        text = self.text
        return self.issued or bool(_DATE.match(text) or _NUMBER.match(text) or _BODY.match(text)) or is_title(text)


def is_title(text: str) -> bool:
    """Whether a line may be the title of a document."""
    if not _TITLE.match(text) or MARK.match(text) or LABEL.search(text) or "，" in text[-12:]:
        return False
    if re.search("关于(?:印发|转发|下发)", text) and not re.search("(?:通知|函|公告|通告)(?:（[^（）]*）)?$", text):
        return False
    return not text.startswith(("《", "（", "根据", "按照", "为", "附件"))


def issued_titles(text: str) -> frozenset[str]:
    """The documents that a notice says it issues: 关于印发《…行动计划》及《重点任务分工》的通知."""
    return frozenset(t for m in _ISSUES.finditer(text[:_HEAD]) for t in re.findall("《([^《》\n]{2,90})》", m.group()))


def paragraphs(text: Mapped) -> Mapped:
    """The text with one line break between paragraphs and none inside them.

    Parameters
    ----------
    text: cleaned, in full-width punctuation, lines still as they were.
    """
    text = text.replace((m.end(1), m.end(), "") for m in _BROKEN_MARK.finditer(text.text))
    lines = _lines(text.text)
    _drop_page_marks(lines)
    _drop_running_heads(lines)
    _drop_furniture(lines)
    kept = [line for line in lines if not line.dropped]
    _drop_repeated(kept)
    issued = issued_titles(text.text)
    for line in kept:
        line.issued = line.text in issued
    for before, line in pairwise(lines):
        line.page_before = before.dropped
        line.blank_before = line.blank_before or (before.dropped and before.blank_before)
    kept = [line for line in kept if not line.dropped]
    layout = _Layout(kept)
    parts: list[Mapped] = []
    paragraph = ""
    for number, line in enumerate(kept):
        if number and layout.breaks(paragraph, kept[number - 1], line):
            parts.append(text.insertion(line.start, "\n"))
            paragraph = ""
        parts.append(text[line.start : line.end])
        paragraph += line.text
    joined = Mapped.join(parts)
    for run, longest, stops in _ENDLESS:
        joined = joined.replace((at, at, "\n") for at in _cuts(joined.text, run, longest, stops))
    return joined


def _cuts(text: str, run: re.Pattern[str], longest: int, stops: str) -> Iterator[int]:
    """Where a run without an end is cut, behind a stop if there is one."""
    for match in run.finditer(text):
        at = match.start()
        while match.end() - at > longest:
            stop = max(text.rfind(stop, at + longest // 2, at + longest) for stop in stops)
            at = stop + 1 if stop >= 0 else at + longest
            yield at


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    blank = True
    for match in re.finditer(r"[^\n]*", text):
        stripped = match.group().strip(" ")
        if not stripped:
            blank = blank or not match.group()
            continue
        start = match.start() + len(match.group()) - len(match.group().lstrip(" "))
        before = text[lines[-1].end : start] if lines else "\n\n"
        lines.append(_Line(start, start + len(stripped), stripped, before.count("\n") > 1))
    return lines


def _drop_page_marks(lines: list[_Line]) -> None:
    for line in lines:
        if _PAGE_MARK.fullmatch(line.text):
            line.dropped = True
    # Bare numbers are those of pages if they count up over at least three of them.
    bare = [line for line in lines if re.fullmatch(r"\d{1,4}", line.text)]
    run: list[_Line] = []
    for line in bare:
        if run and int(line.text) == int(run[-1].text) + 1:
            run.append(line)
        else:
            run = [line]
        if len(run) >= 3:
            for counted in run:
                counted.dropped = True


def _drop_running_heads(lines: list[_Line]) -> None:
    """Lines beside page numbers that repeat, or that repeat in the middle of sentences."""
    counted = Counter(line.text for line in lines if not line.dropped)
    repeated = {
        t
        for t, n in counted.items()
        if n > 1 and 2 <= len(t) <= 40 and not LABEL.search(t) and not MARK.match(t) and t[-1] not in "。；、，）"
    }
    if not repeated:
        return
    beside: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    before = "。"
    for number, line in enumerate(lines):
        if line.dropped:
            continue
        if line.text not in repeated:
            before = line.text
            continue
        around = lines[max(0, number - 1) : number] + lines[number + 1 : number + 2]
        beside[line.text] += any(other.dropped for other in around)
        inside[line.text] += before[-1] not in _ENDS + "）”》" and len(before) > 20
    heads = {t for t in repeated if beside[t] > 1 or (counted[t] > 2 and 2 * inside[t] >= counted[t])}
    first: set[str] = set()
    for line in lines:
        if line.text in heads:
            # The first of a running title or number may be the document's own.
            line.dropped = line.text in first or not (is_title(line.text) or _NUMBER.match(line.text))
            first.add(line.text)


def _drop_furniture(lines: list[_Line]) -> None:
    """What web pages put before the first clause and behind the last."""
    body = [n for n, line in enumerate(lines) if MARK.match(line.text) or len(line.text) > _LONGEST_FURNITURE]
    first, last = (body[0], body[-1]) if body else (len(lines), -1)
    below = False
    for number, line in enumerate(lines):
        if line.dropped or first <= number <= last:
            continue
        if len(line.text) <= _LONGEST_FURNITURE and _FURNITURE.match(line.text):
            line.dropped = True
            below = below or number > last
        elif below and not re.search("[。；，]", line.text) and not (_DATE.match(line.text) or _BODY.match(line.text)):
            # Below a furniture line behind the text there is nothing but furniture, except the sign-off.
            line.dropped = not line.text.startswith("附件")


def _drop_repeated(lines: list[_Line]) -> None:
    """Pages that stand twice: a run of lines that repeats word for word."""
    texts = [line.text for line in lines]
    places: dict[tuple[str, str], int] = {}
    number = 0
    while number < len(texts) - 1:
        before = places.setdefault((texts[number], texts[number + 1]), number)
        length = 0
        while (
            before + length < number
            and number + length < len(texts)
            and texts[before + length] == texts[number + length]
        ):
            length += 1
        characters = sum(map(len, texts[number : number + length]))
        if characters >= 300 or (length >= 3 and characters >= 60):
            for line in lines[number : number + length]:
                line.dropped = True
            number += length
        else:
            number += 1


class _Layout:
    """How a text sets its paragraphs apart: by blank lines, or by line breaks, with lines broken at a width or not."""

    def __init__(self, lines: list[_Line]) -> None:
        starts = [line for line in lines[1:] if MARK.match(line.text) or line.alone]
        blank = sum(line.blank_before for line in starts)
        self.blank_lines = 2 * blank >= max(1, len(starts)) and any(line.blank_before for line in lines[1:])
        self.opening = "".join(line.text for line in lines)[:_OPENING]
        lengths = [len(line.text) for line in lines]
        self.width = quantiles(lengths, n=10)[8] if len(lengths) > 1 else 0.0
        near = sum(0.85 * self.width <= n <= 1.1 * self.width for n in lengths)
        self.wrapped = near >= 0.3 * len(lengths) and self.width < 120

    def breaks(self, paragraph: str, before: _Line, line: _Line) -> bool:
        """Whether a line begins a paragraph.

        Parameters
        ----------
        paragraph: what is joined so far.
        before, line: the line before, and the line.
        """
        by_words = self._by_words(paragraph, before, line)
        return self._by_layout(before, line) if by_words is None else by_words

    def _by_words(self, paragraph: str, before: _Line, line: _Line) -> bool | None:
        """Whether a line begins a paragraph, as far as the words of both lines tell."""
        marked = bool(MARK.match(line.text))
        ended = before.ended
        if _bracket_open(paragraph) and not (marked and before.text[-1] in "。；）"):
            return False
        if line.text.startswith(_CONTINUES) or (before.text.endswith(_UNFINISHED) and not marked):
            return False
        if _DATE.match(line.text) or _NUMBER.match(line.text) or LABEL.match(line.text):
            return True
        if ended and GLUED.match(line.text):
            return True
        if _DRAFT.fullmatch(line.text) and (before.alone or is_title(paragraph)):
            return False
        if not line.blank_before and self._goes_on(paragraph, before, line):
            return False
        if marked and LABEL.match(paragraph) and before.text[-1] not in "、，":
            return True
        if marked:
            return ended or line.blank_before or before.heading or before.alone or not self._running(before)
        if before.alone:
            return line.blank_before or not self.blank_lines or line.alone or not self._half_said(before, line)
        if line.alone and (ended or line.blank_before or not self._running(before)):
            return not self._title_goes_on(before, line)
        return None

    def _by_layout(self, before: _Line, line: _Line) -> bool:
        """Whether a line begins a paragraph, by blank lines and lengths."""
        if line.page_before and not before.ended:
            # A blank line at a break of pages says nothing, unless a heading stands before it.
            return line.blank_before and before.heading
        if self.blank_lines:
            return line.blank_before and (before.ended or not self._running(before))
        if before.ended and before.text[-1] not in "）”":
            return True
        if before.heading:
            return not (self.wrapped and len(before.text) >= 0.75 * self.width)
        if self.wrapped:
            return len(before.text) < 0.7 * self.width
        return not self._running(before) and not self._title_goes_on(before, line)

    def _goes_on(self, paragraph: str, before: _Line, line: _Line) -> bool:
        """A title that is not complete, or a broken name of a body: 某市人民政府 / 办公厅关于印发… / 的通知."""
        if (
            re.search("关于(?:印发|转发|下发)", paragraph)
            and len(paragraph) < 120
            and not (before.ended or is_title(paragraph))
        ):
            return True
        if _BODY.match(before.text) and line.text.startswith(("办公厅", "办公室", "关于", "印发")):
            return True
        complete = self.blank_lines and not (before.alone or before.ended or MARK.match(line.text))
        return complete and bool(_BODY.match(before.text + line.text))

    @staticmethod
    def _half_said(before: _Line, line: _Line) -> bool:
        """A broken line that happens to end like a body, or like a title that is not at its end."""
        if is_title(before.text):
            return is_title(before.text + line.text)
        return bool(_BODY.match(before.text)) and not _DATE.match(before.text)

    def _title_goes_on(self, before: _Line, line: _Line) -> bool:
        """A title over two lines: the first is none by itself, the second completes it."""
        together = before.text + line.text
        if before.alone or MARK.match(before.text) or not is_title(together) or re.search("[，。：）》]", before.text):
            return False
        if not line.blank_before or len(line.text) < 16:
            return True
        # Over a blank line a long one only if the whole is said elsewhere too, where what is issued is named.
        return self.opening.count(together) > (line.start < _OPENING)

    @staticmethod
    def _running(line: _Line) -> bool:
        """Text in the middle of a sentence, not a heading or a title."""
        return not line.alone and (
            len(line.text) > _LONGEST_HEADING or (bool(re.search("[，。；]", line.text)) and not line.heading)
        )


def _bracket_open(text: str) -> bool:
    """Whether a bracket or the name of a document that was opened lately is not closed."""
    tail = text[-_LONGEST_BRACKET:]
    depth = 0
    for character in tail:
        if character in "（《":
            depth += 1
        elif character in "）》":
            depth = max(0, depth - 1)
    return depth > 0
