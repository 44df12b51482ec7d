"""Quantified goals: what is measured, on whom, how compared, value, unit, year.

A quantity is a goal by what stands before it (达到, 突破, 降低至, 较2020年提升, 培育) or by a count of things
(200家 ... 企业). Conditions (达到200家以上的), payments (给予500万元) and stated facts are told apart from goals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from loaders.extraction.numbers import MONEY, Quantity, quantities
from loaders.extraction.spans import Spans
from loaders.outline import ClausePath, Outline

_YEAR = re.compile(
    r"(?:(?P<prefix>到|至|在|截至|力争|争取|截止)?(?P<year>20\d\d)年?(?P<bound>底|末|年底|年末|前)?(?:之前|前|以前)?)(?=[^\d]|$)"
)
_YEAR_TAIL = re.compile(
    r"(?:其中，?)?(?:到|至|在|截至|力争到?|争取到?|截止)?(20\d\d)年?(?:底|末|年底|年末)?(?:前|之前|以前)?，?(?:要|将|力争|争取|实现)?$"
)
#: What joins an indicator and its value, and what it says of the comparison.
_LEVEL_UP = (
    r"(?:(?:力争|争取|确保|努力|预计|要|将|稳定|合计|均|累计|总数|总量)*(?:达到|达|突破|超过|超|不低于|不少于|"
    r"高于|大于|提高(?:到|至)|提升(?:到|至)|增长(?:到|至)|增加(?:到|至)|扩大(?:到|至)|上升(?:到|至)|增至|升至|"
    r"扩展(?:到|至)|拓展至|完成|实现|新增|保持在|稳定在|维持在|力争|为))(?:约|近|超|到|超过|突破)?"
)
_LEVEL_DOWN = (
    r"(?:(?:力争|争取|确保)*(?:降低(?:到|至)|下降(?:到|至)|减少(?:到|至)|压减(?:到|至)|降至|降到|减至|"
    r"压缩(?:到|至)|缩短(?:到|至)|控制在|不超过|(?<!不)低于|不高于|(?<!不)小于|(?<!不)少于))(?:约)?"
)
_RISE = r"(?:年均|平均每年|每年|累计|同比|分别|力争|确保|实现)*(?:增长|提高|提升|增加|上升|增幅|增速|扩大)(?:了)?(?:约|超过|超|不低于|不少于|达到|达|力争)?"
_FALL = r"(?:年均|每年|累计|同比|分别|力争|确保)*(?:下降|降低|减少|压减|压降|缩减|降幅)(?:了)?(?:约|超过|超|不低于|不少于|达到|达|力争)?"
_UP_END, _DOWN_END = re.compile(f"(?P<verb>{_LEVEL_UP})$"), re.compile(f"(?P<verb>{_LEVEL_DOWN})$")
_RISE_END, _FALL_END = re.compile(f"(?P<verb>{_RISE})$"), re.compile(f"(?P<verb>{_FALL})$")
_BASE = re.compile(
    r"(?:较|比|与|相比|相较于?)(?P<base>20\d\d)年(?:末|底|年末)?(?:的?水平)?(?:相比)?(?:，)?(?:末)?$|在(?P<base2>20\d\d)年(?:的)?基础上(?:，)?$"
)
_EACH = re.compile("(?:均|都|各|分别)$")
#: Verbs of which a count is the object.
_MAKE = (
    r"培育(?:壮大|形成|认定|引进|打造|发展|出|一批)?|打造|建设|新建(?:设)?|建成|创建|争创|确定|引进(?:培育)?|"
    r"引育|招引|遴选(?:确定|打造|认定|培育|出|支持)?|认定|评选|评定|组建|设立|建立|形成|新增|净增|推广|布局|实施|"
    r"开展|完成|落地|推动|推进|支持|发展|集聚|聚集|突破|攻克|选树|选育|孵化|开发|改造|谋划|储备|制定|制修订|"
    r"制订|发布|举办|开放|拥有|培养|获批|入选|签约|转化|投用|投放|推出|滚动实施|部署|配备|安装|更新|淘汰|完善|"
    r"实现|力争(?:培育)?|达到|达|累计(?:建成|培育|引进)?|总数达到?"
)
_MAKE_END = re.compile(rf"(?:^|.*?)(?P<verb>{_MAKE})(?:约|近|超过|超|不少于|不低于|至少|突破|达到?|了)?$")
_MAKE_IN = re.compile(rf"(?P<verb>{_MAKE})")
_AT_LEAST_WORDS = re.compile("(?:超过|超|不少于|不低于|至少|突破|达到|达|以上)$")
_STATED = re.compile(
    r"(?:建设|建成|培育|形成|打造|认定|引进|实施)了$|(?:目前|现有|已有|已经?|已建成|已培育|截至20\d\d年)[^，。；]*$"
)
_CITED = re.compile(r"(?:等|对|向|在|支持|推动|鼓励|指导|组织|依托|督促|允许|督导|涉及|共|全国)$")
#: Nouns that a value belongs to without a verb between them.
_HEAD = (
    r"总产值|产值|产业规模|总规模|规模|营业收入|主营业务收入|业务收入|总收入|收入|增加值|总投资额?|投资额|"
    r"投资|占比|比重|比例|贡献率|覆盖率|普及率|渗透率|利用率|回收率|转化率|达标率|合格率|自给率|配套率|化率|"
    r"率|强度|能耗|电耗|水耗|用水量|排放量|排放|消费量|消耗量|总量|数量|产量|产能|销量|保有量|吞吐量|交易额|"
    r"成交额|进出口(?:总)?额|出口额|销售额|零售额|装机容量|装机规模|装机|容量|里程|面积|年限|时间|时长|浓度|"
    r"人数|户数|家数|个数|数|量|额|值|增速|速度|水平|密度"
)
_HEAD_END = re.compile(f"(?:{_HEAD})$")
_HEAD_IN = re.compile(
    r"(?:年|(?<!加)工业)?(?:总产值|产值)|(?:总规模|规模|主营业务收入|营业收入|业务收入|收入|增加值|投资|R&D|研发|"
    r"研究与试验发展|经费|全社会研发|单位|万元|人均|每万|户均|亩均|地均|综合|利用率|利用量|覆盖率|普及|渗透率|"
    r"占|比重|产量|产能|销量|保有量|装机|年均|数量|总量|用水量|能耗|排放|浓度|里程|面积|增速)"
)
_PAYS = re.compile(
    r"给予|奖励|奖补|补助|补贴|资助|返还|贴息|减免|最高|每[家个户人项]|单个|资金支持|一次性|配套(?:资金|支持)|"
    r"注入|按[^，。；]{0,20}\d+(?:\.\d+)?%|按照|额度|信贷|授信|担保|优惠|风险补偿|分担|退税|免征|减按|注册资本"
)
_CONDITION = re.compile(
    r"^(?:（含）)?(?:以上|以下|以内|及以上)?(?:（含[^（）]{0,12}）)?(?:的|且|并|、?给予|(?:的)?(?:企业|项目|单位|机构|团队|个人)[^，。；]{0,14}[，的]?给予|新建项目|的新)"
)
_LEAD_WORDS = re.compile(
    r"^(?:并|且|和|与|及|以及|其中|同时|力争|争取|确保|努力|进一步|不断|持续|加快|推动|带动|促进|实现|使|全面|"
    r"基本|预计|要|将|共|实现了|每年|全年|累计|全市|全省|全县|全区|以上|左右|，|、|的|：|在|均)+"
)
_ACTION_LEAD = re.compile(rf"^(?:.*?(?:{_MAKE}))(?=.{{2,}})")
_NOUN = re.compile(r"[^，。；、：（）\d](?:[^，。；：（）]|（[^（）]{1,12}）)*")
_COVERED = re.compile(
    r"覆盖(?:所有|全部|全体|各)(?P<whom>[^，。；、]{2,16})|(?P<by>[^，。；、]{0,20}?)(?:实现|达到)(?P<what>[^，。；、]{0,12})(?:全覆盖|全面覆盖|100%覆盖)"
)
_ALL_DONE = re.compile(
    r"(?P<whom>[^，。；、]{2,24}?)(?P<when>20\d\d年底?(?:年)?前?)?(?:全部|全面)(?P<verb>实施|完成|实现|开展)(?P<what>[^，。；、]{2,14})"
)
_NOMINAL = re.compile(r"(?:规模化|规模)?(?:部署|建设|发展|应用|推广|普及|布局|覆盖|改造|升级|服务|商用)+$")
_OBJECT = re.compile(r"(?:推动|推进|加快|促进|实施|开展|加强|深化|支持)(?P<object>[^，。；、]{2,16})，")
#: What is there already, not what is to be.
_THERE_IS = re.compile("(?:全国|全省|全市|目前|现|我市|我省)?(?:共有|现有|已有|分布在)")
_NOT_COUNTED = {
    "倍",
    "次",
    "批",
    "天",
    "小时",
    "分钟",
    "度",
    "位",
    "块",
    "片",
    "张",
    "篇",
    "例",
    "种",
    "门",
    "米",
    "对",
}
_COUNTS = {
    "家",
    "户",
    "个",
    "项",
    "名",
    "人",
    "台",
    "套",
    "台套",
    "辆",
    "座",
    "所",
    "处",
    "条",
    "支",
    "件",
    "只",
    "场",
    "间",
    "站",
    "桩",
    "根",
    "艘",
    "架",
    "列",
    "款",
    "栋",
    "机架",
    "公里",
    "平方公里",
    "平方米",
    "亩",
    "公顷",
    "千瓦",
    "兆瓦",
    "GW",
    "MW",
    "GWh",
}


_PREDICATE = re.compile(
    "(?:实现|力争|达到)?(?:翻[一两]番|倍增|(?:持续|稳步|显著|明显|大幅|不断|进一步|快速)?(?:提升|增长|提高|壮大|扩大|增强|下降|降低|优化|改善|增加|减少|突破))$"
)


@dataclass(frozen=True)
class Target:
    """A quantified goal.

    Parameters
    ----------
    comparator: >=, <=, =, or +%, -% for a change (against ``base_year`` where one is named).
    kind: target, or existing for a stated fact.
    start, end: of the phrase that states it, in the normalised text.
    """

    clause: ClausePath
    subject: str | None
    indicator: str
    comparator: str
    value: float
    unit: str
    year: int | None
    base_year: int | None
    at_least: bool
    kind: str
    start: int
    end: int
    high: float | None = None


def targets(outline: Outline, payments: Spans, masked: Spans, year: int | None) -> list[Target]:
    """The goals of a document, in order.

    Parameters
    ----------
    payments: (start, end) of quantities that belong to support measures.
    masked: (start, end) of what states no goals: titles of documents, brackets of responsible units.
    year: the year of goals that name none, where the title names one.
    """
    found: list[Target] = []
    for _, start, end in outline.passages():
        for match in re.finditer(r"[^\n]+", outline.text[start:end]):
            found += _Paragraph(outline, start + match.start(), match.group(), payments, masked, year).read()
    return found


class _Paragraph:
    """One paragraph: a year holds until the next is named."""

    def __init__(
        self,
        outline: Outline,
        offset: int,
        text: str,
        payments: Spans,
        masked: Spans,
        year: int | None,
    ) -> None:
        self.outline, self.offset, self.text = outline, offset, text
        self.payments, self.masked = payments, masked
        self.default_year = year
        self.found: list[Target] = []

    def read(self) -> list[Target]:
        for sentence in re.finditer(r"[^。；]+", self.text):
            self._sentence(sentence.start(), sentence.group())
        return sorted(self.found, key=lambda t: t.start)

    def _sentence(self, begin: int, sentence: str) -> None:
        usable = [q for q in quantities(sentence) if not self._hidden(begin + q.start, begin + q.end)]
        reader = _Sentence(self, begin, sentence, usable)
        reader.read()
        self._covered(begin, sentence)

    def _hidden(self, start: int, end: int) -> bool:
        first, last = self.offset + start, self.offset + end
        return self.payments.overlap(first, last) or self.masked.overlap(first, last)

    def year_before(self, place: int) -> int | None:
        """The year that a goal at a place is for: the last one named before it as a time to come.

        From an earlier sentence only a year that opens it (到2025年，) holds on, not one among others (其中2023年).
        """
        year = None
        sentence = max(self.text.rfind(stop, 0, place) for stop in "。；") + 1
        for match in _YEAR.finditer(self.text[:place]):
            before = self.text[max(0, match.start() - 3) : match.start()]
            after = self.text[match.end() : match.end() + 8]
            if "年" not in match.group() or re.search("[较比与]$|基础", before):
                continue
            if re.match("(?:的?水平|基础上|的基础|相比|以来|度|[-—~至])|月|\\d", after):
                continue
            if match.start() >= sentence or (match["prefix"] in ("到", "至") and not match["bound"]):
                year = int(match["year"])
        return year or self.default_year

    def add(self, target: Target) -> None:
        self.found.append(target)

    def path(self, place: int) -> ClausePath:
        return self.outline.path_at(self.offset + place)

    def _covered(self, begin: int, sentence: str) -> None:
        """Goals in words: 覆盖所有…, 全部实施…"""
        for match in _COVERED.finditer(sentence):
            whom = match["whom"]
            if whom:
                objects = [m["object"] for m in _OBJECT.finditer(sentence[: match.start()])]
                what = _NOMINAL.sub("", objects[-1]) if objects else ""
                self._whole(begin, match, whom, f"{what}覆盖率", self.year_before(begin + match.start()))
            elif self.year_before(begin + match.start()) is not None and match["by"] + match["what"]:
                by = _LEAD_WORDS.sub("", match["by"])
                self._whole(
                    begin, match, by or None, f"{match['what'] or by}覆盖率", self.year_before(begin + match.start())
                )
        for match in _ALL_DONE.finditer(sentence):
            year = int(match["when"][:4]) if match["when"] else self.year_before(begin + match.start("verb"))
            if (year is not None and match["when"]) or re.search("20\\d\\d年", sentence):
                whom = re.sub(r"20\d\d年.*$", "", match["whom"])
                if len(whom) > 2:
                    self._whole(begin, match, _LEAD_WORDS.sub("", whom), f"{match['what']}实施率", year)

    def _whole(self, begin: int, match: re.Match[str], whom: str | None, indicator: str, year: int | None) -> None:
        place = self.offset + begin + match.start()
        if self.masked.hold(self.offset + begin + match.start()):
            return
        self.add(
            Target(
                self.path(begin + match.start()),
                whom,
                indicator,
                "=",
                100.0,
                "%",
                year,
                None,
                False,
                "target",
                place,
                self.offset + begin + match.end(),
            )
        )


class _Sentence:
    """One sentence: a value without an indicator of its own takes that of the one before."""

    def __init__(self, paragraph: _Paragraph, begin: int, text: str, found: list[Quantity]) -> None:
        self.paragraph, self.begin, self.text, self.quantities = paragraph, begin, text, found
        self.phrase = ""
        self.subject: str | None = None
        self.counting = False
        self.done = 0

    def read(self) -> None:
        index = 0
        while index < len(self.quantities):
            quantity = self.quantities[index]
            emitted = len(self.paragraph.found)
            group = self._group(index)
            if len(group) > 1 and self._respectively(group):
                index += len(group)
            else:
                self._one(quantity)
                index += 1
            # What states no goal may describe the next one: 收入过100亿元的企业达到6家.
            if len(self.paragraph.found) > emitted:
                self.done = self.quantities[index - 1].tail

    def _group(self, index: int) -> list[Quantity]:
        """Values that follow one another: A%、B%和C%."""
        group = [self.quantities[index]]
        for following in self.quantities[index + 1 :]:
            between = self.text[group[-1].tail : following.start]
            if between not in ("、", "和", "及", "以及", "与", "，"):
                break
            group.append(following)
        return group

    def _left(self, quantity: Quantity) -> str:
        """What stands before a quantity, from the last stop or the quantity before."""
        start = max(self.done, *(self.text.rfind(c, 0, quantity.start) + 1 for c in "，：。；"))
        # A comma between the year or the verb and the value does not part them.
        left = self.text[start : quantity.start]
        while start > self.done and re.fullmatch(
            r"(?:到|至|力争|争取)?(?:20\d\d年底?|较20\d\d年|比20\d\d年|年均|力争|同比)?", left
        ):
            start = max(self.done, self.text.rfind("，", 0, start - 1) + 1)
            left = self.text[start : quantity.start]
            if start == 0:
                break
        return left

    def _respectively(self, group: list[Quantity]) -> bool:
        """甲、乙和丙分别达到A、B和C."""
        left = self._left(group[0])
        if "分别" not in left and "均" not in left:
            return False
        head, _, verb = left.rpartition("分别")
        base = _BASE.search(head)
        comparator, at_least = _comparison(verb, group[0])
        if comparator is None:
            return False
        plain = _clean(head[: base.start()] if base else head)
        years = re.findall(r"(20\d\d)年?", plain)
        if len(years) == len(group):
            names, shared = years, re.sub(r"(?:20\d\d年?[、和及与，]?)+", "", plain) or self.phrase
            for name, quantity in zip(names, group, strict=True):
                self._add(quantity, shared, comparator, at_least, int(name), base)
            return True
        names = [n for n in re.split("[、和及与]|以及", plain) if n]
        if len(names) < len(group):
            # 到2025年、2027年，…分别达到A、B: the years stand before the comma.
            listed = re.findall(r"20\d\d(?=年[、和，])", self.text[: group[0].start])[-len(group) :]
            if len(listed) < len(group):
                return False
            for year, quantity in zip(listed, group, strict=True):
                self._add(quantity, plain, comparator, at_least, int(year), base)
            return True
        first = "".join(plain.split(names[-len(group) + 1])[0]) if len(group) > 1 else plain
        lead = re.split("[、和及与]", first.rstrip("、和及与"))[-1] if len(names) > len(group) else names[0]
        named = [lead, *names[-len(group) + 1 :]]
        tail = _HEAD_IN.search(named[-1])
        head_word = _HEAD_END.search(named[-1])
        for name, quantity in zip(named, group, strict=True):
            phrase = name
            if not _HEAD_END.search(name) and head_word:
                phrase = name + named[-1][tail.start() if tail and tail.start() > 0 else head_word.start() :]
            self._add(quantity, phrase, comparator, at_least, None, base)
        return True

    def _one(self, quantity: Quantity) -> None:
        left = self._left(quantity)
        right = self.text[quantity.tail :]
        if _CONDITION.match(self.text[quantity.end :]) and (_PAYS.search(right) or "的" in right[:1]):
            self.counting = False
            return
        sentence_pays = bool(_PAYS.search(self.text))
        if sentence_pays and (quantity.unit in MONEY or quantity.unit in ("%", "万", "亿", "元")):
            return
        if quantity.unit in ("万", "亿"):
            return
        year_match = _YEAR_TAIL.search(left)
        own_year = int(year_match.group(1)) if year_match and year_match.group(1) else None
        plain = left[: year_match.start()] if year_match else left
        comparator, at_least = _comparison(plain, quantity)
        if comparator is not None and not (
            comparator == "=" and quantity.unit in _COUNTS and not _HEAD_END.search(plain)
        ):
            if not (sentence_pays and re.search("对[^，。；]*$", self.text[: quantity.start]) and "给予" in right):
                self._level(quantity, plain, comparator, at_least, own_year)
            return
        if (
            quantity.unit in _COUNTS
            or re.sub("^[万亿]", "", quantity.unit) in _COUNTS
            or (quantity.unit in MONEY and re.match("[^，。；]{0,12}基金", right))
        ):
            self._count(quantity, plain, right, own_year)
        elif own_year is not None and self.phrase:
            self._add(quantity, self.phrase, ">=" if quantity.at_least else "=", quantity.at_least, own_year, None)
        elif _HEAD_END.search(_clean(plain)) and not right.startswith("的"):
            self._level(
                quantity,
                plain,
                ">=" if quantity.at_least else "<=" if quantity.at_most else "=",
                quantity.at_least,
                own_year,
            )

    def _level(self, quantity: Quantity, left: str, comparator: str, at_least: bool, year: int | None) -> None:
        verb = _verb_of(left)
        head = left[: verb.start()] if verb else left
        base = _BASE.search(head)
        phrase = _clean(head[: base.start()] if base else head)
        if re.fullmatch(r"20\d\d年?", phrase):
            year, phrase = int(phrase[:4]), ""
        if not phrase:
            phrase = self._segment_before(quantity) or self.phrase
        made = _MAKE_IN.match(phrase)
        if made and len(phrase) - made.end() >= 2 and not _HEAD_END.search(phrase):
            phrase = phrase[made.end() :]
        if verb and quantity.unit in _COUNTS and not _HEAD_END.search(phrase):
            noun = _noun_after(self.text, quantity)
            if noun and (not phrase or verb.group("verb") in ("新增", "完成", "实现", "突破", "力争", "达到", "超过")):
                phrase = noun if not phrase or len(phrase) > 12 else f"{phrase}{noun}"
        if len(phrase) < 2:
            return
        if re.search("^(?:对|按|给予|支持对象)", phrase) or len(phrase) > 50:
            return
        self._add(quantity, phrase, comparator, at_least, year, base)

    def _segment_before(self, quantity: Quantity) -> str:
        """What the part before the comma speaks of, where it has no value itself: 企业数量翻一番，达到3000家."""
        comma = self.text.rfind("，", 0, quantity.start)
        begin = max(self.done, self.text.rfind("，", 0, max(comma, 0)) + 1)
        segment = self.text[begin:comma] if comma > begin else ""
        phrase = _clean(_PREDICATE.sub("", segment))
        return phrase if segment != phrase and _HEAD_END.search(phrase) else ""

    def _count(self, quantity: Quantity, left: str, right: str, year: int | None) -> None:
        """200家…企业, or …企业200家."""
        left = re.sub(r"^.*\d[^、]*、(?=.{2,})", "", left)
        bare = re.sub(r"(?:约|近|超过|超|不少于|不低于|至少|突破|达到|达)$", "", left)
        at_least = quantity.at_least or bool(re.search("(?:超过|超|不少于|不低于|至少|突破)$", left))
        kind = "target"
        phrase = ""
        if _THERE_IS.search(self.text[: quantity.start]):
            kind = "existing"
        noun = _noun_after(self.text, quantity)
        verb = re.search(f"(?:{_MAKE})了?$", bare)
        joined = bare in ("、", "，", "和", "及", "以及", "与", "") and self.counting
        if re.search(f"(?:{_MAKE})了$", bare):
            kind = "existing"
        elif _CITED.search(bare) and noun:
            kind = "existing"
            verb = None
        if kind == "existing" and (not _THERE_IS.search(self.text[: quantity.start]) or _CITED.search(bare)):
            if noun and len(_thing(noun)) <= 30:
                done = (
                    "已建设数量"
                    if "了" in bare[-1:] and "建" in bare[-4:]
                    else f"已{verb.group()[:-1]}数量"
                    if verb and bare.endswith("了")
                    else "数量"
                )
                self._emit(quantity, _thing(noun), done, "=", False, None, None, kind)
            self.counting = False
            return
        if "对" in self.text[: quantity.start].rpartition("，")[2][:1] and _PAYS.search(right):
            return
        if (verb or joined) and noun:
            phrase = noun
        else:
            cleaned = re.sub(r"^(?:新增|净增|新(?=[建获认引培]))", "", _clean(_without_verb(bare)))
            if re.match(r"[，。；、）]|$|以上|左右|和|及|，", right) and len(cleaned) >= 2:
                phrase = cleaned
            elif noun and self.counting:
                phrase = noun
        phrase = (
            re.sub("(?:达到|达|超过|超|突破)(?=[A-Za-z]+$)|(?:分别|累计|总数)$", "", _thing(phrase)) if phrase else ""
        )
        if quantity.unit in MONEY and phrase.endswith("基金"):
            self._emit(quantity, phrase, "规模", ">=" if at_least else "=", False, year, None, kind)
            return
        self.counting = bool(phrase) or bool(verb)
        if not 2 <= len(phrase) <= 40 or re.match(
            "(?:以上|方面|层面|月|季度|工作日|年(?![营产销均])|小时|自然|阶段|步骤|环节|部分|单位|部门)", phrase
        ):
            return
        self._emit(
            quantity, None, phrase, ">=" if at_least else "<=" if quantity.at_most else "=", False, year, None, kind
        )

    def _add(
        self,
        quantity: Quantity,
        phrase: str,
        comparator: str,
        at_least: bool,
        year: int | None,
        base: re.Match[str] | None,
    ) -> None:
        if phrase.startswith("占") and self.phrase:
            before = self.phrase
            cut = before.find("占")
            phrase = (before[:cut] if cut > 0 else before) + phrase
        self.phrase = phrase
        subject, indicator = _parted(phrase)
        base_year = int(base["base"] or base["base2"]) if base else None
        self._emit(quantity, subject, indicator, comparator, at_least, year, base_year, "target")

    def _emit(
        self,
        quantity: Quantity,
        subject: str | None,
        indicator: str,
        comparator: str,
        at_least: bool,
        year: int | None,
        base_year: int | None,
        kind: str,
    ) -> None:
        paragraph, begin = self.paragraph, self.begin
        if quantity.unit in ("倍",) and comparator not in (">=", "=", "+%"):
            return
        if kind == "target" and year is None:
            year = paragraph.year_before(begin + quantity.start)
        if base_year is not None and year == base_year:
            year = None
        start = max(self.done, *(self.text.rfind(c, 0, quantity.start) + 1 for c in "，：。；"))
        while start < quantity.start and self.text[start] in "、，和及与":
            start += 1
        end = quantity.tail
        if (
            not comparator.endswith("%")
            and kind == "target"
            and _noun_after(self.text, quantity)
            and indicator in self.text[end : end + 60]
        ):
            end = self.text.find(indicator, end) + len(indicator)
        offset = paragraph.offset + begin
        paragraph.add(Target(paragraph.path(begin + quantity.start), subject, indicator, comparator, quantity.value,
                             quantity.unit, year if kind == "target" else None, base_year, at_least, kind, offset + start, offset + end, quantity.high))  # fmt: skip


def _verb_of(left: str) -> re.Match[str] | None:
    for pattern in (_DOWN_END, _RISE_END, _FALL_END, _UP_END):
        match = pattern.search(left)
        if match:
            return match
    return None


def _comparison(left: str, quantity: Quantity) -> tuple[str | None, bool]:
    """(comparator, whether a change is one at least) by the words before a quantity."""
    up, down = _UP_END.search(left), _DOWN_END.search(left)
    rise, fall = _RISE_END.search(left), _FALL_END.search(left)
    share = quantity.unit in ("%", "个百分点", "百分点", "倍", "‰")
    at_least = quantity.at_least or bool(re.search("(?:超过|超|不低于|不少于)$", left))
    if fall and share:
        return "-%", at_least
    if rise and share and not re.search("(?:增速|增幅)(?:不低于|不少于|达到|达|超过|超)?$", left):
        return "+%", at_least
    if rise and re.search("(?:增速|增幅)", rise.group()):
        return ">=", False
    if down:
        return "<=", False
    if up:
        verb = up.group("verb")
        if re.search("保持在|稳定在|维持在|为$", verb) and not quantity.at_least:
            return ("<=" if quantity.at_most else "="), False
        if re.search("(?:完成|实现|新增|力争)$", verb) and not quantity.at_least:
            return ("=", False)
        return ("<=" if quantity.at_most else ">="), False
    return None, False


def _clean(phrase: str) -> str:
    """A phrase without the words that lead up to what is measured."""
    phrase = re.sub(r"^[、，和及与以上左右]{1,3}(?=.)", "", phrase) if re.match("[、，]|以上|左右", phrase) else phrase
    before = None
    while before != phrase:
        before = phrase
        phrase = _LEAD_WORDS.sub("", phrase)
        phrase = (
            re.sub(r"^(?:到|至|在|截至)?20\d\d年(?:底|末)?(?:前)?，?(?=.)", "", phrase)
            if not re.match(r"20\d\d年?[、和及]20", phrase)
            else phrase
        )
    return re.sub(r"(?:分别|累计|总数)$|由[\d.]+%?(?:左右)?$|[由从]20\d\d年的[\d.]+%?$", "", phrase).strip("，、：的")


def _without_verb(phrase: str) -> str:
    match = None
    for found in _MAKE_IN.finditer(phrase):
        if found.end() < len(phrase) - 1 and (match is None or found.start() <= match.end()):
            match = found
        elif match is None:
            break
    return phrase[match.end() :] if match and match.start() <= 12 else phrase


def _noun_after(text: str, quantity: Quantity) -> str:
    """The noun that a count is of: what follows it."""
    match = _NOUN.match(text, quantity.tail)
    if match is None:
        return ""
    noun = match.group()
    # An item that has a count of its own is another thing.
    noun = re.split(r"[、，和及](?=[^、]{0,14}\d)", noun)[0]
    noun = re.split(r"(?:，|并|且)", noun)[0]
    if "、" in noun and "的" not in noun.split("、")[-1] and len(noun) > 16:
        noun = noun.split("、")[0]
    return noun.removeprefix("的").strip("、和及与 ")


def _thing(noun: str) -> str:
    """The thing itself of a noun with a long description."""
    noun = (
        re.split(
            r"(?:开展|完善|建设完善|学习|推广|进行|实施|实现|推进|加快|参与|入驻|落户|落地|上云|接入|投入|启动|建成投)",
            noun,
        )[0]
        if len(noun) > 8
        else noun
    )
    if len(noun) > 16 and "的" in noun:
        noun = noun.rpartition("的")[2] or noun
    return noun.strip("，、的")


def _parted(phrase: str) -> tuple[str | None, str]:
    """(subject, indicator): an indicator begins with a word such as 产值, 营业收入, 单位."""
    owner, of, thing = phrase.rpartition("的")
    if of and len(thing) >= 2 and len(owner) >= 2 and _HEAD_END.search(thing):
        return owner, thing
    match = _HEAD_IN.search(phrase)
    if match is None or match.start() < 2:
        return None, phrase
    return phrase[: match.start()], phrase[match.start() :]


def with_clause(target: Target, path: ClausePath) -> Target:
    """The same goal in another clause."""
    return replace(target, clause=path)
