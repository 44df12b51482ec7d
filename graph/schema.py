"""The ontology: every label, relationship type, property and key, declared once.

Constraints, merge statements, validation, ``docs/ontology.md``, the table
templates and the legend of the app are generated from this module. Adding a
node type is adding one class.

Dates are ISO 8601 strings of whatever precision the source gives (``2025``,
``2022-05``, ``2022-04-22``): the same on every engine, sortable as text.
Money is 万元 or 亿元 as the property says; shares and rates are fractions 0-1.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from graph.rules import check_fact, parse_rule

#: Stable, readable, unique per label: ``seg:pv/wafer``. No blank, no ``|`` (it joins relationship keys).
ID_PATTERN = re.compile(r"^[a-z]+:[^\s|]+$")


def _in_the_calendar(value: str) -> str:
    """No 30 February."""
    if len(value) == len("2022-04-22"):
        try:
            date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"没有这一天 · there is no day {value}") from None
    return value


def _printable(value: str) -> str:
    """No control characters: XML, and so GraphML and Excel, cannot hold them."""
    if _CONTROL.search(value):
        raise ValueError(f"含控制字符 · holds a control character: {value!r}")
    return value


def _in_the_grammar(value: str) -> str:
    """Refuse a condition that no program could check."""
    parse_rule(value)
    return value


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_printable)]
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN.pattern)]
Date = Annotated[
    str,
    StringConstraints(pattern=r"^[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"),
    AfterValidator(_in_the_calendar),
]
Fraction = Annotated[float, Field(ge=0, le=1)]


class Method(StrEnum):
    """How a fact came to be known; earlier members win where sources disagree."""

    CURATED = "curated"
    IMPORTED = "imported"
    EXTRACTED = "extracted"
    INFERRED = "inferred"


class Position(StrEnum):
    """Where a segment stands in its chain."""

    UPSTREAM = "upstream"
    MIDSTREAM = "midstream"
    DOWNSTREAM = "downstream"
    SUPPORTING = "supporting"


class Stage(StrEnum):
    """How far an operation has come."""

    OPERATING = "operating"
    UNDER_CONSTRUCTION = "under_construction"
    PLANNED = "planned"


#: With what is being built and planned.
ALL_STAGES: tuple[str, ...] = tuple(stage.value for stage in Stage)


def counted_stages(*, planned: bool) -> tuple[str, ...]:
    """The stages whose operations count as makers: operating ones, with ``planned`` those not yet running too."""
    return ALL_STAGES if planned else (Stage.OPERATING.value,)


class Stance(StrEnum):
    """What a policy wants done: 强链, 招引, 补链, 延链, or just to be about it."""

    STRENGTHEN = "strengthen"
    ATTRACT = "attract"
    FILL = "fill"
    EXTEND = "extend"
    ABOUT = "about"


class Role(StrEnum):
    """牵头 or 配合."""

    LEAD = "lead"
    SUPPORT = "support"


class CarrierRole(StrEnum):
    """核心承载地 or 协同承载地."""

    MAIN = "main"
    SUPPORTING = "supporting"


class Confidence(StrEnum):
    """How sure whoever entered a fact is of it; low is shown as such."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Measured(StrEnum):
    """What span a reported value speaks of: 期末值, 年内累计, 当期值."""

    STOCK = "stock"
    CUMULATIVE = "cumulative"
    PERIOD = "period"


class RegionLevel(StrEnum):
    """Administrative level, or a group of regions without one."""

    COUNTRY = "country"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    ZONE = "zone"
    CIRCLE = "circle"
    CORRIDOR = "corridor"


