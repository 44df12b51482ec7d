"""Goals in words that mean all: 覆盖所有…, …全覆盖, 全部实施…"""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.extraction.targets.model import Name
from loaders.extraction.targets.naming import trimmed

_COVERS_ALL = re.compile("覆盖(?:所有|全部|全体)(?P<whom>[^，。；、]{2,16})")
_FULL_COVER = re.compile(
    r"(?P<by>[^，。；：]{0,30}?)(?:实现|达到|确保)(?P<what>[^，。；、]{0,24}?)(?:全覆盖|全面覆盖|100%覆盖)|(?P<plain>[^，。；：、]{4,24}?)(?:全覆盖|全面覆盖)(?=[，。；]|$)"
)
_ALL_DO = re.compile(
    r"(?P<whom>[^，。；、]{3,24}?)(?:(?:到|在|于)?20\d\d年底?(?:年)?前?)?全部(?:实施|完成|实现|开展)(?P<what>[^，。；、]{2,14})"
)
_OBJECT = re.compile("(?:推动|推进|加快|促进|实施|开展|加强|深化|支持)(?P<object>[^，。；、]{2,16})，")
_NOMINAL = re.compile("(?:规模化|规模)?(?:部署|建设|发展|应用|推广|普及|布局|覆盖|改造|升级|服务|商用)+$")


@dataclass(frozen=True)
class Whole:
    """A goal of 100 %; places are those of the sentence."""

    name: Name
    start: int
    end: int


def whole_goals(sentence: str) -> list[Whole]:
    """The goals of a sentence that something covers or is done by all."""
    return [*_covers_all(sentence), *_full_cover(sentence), *_all_do(sentence)]


def _covers_all(sentence: str) -> list[Whole]:
    """推动5G网络规模化部署，争取至2027年覆盖所有示范区城市."""
    found = []
    for match in _COVERS_ALL.finditer(sentence):
        objects = [m["object"] for m in _OBJECT.finditer(sentence[: match.start()])]
        what = _NOMINAL.sub("", objects[-1]) if objects else ""
        found.append(Whole(Name(match["whom"], f"{what}覆盖率"), match.start(), match.end()))
    return found


def _full_cover(sentence: str) -> list[Whole]:
    """实现县域充电设施全覆盖."""
    found = []
    for match in _FULL_COVER.finditer(sentence):
        by = trimmed(match["by"] or "")
        what = trimmed(match["what"] or match["plain"] or by)
        if len(what) >= 2:
            found.append(Whole(Name(by if by != what and by else None, f"{what}全覆盖"), match.start(), match.end()))
    return found


def _all_do(sentence: str) -> list[Whole]:
    """具备条件的园区2027年底前全部实施循环化改造."""
    if not re.search(r"20\d\d年", sentence):
        return []
    found = []
    for match in _ALL_DO.finditer(sentence):
        whom = trimmed(re.sub(r"20\d\d年.*$", "", match["whom"]))
        if len(whom) > 2:
            found.append(Whole(Name(whom, f"{match['what']}实施率"), match.start(), match.end()))
    return found
