"""Units of the figures in policy documents; the lists are ``units`` of data/words."""

from __future__ import annotations

from loaders.extraction.word_lists import any_of, words

_LISTS = words()["units"]
MONEY, SHARES, TIMES, SHORT = (frozenset(_LISTS[name]) for name in ("money", "shares", "times", "short"))
_MEASURES, _LATIN, _COUNTERS, _PERIODS = (_LISTS[name] for name in ("measures", "latin", "counters", "periods"))
#: Units of what can be made one by one or by size: 200家, 30座, 100公里, 50万千瓦.
COUNTED = frozenset({*_COUNTERS, *_LISTS["sizes"]} - {"次"})

#: One unit.
UNIT = rf"{any_of([*SHARES, *MONEY, *TIMES - {'h', 'min', 'ms', 'd'}, *_MEASURES, *_COUNTERS, *SHORT])}|(?:{any_of(_LATIN)})(?![A-Za-z])"
#: What stands behind the stroke of 元/千瓦时, 立方米/万元, Wh/kg.
PER = (
    rf"(?:万|亿|百|千|100)?(?:{any_of([*MONEY - {'万亿元'}, 'GDP', *_MEASURES, *_PERIODS, '小时', '天', *_COUNTERS])}"
    rf"|(?:{any_of([*_LATIN, 'a', 'Wp', 'kWp'])})(?![A-Za-z]))"
)