#: Chinese wording of every enumerated value, for the interface, templates and table cells.
VALUE_NAMES: dict[type[StrEnum], dict[str, str]] = {
    Method: {"curated": "人工录入", "imported": "表格导入", "extracted": "文本抽取", "inferred": "推断"},
    Position: {"upstream": "上游", "midstream": "中游", "downstream": "下游", "supporting": "配套"},
    Stage: {"operating": "已投产", "under_construction": "在建", "planned": "规划"},
    Stance: {"strengthen": "强链", "attract": "招引", "fill": "补链", "extend": "延链", "about": "涉及"},
    Role: {"lead": "牵头", "support": "配合"},
    CarrierRole: {"main": "核心承载", "supporting": "协同承载"},
    Confidence: {"high": "高", "medium": "中", "low": "低"},
    Measured: {"stock": "期末值", "cumulative": "年内累计", "period": "当期值"},
    RegionLevel: {
        "country": "国家",
        "province": "省级",
        "city": "市级",
        "county": "区县级",
        "zone": "功能区域",
        "circle": "经济圈",
        "corridor": "走廊",
    },
}
#: Instruments of support in Chinese; their codes are their English names.
INSTRUMENT_NAMES: dict[str, str] = {
    "subsidy": "补助",
    "reward": "奖励",
    "fund": "基金",
    "loan": "信贷",
    "tax": "税收",
    "land": "用地",
    "talent": "人才",
    "service": "服务",
    "priority": "优先支持",
    "other": "其他",
}


def prop(zh: str, description: str, default: Any = None, **extra: Any) -> Any:
    """Declare a property: its Chinese title (the column heading) and what it holds."""
    if callable(default):
        return Field(default_factory=default, title=zh, description=description, **extra)
    return Field(default=default, title=zh, description=description, **extra)


