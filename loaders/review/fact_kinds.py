"""The kinds of facts that a document states, and their columns: declared once for workbook, app, tables and the way into the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from graph.schema import INSTRUMENT_NAMES, VALUE_NAMES, Stance

_COMPARATORS = {">=": "≥ 不低于", "<=": "≤ 不高于", "=": "＝ 等于", "+%": "+% 增幅", "-%": "−% 降幅"}
_AMOUNTS = {"cap": "最高额", "fixed": "定额", "fund_size": "资金规模", "unit": "单价"}
_TARGETS = {"target": "目标", "existing": "现状", "external": "上级目标"}
_STANCES = {str(k): v for k, v in VALUE_NAMES[Stance].items()}


class FactColumn(NamedTuple):
    """A property of a fact that a person may change.

    ``holds`` is text, list, number, whole, or the allowed values with their Chinese names; ``names`` the label of what a name in it
    is; ``brief`` whether short tables show it.
    """

    key: str
    zh: str
    en: str
    holds: Literal["text", "list", "number", "whole"] | Mapping[str, str] = "text"
    names: str = ""
    brief: bool = True


class FactKind(NamedTuple):
    """A kind of fact: its title in two languages and its columns."""

    zh: str
    en: str
    columns: tuple[FactColumn, ...]

    def column(self, key: str) -> FactColumn:
        """A column by its key.

        Raises:
            StopIteration: the kind has none of that key.
        """
        return next(c for c in self.columns if c.key == key)


_CHAIN = FactColumn("chain", "产业链", "chain", names="Chain")
_ROLE = FactColumn("role", "角色", "named for")
_KIND = FactColumn("kind", "类型", "kind")
_CODE = FactColumn("code", "代码", "code", brief=False)

FACT_KINDS: dict[str, FactKind] = {
    "responsibilities": FactKind(
        "责任单位",
        "Responsible",
        (
            FactColumn("lead", "牵头", "lead", "list", "Department"),
            FactColumn("support", "配合", "support", "list", "Department"),
        ),
    ),
    "targets": FactKind(
        "指标",
        "Targets",
        (
            FactColumn("subject", "对象", "subject"),
            FactColumn("indicator", "指标", "indicator"),
            FactColumn("comparator", "比较", "comparator", _COMPARATORS),
            FactColumn("value", "数值", "value", "number"),
            FactColumn("unit", "单位", "unit"),
            FactColumn("year", "年份", "year", "whole"),
            FactColumn("base_year", "基年", "base year", "whole"),
            FactColumn("kind", "性质", "kind", _TARGETS, brief=False),
        ),
    ),
    "measures": FactKind(
        "政策措施",
        "Measures",
        (
            FactColumn("instrument", "工具", "instrument", INSTRUMENT_NAMES),
            FactColumn("rate_min", "比例下限（%）", "rate from (%)", "number"),
            FactColumn("rate_max", "比例上限（%）", "rate to (%)", "number"),
            FactColumn("rate_base", "比例基数", "rate of what", brief=False),
            FactColumn("amount_max", "金额（万元）", "sum (万元)", "number"),
            FactColumn("amount_is", "金额性质", "the sum is", _AMOUNTS, brief=False),
            FactColumn("per", "每（计量单位）", "for each"),
            FactColumn("unit_amount", "单价（万元）", "price of one (万元)", "number", brief=False),
            FactColumn("per_unit_annual_cap", "年度上限（万元）", "yearly cap (万元)", "number"),
            FactColumn("condition", "条件", "condition"),
            FactColumn("beneficiary", "对象", "beneficiary", brief=False),
            FactColumn("period_years", "年限", "years", "whole", brief=False),
        ),
    ),
    "firms": FactKind("企业", "Firms", (FactColumn("name", "名称", "name", names="Firm"), _ROLE, _CHAIN)),
    "parks": FactKind("载体", "Parks", (FactColumn("name", "名称", "name", names="Park"), _KIND, _ROLE, _CHAIN)),
    "platforms": FactKind(
        "创新平台", "Platforms", (FactColumn("name", "名称", "name", names="Platform"), _KIND, _ROLE)
    ),
    "regions": FactKind("地区", "Regions", (FactColumn("name", "名称", "name", names="Region"), _KIND, _CODE)),
    "chain_gaps": FactKind(
        "强链补链延链",
        "Chains and links",
        (
            FactColumn("product_or_segment", "环节或产品", "link or product", names="Segment"),
            _CHAIN,
            FactColumn("stance", "取向", "stance", _STANCES),
        ),
    ),
    "city_roles": FactKind(
        "城市定位",
        "Cities named",
        (
            FactColumn("city_or_place", "地区", "place", names="Region"),
            FactColumn("role", "定位", "named for"),
            FactColumn("industry", "产业", "industry"),
            _CODE,
        ),
    ),
}


def mentioned(kind: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(label, name) of every name in a fact."""
    for column in FACT_KINDS[kind].columns:
        if column.names:
            value = values.get(column.key)
            yield from ((column.names, str(name)) for name in (value if isinstance(value, list) else [value]) if name)
