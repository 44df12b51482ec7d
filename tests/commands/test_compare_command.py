"""``liantu compare`` and ``liantu relatedness`` on the shipped graph."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Database, Ended

Liantu = Callable[..., Ended]


@pytest.fixture
def ready(configured: Database) -> None:
    configured.shipped()


@pytest.mark.usefixtures("ready")
def test_cities_beside_one_another(liantu: Liantu) -> None:
    end = liantu("compare", "成都", "宜宾", "绵阳", "-c", "锂电")
    assert end.code == 0, end.err
    assert "成都市、宜宾市、绵阳市：产业链比较" in end.out
    assert "隔膜（成都市）" in end.out
    assert "登记仅 1 家次，少于 5" in end.out
    assert "未登记不等于没有" in end.out
    english = liantu("--english", "compare", "Chengdu", "Yibin", "-c", "chain:lithium")
    assert "Separator (Chengdu)" in english.out
    assert "隔膜" not in english.out


@pytest.mark.usefixtures("ready")
def test_figures_as_data_are_those_of_the_gap_report(liantu: Liantu) -> None:
    plain = json.loads(liantu("compare", "成都", "宜宾", "-c", "锂电", "-f", "json").out)
    gaps = json.loads(liantu("gaps", "-r", "成都", "-c", "锂电", "-f", "json").out)
    (chain,) = plain["chains"]
    own = {link["id"]: link["presence"]["region:510100"] for link in chain["links"]}
    assert chain["regions"][0]["completeness"] == pytest.approx(gaps["completeness"], abs=1e-4)
    taken = [s for s in gaps["segments"] if s["location_quotient"] is not None]
    assert taken
    for segment in taken:
        assert own[segment["id"]]["quotient"] == pytest.approx(segment["location_quotient"], abs=1e-4)


@pytest.mark.usefixtures("ready")
def test_districts_of_a_city(liantu: Liantu) -> None:
    end = liantu("compare", "--districts-of", "成都市", "-c", "新能源汽车", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(end.out)))
    assert {"龙泉驿区"} <= {row["地区"] for row in rows}
    assert {row["上级地区"] for row in rows} == {"成都市"}
    assert all(int(row["在产企业"]) > 0 for row in rows)
    shown = liantu("compare", "--districts-of", "成都市", "-c", "新能源汽车").out
    assert "成都市下辖 23 个地区中有登记的 " in shown
    assert re.search(r"没有登记企业的地区 \d+ 个（不列出.*等（共 \d+ 个）", shown)
    compared = liantu("compare", "--districts-of", "成都市", "-c", "新能源汽车", "-f", "json").out
    assert "成都高新区" in compared  # a functional zone beside the districts


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("ending", ["xlsx", "md", "docx", "html"])
def test_it_is_written_to_a_file(liantu: Liantu, tmp_path: Path, ending: str) -> None:
    for command in (("compare", "成都", "宜宾", "-c", "锂电"), ("relatedness", "成都")):
        file = tmp_path / f"{command[0]}.{ending}"
        end = liantu(*command, "-o", file)
        assert end.code == 0, end.err
        assert str(file) in end.err
        assert file.stat().st_size > 1000
    if ending == "xlsx":
        book = openpyxl.load_workbook(tmp_path / "compare.xlsx")
        assert book.sheetnames == ["明细", "锂电池 地区", "锂电池 环节"]
        cells = [cell for row in book["明细"].iter_rows(values_only=True) for cell in row]
        assert any(isinstance(cell, float) for cell in cells)


@pytest.mark.usefixtures("ready")
def test_relatedness_of_a_city(liantu: Liantu) -> None:
    end = liantu("relatedness", "宜宾")
    assert end.code == 0, end.err
    assert "多晶硅" in end.out  # it has ingots and wafers
    assert "经济复杂度指数" in end.out
    plain = json.loads(liantu("relatedness", "宜宾", "-f", "json", "--all").out)
    assert any(link["makers"] for link in plain["links"])
    assert plain["complexity_refused"] is None
    densities = [link["density"] for link in plain["links"]]
    assert densities == sorted(densities, reverse=True)


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("relatedness", "四川省"), "少于 30"),
        (("relatedness", "龙泉驿区"), "少于 30"),
        (("relatedness", "成都", "--level", "province"), "少于 30"),
        (("relatedness", "绵竹市", "--level", "city"), "不是市级地区"),
        (("relatedness", "自贡"), "登记"),
        (("compare", "成都"), "至少两个"),
        (("compare",), "--districts-of"),
        (("compare", "成都", "宜宾", "--districts-of", "成都"), "--districts-of"),
        (("compare", "成都", "宜宾", "--level", "city"), "--level"),
        (("compare", "--districts-of", "龙泉驿区"), "没有下一级"),
        (("compare", "成都", "宜宾", "-f", "xlsx"), "-o"),
        (("compare", "成都", "不存在的市"), "没有名为"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(liantu: Liantu, arguments: tuple[str, ...], why: str) -> None:
    end = liantu(*arguments)
    assert end.code == 1
    assert why in end.err
    assert len(end.err.strip().splitlines()) == 1