class Fact(BaseModel):
    """What every node and relationship carries: where it comes from and how sure it is."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_enum_values=True, validate_default=True, allow_inf_nan=False
    )

    #: Chinese name of the type; what it is, is its docstring.
    zh: ClassVar[str] = ""

    sources: list[Text] = prop("来源", "ids of a Document or Clause, or data file and row", list)
    method: Method = prop("方式", "how the fact came to be known", Method.CURATED)
    as_of: Date | None = prop("截至", "the date the fact is good for (ISO 8601, any precision)")
    confidence: Confidence | None = prop("可信度", "how sure it is; low is shown as such")
    note: Text | None = prop("备注", "what a reader must know, in own words")

    @field_validator("sources", "aliases", "honours", check_fields=False)
    @classmethod
    def _unique_sorted(cls, value: list[str]) -> list[str]:
        """Lists are sets: sorted and without repeats, so that the same fact is the same value."""
        return sorted(set(value))

    def properties(self) -> dict[str, Any]:
        """What is stored: every property that has a value, ids of relationship ends left out."""
        values = self.model_dump(exclude_none=True, exclude={"start", "end"})
        return {name: value for name, value in values.items() if value != []}


class Node(Fact):
    """A node: a stable id, a Chinese name, other names."""

    prefix: ClassVar[str] = ""
    #: In drawings and the legend (colour-blind safe, after Okabe and Ito).
    colour: ClassVar[str] = "#7f8c8d"
    #: An internal label keeps the books; it is not part of the domain and not drawn.
    internal: ClassVar[bool] = False
    #: Properties besides the name that nodes are looked up by.
    indexed: ClassVar[tuple[str, ...]] = ()

    id: Id = prop("编号", "stable and readable, unique per label", ...)
    name: Text = prop("名称", "Chinese name", ...)
    name_en: Text | None = prop("英文名", "English name")
    aliases: list[Text] = prop("别名", "other names, short and old forms", list)

    @model_validator(mode="after")
    def _id_has_the_prefix_of_its_label(self) -> Node:
        if not self.id.startswith(f"{self.prefix}:"):
            raise ValueError(f"the id of a {self.label()} begins with '{self.prefix}:', not {self.id!r}")
        return self

    @classmethod
    def label(cls) -> str:
        """The Neo4j label: the class name."""
        return cls.__name__


class Chain(Node):
    """An industry chain: photovoltaic, lithium battery, hydrogen, energy storage, new-energy vehicles ..."""

    zh, prefix, colour = "产业链", "chain", "#0072B2"
    strategic_code: Text | None = prop("战新代码", "code in 战略性新兴产业分类（2018）")


class Segment(Node):
    """A link of a chain."""

    zh, prefix, colour = "环节", "seg", "#56B4E9"
    position: Position = prop("位置", "where it stands in its home chain", ...)
    order: int = prop("序", "column of the layered drawing, 1 = raw material", ..., ge=0, le=10_000)
    essential: bool = prop("关键", "the chain does not work without it", True)


class Product(Node):
    """What a segment makes or uses."""

    zh, prefix, colour = "产品", "prod", "#999999"
    kind: Literal["material", "part", "equipment", "service", "energy", "product"] | None = prop(
        "类别", "material, part, equipment, service, energy or finished product"
    )


class Firm(Node):
    """An enterprise. Roles such as chain leader are appointments (LEADS), not properties."""

    zh, prefix, colour = "企业", "firm", "#D55E00"
    indexed = ("owner",)
    full_name: Text | None = prop("全称", "registered name")
    credit_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")] | None = prop(
        "统一社会信用代码", "18 characters (GB 32100-2015)"
    )
    stock_code: Annotated[str, StringConstraints(pattern=r"^\w{1,8}\.(SH|SZ|BJ|HK|O|N|KS|KQ|T|TW|DE|PA)$")] | None = (
        prop("证券代码", "with exchange suffix, 600438.SH")
    )
    owner: Text | None = prop("所属集团", "ultimate owner or group: concentration is counted over owners")
    honours: list[Text] = prop("称号", "专精特新小巨人, 制造业单项冠军 ...", list)
    active: bool = prop("存续", "false once it has been struck off or stopped", True)


class Park(Node):
    """Functional zone, development zone, new area, science city, industrial park."""

    zh, prefix, colour = "载体", "park", "#009E73"
    kind: Text | None = prop("类型", "产业功能区, 经济技术开发区, 新区, 科学城, 产业园 ...")
    lat: float | None = prop("纬度", "degrees north (WGS 84)", ge=-90, le=90)
    lon: float | None = prop("经度", "degrees east (WGS 84)", ge=-180, le=180)


class Region(Node):
    """Province, city, district or county; also city functional areas, economic circles, corridors."""

    zh, prefix, colour = "地区", "region", "#CC79A7"
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")] | None = prop("行政区划代码", "GB/T 2260")
    level: RegionLevel = prop("级别", "administrative level, or the kind of group", ...)
    lat: float | None = prop("纬度", "degrees north (WGS 84), seat of government", ge=-90, le=90)
    lon: float | None = prop("经度", "degrees east (WGS 84), seat of government", ge=-180, le=180)


class Department(Node):
    """Government body or state platform company; also groups such as 相关区（市）县政府."""

    zh, prefix, colour = "部门", "dept", "#F0E442"
    full_name: Text | None = prop("全称", "official name")
    level: Literal["national", "provincial", "municipal", "county", "group", "company"] | None = prop(
        "层级", "level of government, or group, or state company"
    )


class Platform(Node):
    """Laboratory, innovation centre, pilot-test base, functional platform."""

    zh, prefix, colour = "创新平台", "plat", "#8B6FC0"
    kind: Text | None = prop("类型", "实验室, 创新中心, 中试基地, 功能平台 ...")


class Document(Node):
    """A policy document, or a published standard, report or table that facts come from."""

    zh, prefix, colour = "文件", "doc", "#4D4D4D"
    kind: Literal["policy", "standard", "report", "statistics", "announcement", "dataset"] = prop(
        "类别", "what sort of document", "policy"
    )
    number: Text | None = prop("文号", "发改振兴〔2021〕1618号")
    publisher: Text | None = prop("发布者", "who published it, where no Department is on record")
    issued: Date | None = prop("印发日期", "date of issue")
    effective: Date | None = prop("施行日期", "date it takes effect")
    expires: Date | None = prop("失效日期", "date it expires")
    stacking: Literal["exclusive", "additive"] | None = prop(
        "叠加", "whether its measures may be enjoyed beside other policies (exclusive: 不重复享受); blank: not stated"
    )
    url: Text | None = prop("网址", "where it can be read")


class Clause(Node):
    """Part, section, subsection or item of a document."""

    zh, prefix, colour = "条款", "clause", "#A6A6A6"
    number: Text | None = prop("序号", "as printed: 一, （一）, 1")
    path: Text | None = prop("条款路径", "行动方案 三（一）1")
    order: int | None = prop("序", "place in the document", ge=0, le=1_000_000)
    summary: Text | None = prop("摘要", "in own words")
    span_start: int | None = prop("起", "first character in the source file", ge=0, le=1_000_000_000)
    span_end: int | None = prop("止", "character after the last", ge=0, le=1_000_000_000)


class Task(Node):
    """An item that somebody answers for."""

    zh, prefix, colour = "重点任务", "task", "#E69F00"


class Target(Node):
    """A quantified goal."""

    zh, prefix, colour = "指标", "target", "#B8860B"
    subject: Text | None = prop("对象", "what it is measured on")
    indicator: Text = prop("指标名", "what is measured", ...)
    comparator: Literal[">=", "<=", "=", "+%", "-%"] = prop("比较", "+% and -% are changes against the base year", ...)
    value: float = prop("目标值", "in the unit given; for +% and -% the percentage", ...)
    unit: Text | None = prop("单位", "亿元, %, 家, 个 ...")
    year: int | None = prop("目标年", "by the end of", ge=1949, le=2100)
    base_year: int | None = prop("基年", "for changes", ge=1949, le=2100)
    kind: Literal["target", "existing", "external"] = prop(
        "性质", "target; existing = a stated fact; external = set elsewhere", "target"
    )


class Observation(Node):
    """A reported value of a target in a period (月通报, 季调度)."""

    zh, prefix, colour = "实绩", "obs", "#C2A24C"
    period: Text = prop("期间", "2024-06, 2024Q2, 2024", ..., pattern=r"^\d{4}(-(0[1-9]|1[0-2])|Q[1-4])?$")
    value: float = prop(
        "实绩值",
        "in the unit of the target; for a change (+%, -%) the level of the indicator, the base year's too",
        ...,
    )
    measured: Measured | None = prop(
        "口径", "as it stands at the end, since 1 January, or of the period alone; not needed for a whole year"
    )


class Measure(Node):
    """A support measure: what is paid, how much at most, to whom, on what condition."""

    zh, prefix, colour = "政策措施", "measure", "#117733"
    instrument: Literal[
        "subsidy", "reward", "fund", "loan", "tax", "land", "talent", "service", "priority", "other"
    ] = prop("工具", "kind of support", ...)
    rate_min: Fraction | None = prop("比例下限", "fraction 0-1 of the base")
    rate_max: Fraction | None = prop("比例上限", "fraction 0-1 of the base")
    rate_base: Text | None = prop("比例基数", "what the rate is taken of")
    cap: float | None = prop("上限（万元）", "most for one case, 万元", ge=0)
    amount: float | None = prop("定额（万元）", "fixed sum for one case, 万元", ge=0)
    total: float | None = prop("总额（万元）", "size of a fund or programme, 万元", ge=0)
    annual_cap: float | None = prop("年度上限（万元）", "most for one beneficiary in one year, 万元", ge=0)
    condition: Text | None = prop("条件", "in own words")
    rule: Annotated[Text, AfterValidator(_in_the_grammar)] | None = prop(
        "条件式", "machine-checkable condition, see data-formats.md: fixed_investment >= 30 亿元 and new_build"
    )
    rate_of: Annotated[Text, AfterValidator(check_fact)] | None = prop(
        "基数事实", "the fact (as in a rule) that the rate is taken of: only then is a maximum computed from it"
    )
    beneficiary: Text | None = prop("对象", "who may claim")
    recipient: Literal["firm", "park", "government", "person", "alliance", "city"] | None = prop(
        "受益主体",
        "firm, park, government, person, alliance or city: what goes to others is no support of a firm's project",
    )
    years: int | None = prop("年限", "for how many years it is paid", ge=1, le=100)


class Dataset(Node):
    """What was loaded: one file or one document; loading it anew replaces what it said."""

    zh, prefix, colour = "数据集", "dataset", "#BBBBBB"
    internal = True
    path: Text | None = prop("文件", "file it was read from")
    sha256: Text | None = prop("校验", "of the file's bytes")
    loaded_at: Text | None = prop("载入时间", "UTC, ISO 8601")
    evidence: Date | None = prop("业务截至", "newest date of the operations that it states, none that lies ahead")
    node_count: int = prop("节点数", "nodes it states", 0)
    relationship_count: int = prop("关系数", "relationships it states", 0)
    labels: list[Text] = prop("标签", "labels it states nodes of", list)
    types: list[Text] = prop("关系类型", "types it states relationships of", list)


def _escape(value: Any) -> str:
    """A key value as text in which no bar can be mistaken for a joint."""
    return "" if value is None else str(value).replace("%", "%25").replace("|", "%7C")


class LoadState(Node):
    """The one node that loads lock, and that knows of a load that was cut off."""

    zh, prefix = "载入状态", "load"
    internal = True
    state: Literal["idle", "running", "rolling_back"] = prop("状态", "idle, running or rolling back", "idle")
    load_id: Text | None = prop("载入号", "names the journal of a load in batches")
    done: int = prop("已完成批次", "batches that are committed", 0)
    total: int = prop("总批次", "batches of the load", 0)
    started: Text | None = prop("开始", "UTC, ISO 8601")
    turn: int = prop("轮次", "counts loads; writing it takes the lock", 0)


class Relationship(Fact):
    """A relationship between two nodes, told apart from its parallels by ``key``."""

    #: (start label, end label) pairs that are allowed; "*" is any label.
    ends: ClassVar[tuple[tuple[str, str], ...]] = ()
    #: Properties that, with both ends, tell parallel relationships apart.
    key: ClassVar[tuple[str, ...]] = ()
    #: Properties that hold the id of another node: property -> its labels.
    references: ClassVar[dict[str, tuple[str, ...]]] = {}

    start: Id = prop("起点", "id of the start node", ...)
    end: Id = prop("终点", "id of the end node", ...)

    @classmethod
    def type(cls) -> str:
        """The Neo4j relationship type: HasSegment -> HAS_SEGMENT."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).upper()

    @property
    def id(self) -> str:
        """Start, type, end and key, joined by bars (escaped where a key value holds one)."""
        parts = [self.start, self.type(), self.end]
        parts += [_escape(getattr(self, k)) for k in self.key]
        return "|".join(parts)

    def properties(self) -> dict[str, Any]:
        """What is stored: the id made from ends and key, and every property that has a value."""
        return {"id": self.id, **super().properties()}

    @model_validator(mode="after")
    def _ends_are_declared(self) -> Relationship:
        pair = (label_of(self.start), label_of(self.end))
        if not any(a in ("*", pair[0]) and b in ("*", pair[1]) for a, b in self.ends):
            allowed = ", ".join(f"{a} -> {b}" for a, b in self.ends)
            raise ValueError(f"{self.type()} joins {allowed}, not {pair[0]} -> {pair[1]} ({self.start} -> {self.end})")
        for name, labels in self.references.items():
            value = getattr(self, name)
            if value is not None and label_of(value) not in labels:
                raise ValueError(f"{name} of {self.type()} is the id of a {' or '.join(labels)}, not {value}")
        return self


