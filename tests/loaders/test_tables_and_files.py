"""Files as people have them: every encoding, every mistake told with its place, nothing half read."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest

from graph.errors import LoadError
from graph.facts import Facts
from graph.schema import NODE_TYPES, VALUE_NAMES, enum_of
from loaders.sources import files_in, read_sources
from loaders.spreadsheets import write_template
from loaders.tables import TABLES, Table
from tests.conftest import path_of

HEAD = "编号,名称,别名,位于,存续,来源\n"
ON_RECORD = [
    ("region:510100", ["成都市", "成都"]),
    ("region:510104", ["锦江区"]),
    ("park:jj", ["锦江区", "锦江园"]),
    ("seg:pv/cell", ["电池片"]),
    ("seg:lithium/cell", ["电芯"]),
    ("firm:a", ["甲公司"]),
    ("chain:pv", ["光伏"]),
]


def read(*paths: Path) -> Facts:
    (facts,) = read_sources(paths, ON_RECORD)
    return facts


def faults(*paths: Path) -> list[str]:
    with pytest.raises(LoadError) as error:
        read_sources(paths, ON_RECORD)
    return [str(problem) for problem in error.value.problems]


def table(folder: Path, name: str, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return path


# --- reading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["企业.csv", "firms.csv", "firms-2024.csv"])
def test_encodings_and_chinese_headings(tmp_path: Path, encoding: str, name: str) -> None:
    facts = read(
        table(tmp_path, name, "编号,名称,别名,位于,存续", "firm:x,某某新能源公司,某某；某能,成都,否", encoding=encoding)
    )
    assert facts.nodes["firm:x"].properties() == {
        "id": "firm:x",
        "name": "某某新能源公司",
        "aliases": sorted(["某某", "某能"]),
        "active": False,
        "sources": [f"{name}#2"],
        "method": "imported",
    }
    assert list(facts.relationships) == ["firm:x|LOCATED_IN|region:510100"]


def test_excel_says_the_same_as_csv(tmp_path: Path) -> None:
    lines = [["企业", "环节", "阶段", "产能", "截至"], ["甲公司", "电池片", "在建", 1200.5, "2024-06-30"]]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "从事"
    for line in lines:
        sheet.append(line)
    book.save(tmp_path / "book.xlsx")
    one = read(tmp_path / "book.xlsx")
    other = read(table(tmp_path, "operations.csv", *(",".join(map(str, line)) for line in lines)))
    (a,), (b,) = one.relationships.values(), other.relationships.values()
    assert {**a.properties(), "sources": []} == {**b.properties(), "sources": []}
    assert (a.properties()["stage"], a.properties()["capacity"]) == ("under_construction", 1200.5)


def test_grouped_numbers_are_read_and_others_refused(tmp_path: Path) -> None:
    facts = read(table(tmp_path, "operations.csv", "firm,segment,capacity", 'firm:a,电池片,"1,200"'))
    assert next(iter(facts.relationships.values())).properties()["capacity"] == 1200
    for bad in ("1,5", "12万", "1.2.3", "nan", "inf"):
        found = faults(table(tmp_path, "operations.csv", "firm,segment,capacity", f'firm:a,电池片,"{bad}"'))
        assert found == [f"operations.csv 第2行 列 capacity（产能）: '{bad}' 不是数字"]


# --- every fault, with its place -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lines", "expected"),
    [
        ("firms.csv", ["id,name,colour", "firm:x,x,red"], ["firms.csv 表头: 不认识的列“colour”；可用：id（编号）、"]),
        ("firms.csv", ["id,name,名称", "firm:x,x,y"], ["firms.csv 表头: 列“名称”重复"]),
        ("firms.csv", ["id,name", "firm:x,"], ["firms.csv 第2行 列 name（名称）: 必填，未填"]),
        ("firms.csv", ["id,name", "firm:x,x,y"], ["firms.csv 第2行: 有单元格没有表头"]),
        ("operations.csv", ["firm,segment", ",电池片"], ["operations.csv 第2行 列 firm（企业）: 必填，未填"]),
        (
            "operations.csv",
            ["firm,segment,stage", "甲公司,电池片,停产"],
            [
                "operations.csv 第2行 列 stage（阶段）: '停产' 不在可选值内："
                "operating（已投产）、under_construction（在建）、planned（规划）"
            ],
        ),
        (
            "firms.csv",
            ["id,name,as_of", "firm:x,x,2024/06"],
            ["firms.csv 第2行 列 as_of（截至）: '2024/06' 格式不对，应为日期：2022、2022-05 或 2022-05-28"],
        ),
        ("firms.csv", ["id,name,as_of", "firm:x,x,2024-02-30"], ["firms.csv 第2行 列 as_of（截至）: 没有这一天"]),
        (
            "operations.csv",
            ["firm,segment", "甲公司,电池板"],
            ["operations.csv 第2行 列 segment（环节）: 找不到名为“电池板”的环节；是否指：电池片"],
        ),
        (
            "firms.csv",
            ["id,name,located_in", "firm:x,x,锦江区"],
            ["firms.csv 第2行 列 located_in（位于）: “锦江区”可指多个：park:jj、region:510104；请填编号"],
        ),
        (
            "firms.csv",
            ["id,name,active", "firm:x,x,是", "firm:x,x,否"],
            ["firms.csv 第3行: firm:x 的 active 前后不一：True 与 False"],
        ),
        ("nothing.csv", ["a,b", "1,2"], ["nothing.csv: 文件名不对应任何表；可用：documents.csv"]),
    ],
)
def test_a_fault_is_told_with_file_row_and_column(
    tmp_path: Path, name: str, lines: list[str], expected: list[str]
) -> None:
    found = faults(table(tmp_path, name, *lines))
    assert len(found) == len(expected), found
    for line, beginning in zip(found, expected, strict=True):
        assert line.startswith(beginning)


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    one = table(tmp_path, "firms.csv", "id,name,active,as_of", "firm:x,x,也许,昨天", "x,y,,", "firm:z,z,是,2024")
    two = table(tmp_path, "operations.csv", "firm,segment", "无名,无名")
    places = [f.split(":")[0] for f in faults(one, two)]
    assert sorted(places) == sorted(
        [
            "firms.csv 第2行 列 active（存续）",
            "firms.csv 第2行 列 as_of（截至）",
            "firms.csv 第3行 列 id（编号）",
            "operations.csv 第2行 列 firm（企业）",
            "operations.csv 第2行 列 segment（环节）",
        ]
    )


def test_names_of_one_file_are_known_in_the_others(tmp_path: Path) -> None:
    firms = table(tmp_path, "firms.csv", "id,name", "firm:new,新公司")
    operations = table(tmp_path, "operations.csv", "firm,segment", "新公司,电池片")
    for order in ([firms, operations], [operations, firms]):
        found = {i for f in read_sources(order, ON_RECORD) for i in f.relationships}
        assert found == {"firm:new|OPERATES_IN|seg:pv/cell|"}


def test_the_same_row_twice_is_one_fact(tmp_path: Path) -> None:
    facts = read(table(tmp_path, "firms.csv", "id,name,sources", "firm:x,x,doc:a", "firm:x,x,doc:b"))
    assert facts.nodes["firm:x"].sources == ["doc:a", "doc:b"]


# --- YAML and other files ----------------------------------------------------------------------------


CHAIN = "chain: {id: chain:x, name: 某链}\nsegments:\n  - {id: seg:x/1, name: 料, position: upstream, order: 1}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chain: {id: chain:x\nsegments: [\n", "x.yaml 第2行: YAML 有误："),
        (CHAIN + "segmnts: []\n", "x.yaml 第4行 segmnts: 没有这一项；可用："),
        (CHAIN.replace("order: 1", "ordre: 1, order: 1"), "x.yaml 第3行 segments[0].ordre: 没有这一项；可用："),
        (CHAIN + "chain: {id: chain:y, name: 另一链}\n", "x.yaml 第4行: YAML 有误：键 'chain' 重复"),
        (CHAIN.replace("upstream", "top"), "x.yaml 第3行 segments[0].position: 'top' 不在可选值内：upstream（上游）、"),
        (CHAIN.replace("position: upstream, ", ""), "x.yaml 第3行 segments[0].position: 必填，未填"),
        ("something: else\n", "x.yaml: 既不是产业链定义"),
        (
            "document: {id: doc:x, name: 某文件}\nclauses:\n  - id: clause:x/1\n    name: 一\n    measures:\n"
            "      - {id: measure:x/1, name: 补助, instrument: subsidy, rule: fixed_investment > 3}\n",
            "x.yaml 第6行 clauses[0].measures[0].rule: ",
        ),
        ("- 1\n", "x.yaml: 应为一组“键: 值”"),
        ("", "x.yaml: 既不是产业链定义"),
    ],
)
def test_a_fault_of_yaml_is_told_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    found = faults(path_of(tmp_path, "x.yaml", text))
    assert len(found) == 1, found
    assert found[0].startswith(expected)


def test_a_sound_chain_is_read(tmp_path: Path) -> None:
    facts = read(path_of(tmp_path, "x.yaml", CHAIN))
    assert (set(facts.nodes), set(facts.relationships)) == ({"chain:x", "seg:x/1"}, {"chain:x|HAS_SEGMENT|seg:x/1"})


def test_an_image_called_xlsx_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "企业.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert faults(path) == ["企业.xlsx: 不是 Excel 工作簿（.xlsx），或已损坏、有密码"]
    image = tmp_path / "firms.csv"
    image.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert len(faults(image)) == 1


def test_an_empty_table_says_nothing(tmp_path: Path) -> None:
    assert faults(table(tmp_path, "firms.csv", "")) == ["firms.csv: 没有内容"]
    assert len(read(table(tmp_path, "firms.csv", "id,name"))) == 0


def test_what_is_not_there_or_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "letter.odt").touch()
    assert faults(tmp_path / "nowhere.csv", tmp_path / "letter.odt") == [
        f"{tmp_path / 'nowhere.csv'}: 没有这个文件",
        "letter.odt: 不认识的文件类型；可用：.csv、.docx、.htm、.html、.pdf、.txt、.xlsx、.yaml、.yml",
    ]


# --- templates -------------------------------------------------------------------------------------------


def sample(t: Table) -> dict[str, str]:
    """A row that fills every column of a table."""
    row = {}
    for column in t.columns():
        labels: tuple[str, ...] = next((link.labels for link in t.links if link.column == column), ())
        labels = labels or t.references.get(column, ())
        labels = labels or next((e[2] for e in (t.start, t.end) if e is not None and e[0] == column), ())
        row[column] = f"{NODE_TYPES[labels[0]].prefix}:other" if labels else value(t, column)
    return row


def _metadata(field: Any) -> list[Any]:
    inner = [m for a in get_args(field.annotation) for m in get_args(a)[1:]]
    return [*field.metadata, *inner]


def value(t: Table, column: str) -> str:
    special = {
        "id": f"{t.model.prefix if t.node else ''}:x",
        "sources": "doc:x",
        "as_of": "2024-06",
        "code": "510100",  # type: ignore[attr-defined]
        "credit_code": "91510100MA00000000",
        "stock_code": "600438.SH",
        "period": "2024-06",
        "comparator": ">=",
        "instrument": "subsidy",
        "tier": "示范库",
        "lat": "30",
        "lon": "104",
        "year": "2025",
        "base_year": "2020",
        "rule": "fixed_investment >= 30 亿元",
        "rate_of": "fixed_investment",
        "recipient": "firm",
        "stacking": "exclusive",
    }
    if column in special:
        return special[column]
    models: list[Any] = [t.model, *(link.type for link in t.links if column in link.from_columns)]
    field = next(m.model_fields[column] for m in models if column in m.model_fields)
    enum, annotation = enum_of(field.annotation), str(field.annotation)
    if enum is not None:
        return next(iter(VALUE_NAMES[enum].values()))
    if "Literal" in annotation:
        return {
            "kind": "target" if t.name == "targets" else "material" if t.name == "products" else "policy",
            "level": "municipal",
        }[column]
    if any(getattr(m, "pattern", "") and "1[0-2]" in m.pattern for m in _metadata(field)):
        return "2024-06"
    if "bool" in annotation:
        return "是"
    return "1" if "float" in annotation or "int" in annotation else "某"


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_template_is_filled_and_read_back(tmp_path: Path, name: str, suffix: str) -> None:
    t = TABLES[name]
    path = tmp_path / f"{name}{suffix}"
    write_template(path)
    assert len(read(path)) == 0
    row = sample(t)
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        titles = [cell.value for cell in book[t.zh][1]]
        assert titles == [zh for zh, _ in t.columns().values()]
        book[t.zh].append(list(row.values()))
        book.save(path)
    else:
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(row.values())
    facts = read(path)
    if t.node is not None:
        (node,) = facts.nodes.values()
        assert node.id == row["id"]
        assert {link.type for link in t.links} == {type(r) for r in facts.relationships.values()}
    else:
        (relationship,) = facts.relationships.values()
        assert type(relationship) is t.relationship


def test_lists_of_words_beside_the_facts_are_no_facts(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "places.yaml").write_text("bodies: [局]\n", encoding="utf-8")
    (tmp_path / "words" / "divisions.csv").write_text("code,name,source\n", encoding="utf-8")
    (tmp_path / "firms.csv").write_text("id,name\nfirm:x,甲公司\n", encoding="utf-8")
    assert [path.name for path in files_in([tmp_path])] == ["firms.csv"]
