"""Units of the figures in policy documents: money, shares, measures in Chinese and in Latin letters, counting words."""

from __future__ import annotations

from loaders.extraction.vocabulary import any_of

MONEY = frozenset({"元", "万元", "亿元", "万亿元"})
#: Shares, and by how much something changes.
SHARES = frozenset({"%", "‰", "个百分点", "百分点", "倍"})
TIMES = frozenset(
    {"个工作日", "工作日", "个自然日", "个月", "周", "小时", "分钟", "秒", "毫秒", "天", "次", "h", "min", "ms", "d"}
)
_MEASURES = (
    "美元", "欧元", "千瓦时", "兆瓦时", "吉瓦时", "瓦时", "千瓦", "兆瓦", "吉瓦", "瓦", "千伏安", "兆伏安", "吨标准煤", "吨标煤", "吨二氧化碳当量",
    "吨二氧化碳", "千克标准煤", "克标准煤", "公斤", "千克", "毫克", "微克", "克", "吨", "标准立方米", "立方米", "标方", "升", "毫升", "桶",
    "平方公里", "平方千米", "平方米", "㎡", "公里", "千米", "海里", "米", "厘米", "毫米", "微米", "纳米", "公顷", "亩", "兆帕", "摄氏度", "℃",
    "度", "标准机架", "机架", "标箱",
)  # fmt: skip
#: In Latin letters; no letter may follow: 5GW, but 5G is none.
_LATIN = (
    "TWh", "GWh", "MWh", "kWh", "KWh", "Wh", "TW", "GW", "MW", "kW", "KW", "W", "kVA", "MVA", "mAh", "Ah", "tce", "kgce", "gce", "kg", "mg", "μg",
    "ug", "g", "t", "Nm³", "Nm3", "m³", "m3", "m²", "m2", "km²", "km2", "km", "cm", "mm", "μm", "nm", "m", "L", "mL", "MPa", "kPa", "TEU",
    "EFLOPS", "PFLOPS", "TFLOPS", "EFlops", "PFlops", "Gbps", "Tbps", "Mbps", "EB", "PB", "TB", "P", "h", "min", "ms", "d",
)  # fmt: skip
_COUNTERS = (
    "人次", "家次", "场次", "场（次）", "场/次", "家（次）", "家/次", "人（次）", "项（次）", "个（次）", "车次", "架次", "件次", "台次", "班次", "户次",
    "辆次", "次", "人", "名", "家", "户", "个", "项", "件", "台套", "台（套）", "台/套", "套（台）", "台", "套", "辆", "座", "所", "处", "条", "支",
    "只", "场", "站", "桩", "艘", "架", "列", "款", "种", "门", "篇", "栋", "幢", "宗", "株", "笔",
)  # fmt: skip
#: Words that count a thing only where nothing goes on behind them: 3对, but not 3对接.
SHORT = frozenset({
    "度", "对", "天", "位", "片", "张", "头", "箱", "块", "米", "间", "根", "升", "单", "部", "批", "班", "次", "桶", "秒", "瓦", "小时", "分钟", "门",
    "笔", "只", "周",
})  # fmt: skip
_PERIODS = ("年", "月", "日", "季度")
#: Units of what can be made one by one or by size: 200家, 30座, 100公里, 50万千瓦.
COUNTED = frozenset({*_COUNTERS, "平方公里", "平方千米", "平方米", "㎡", "公里", "千米", "公顷", "亩", "千瓦", "兆瓦", "吉瓦", "千瓦时", "兆瓦时", "GW", "MW", "kW", "GWh",
                     "MWh", "吨", "立方米", "标方", "标准机架", "机架", "标箱", "TEU", "EFLOPS", "PFLOPS", "P", "对", "张", "间", "根", "单", "部"} - {"次"})  # fmt: skip

#: One unit.
UNIT = rf"{any_of([*SHARES, *MONEY, *TIMES - {'h', 'min', 'ms', 'd'}, *_MEASURES, *_COUNTERS, *SHORT])}|(?:{any_of(_LATIN)})(?![A-Za-z])"
#: What stands behind the stroke of 元/千瓦时, 立方米/万元, Wh/kg.
PER = (
    rf"(?:万|亿|百|千|100)?(?:{any_of([*MONEY - {'万亿元'}, 'GDP', *_MEASURES, *_PERIODS, '小时', '天', *_COUNTERS])}"
    rf"|(?:{any_of([*_LATIN, 'a', 'Wp', 'kWp'])})(?![A-Za-z]))"
)