class HasSegment(Relationship):
    """A chain has a link; the properties override the segment's own where two chains share it."""

    zh = "包含环节"
    ends = (("Chain", "Segment"),)
    position: Position | None = prop("位置", "in this chain, where it differs from the home chain")
    order: int | None = prop("序", "column in this chain's drawing", ge=0, le=10_000)


class Supplies(Relationship):
    """Upstream to downstream: what the first makes goes into the second."""

    zh = "供给"
    ends, key = (("Segment", "Segment"),), ("via",)
    references = {"via": ("Product",)}
    via: Id | None = prop("产品", "id of the product that flows")
    essential: bool = prop("必需", "AND: the target cannot be made without it", True)
    group: Text | None = prop("替代组", "OR: inputs of one target with the same group replace one another")
    cost_share: Fraction | None = prop("成本占比", "fraction 0-1 of the target's cost")
    coefficient: float | None = prop(
        "单耗", "units of the first's capacity that one unit of the second's capacity takes", gt=0
    )


class Produces(Relationship):
    """A segment makes a product."""

    zh, ends = "产出", (("Segment", "Product"),)


class Uses(Relationship):
    """A segment uses a product."""

    zh, ends = "使用", (("Segment", "Product"),)


class MadeFrom(Relationship):
    """A product is made from another."""

    zh, ends = "原料", (("Product", "Product"),)


class SubtypeOf(Relationship):
    """A product is a kind of another."""

    zh, ends = "属于", (("Product", "Product"),)


class Leads(Relationship):
    """An appointment: who leads which chain, by which document, from when to when, in which tier."""

    zh = "链主"
    ends, key = (("Firm", "Chain"),), ("region", "batch")
    references = {"region": ("Region",)}
    region: Id | None = prop("地区", "id of the region that appointed it")
    tier: Literal["示范库", "培育库", "候选库"] | None = prop("梯队", "示范库, 培育库 or 候选库")
    batch: Text | None = prop("批次", "which round of appointment")
    role: Text | None = prop("角色", "as the document words it")
    valid_from: Date | None = prop("起", "from when")
    valid_to: Date | None = prop("止", "until when")


class OperatesIn(Relationship):
    """A firm works on a link, at a place."""

    zh = "从事"
    ends, key = (("Firm", "Segment"),), ("place",)
    references = {"place": ("Region", "Park")}
    place: Id | None = prop(
        "地点", "id of the region or park; blank: where the firm is located; 中国: spread over the country"
    )
    stage: Stage = prop("阶段", "operating, under construction or planned", Stage.OPERATING)
    capacity: float | None = prop("产能", "in the unit given", ge=0)
    unit: Text | None = prop("单位", "GW/年, 万吨/年, GWh/年, 万辆/年 ...")
    output: float | None = prop("产值（亿元）", "yearly output, 亿元", ge=0)
    since: Date | None = prop("投产", "since when")


class BringsIn(Relationship):
    """A region brings in what a link makes, from outside: other regions (调入) or other countries (进口)."""

    zh = "外部供给"
    ends, key = (("Region", "Segment"),), ("origin",)
    references = {"origin": ("Region",)}
    origin: Id | None = prop("来源地", "id of the region or country that it comes from; blank: not known")
    quantity: float | None = prop("数量", "a year, in the unit given", ge=0)
    unit: Text | None = prop("单位", "GW/年, 万吨/年, GWh/年, 万辆/年 ...")
    value: float | None = prop("金额（亿元）", "a year, 亿元", ge=0)


class Makes(Relationship):
    """A firm makes a product."""

    zh = "生产"
    ends = (("Firm", "Product"),)
    revenue_share: Fraction | None = prop("营收占比", "fraction 0-1 of the firm's revenue")


class LocatedIn(Relationship):
    """Where a firm, park or platform is; for a firm its home."""

    zh = "位于"
    ends = tuple((a, b) for a in ("Firm", "Park", "Platform") for b in ("Region", "Park"))


class Carries(Relationship):
    """An appointment: a park carries a chain or a link."""

    zh = "承载"
    ends = (("Park", "Chain"), ("Park", "Segment"))
    role: CarrierRole = prop("承载类型", "main or supporting", CarrierRole.MAIN)
    valid_from: Date | None = prop("起", "from when")
    valid_to: Date | None = prop("止", "until when")


class PartOf(Relationship):
    """A region is part of another, a clause of a clause or document."""

    zh = "隶属"
    ends = (("Region", "Region"), ("Clause", "Clause"), ("Clause", "Document"), ("Department", "Department"))


class ResponsibleFor(Relationship):
    """A department answers for a task or measure."""

    zh = "负责"
    ends, key = (("Department", "Task"), ("Department", "Measure")), ("role",)
    role: Role = prop("职责", "lead (牵头) or support (配合)", ...)
    order: int | None = prop("序", "place in the document's list, 1 the first named", ge=1, le=1_000)
    valid_from: Date | None = prop("起", "from when")
    valid_to: Date | None = prop("止", "until when")


class Concerns(Relationship):
    """What a task or measure is about, and what it wants done there."""

    zh = "针对"
    ends = tuple(
        (a, b)
        for a in ("Task", "Measure")
        for b in ("Chain", "Segment", "Product", "Park", "Firm", "Region", "Platform")
    )
    key = ("stance",)
    stance: Stance = prop("取向", "strengthen, attract, fill, extend, or merely about", Stance.ABOUT)
    role: Text | None = prop("角色", "what the document names it for, in few words")


class Sets(Relationship):
    """A task sets a target."""

    zh, ends = "设定", (("Task", "Target"),)


class Measures(Relationship):
    """What a target is a goal for."""

    zh = "衡量"
    ends = (("Target", "Chain"), ("Target", "Region"), ("Target", "Segment"))


class Observed(Relationship):
    """A target has a reported value."""

    zh, ends = "实绩为", (("Target", "Observation"),)


class IssuedBy(Relationship):
    """Who issued a document."""

    zh, ends = "发布", (("Document", "Department"),)


class AppliesTo(Relationship):
    """The region a document is in force in."""

    zh, ends = "适用于", (("Document", "Region"),)


class Cites(Relationship):
    """A document cites another."""

    zh, ends = "引用", (("Document", "Document"),)


class StatedIn(Relationship):
    """The clause that says so."""

    zh, ends = "载于", (("*", "Clause"),)


class Surveyed(Relationship):
    """The firm register of this region is declared complete for a chain or link (data/coverage)."""

    zh = "已普查"
    ends = (("Region", "Chain"), ("Region", "Segment"))
    complete: bool = prop("完整", "true: no firm on record means that there is none", ...)


NODE_TYPES: dict[str, type[Node]] = {c.label(): c for c in Node.__subclasses__()}
RELATIONSHIP_TYPES: dict[str, type[Relationship]] = {c.type(): c for c in Relationship.__subclasses__()}
_LABEL_OF_PREFIX = {c.prefix: label for label, c in NODE_TYPES.items()}

#: Written by the store on every node and relationship: which datasets state it, and what each of them
#: says where there are several (JSON, parallel to ``datasets``).
BOOKKEEPING = ("datasets", "statements", "placeholder")


def label_of(node_id: str) -> str:
    """The label that an id's prefix stands for.

    Raises:
        ValueError: no label has that prefix.
    """
    prefix = node_id.partition(":")[0]
    if prefix not in _LABEL_OF_PREFIX:
        raise ValueError(f"{node_id!r} begins with none of the known prefixes: {', '.join(sorted(_LABEL_OF_PREFIX))}")
    return _LABEL_OF_PREFIX[prefix]


def enum_of(annotation: Any) -> type[StrEnum] | None:
    """The enumeration inside a property's annotation, if there is one."""
    candidates = (annotation, *get_args(annotation))
    return next((a for a in candidates if isinstance(a, type) and issubclass(a, StrEnum)), None)
