"""The maps-and-lists package: complete, the same bytes every time, honest about what is not there, safe in Excel."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from graph.database.store import Store
from graph.database.writing import load
from graph.errors import LiantuError
from graph.schema import Chain, Firm, HasSegment, OperatesIn, Region, Segment
from reports.chain_list_tables import candidate_text
from reports.formats.sheets import sheet_names
from reports.maps_and_lists_files import Form, folder_name, package_files, write_folder, zip_bytes
from services.maps_and_lists import Package, gather_package
from tests.conftest import Database, Ended, facts_of

_PACKAGES: dict[str, Package] = {}
LISTS = [
    "说明",
    "重点事项",
    "重点园区",
    "重点企业",
    "重点项目",
    "重点创新平台",
    "重点短板需求",
    "短板-技术",
    "短板-人才",
    "短板-金融",
    "短板-政策",
]


@pytest.fixture
def package(shipped_embedded: Store) -> Package:
    """成都市 锂电, gathered once."""
    return _PACKAGES.setdefault("lithium", gather_package(shipped_embedded, "成都市", "锂电"))


def book_of(files: dict[str, bytes]) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(files["清单.xlsx"]))


def rows_of(files: dict[str, bytes], sheet: str) -> list[dict[str, object]]:
    """The table of a sheet, by heading."""
    table = book_of(files)[sheet]
    assert table.auto_filter.ref
    first = int("".join(c for c in table.auto_filter.ref.split(":")[0] if c.isdigit()))
    rows = list(table.iter_rows(min_row=first, values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:] if any(v is not None for v in row)]


def test_six_maps_and_six_lists(package: Package) -> None:
    files = package_files(package, Form.SIX)
    assert book_of(files).sheetnames == LISTS
    maps = {name.split("/")[1].split("-")[1].split(".")[0] for name in files if name.startswith("图/")}
    assert maps == {"树状图", "现状全景图", "未来趋势图", "招商路线图"}
    for name, content in files.items():
        stem, _, ending = name.rpartition(".")
        if ending == "png":
            assert content.startswith(b"\x89PNG")
            assert files[f"{stem}.svg"].startswith(b"<svg") or b"<svg" in files[f"{stem}.svg"][:200]
            assert json.loads(files[f"{stem}.json"])
    contents = {row["名称"]: row for row in rows_of(files, "说明")}
    assert contents["技术创新图"]["提供"] == "未提供"
    assert "只有一个目标年（2025 年）" in str(contents["发展路径图"]["说明"])
    assert "技术路线" in str(contents["技术创新图"]["说明"])
    assert all(row["说明"] for row in contents.values() if row["提供"] == "未提供")
    readme = files["说明.md"].decode()
    assert "技术创新图：" in readme
    assert package.gaps.as_of in readme


def test_five_maps_and_five_lists(package: Package) -> None:
    files = package_files(package, Form.FIVE)
    assert book_of(files).sheetnames == ["说明", "企业清单", "项目清单", "集群清单", "问题清单", "政策清单"]
    maps = {name.split("/")[1].split("-")[1].split(".")[0] for name in files if name.startswith("图/")}
    assert maps == {"产业链图", "应用领域图", "区域分布图", "招商路线图"}
    counted = {o.firm for o in package.lists.operations.values() if package.counts(o)}
    assert sum(row["企业数（计入）"] for row in rows_of(files, "集群清单")) >= len(counted)  # type: ignore[misc]


def test_what_is_counted_is_what_the_gap_report_counts(package: Package) -> None:
    files = package_files(package, Form.SIX)
    live = {s.name: s.live for s in package.gaps.segments}
    drawn = json.loads(files["图/1-树状图.json"])["links"]
    for link in drawn:
        assert len({f["name"] for f in link["firms"] if not f["not_counted"]}) == live[link["name"]], link["name"]
    apart = [f for link in drawn for f in link["firms"] if f["not_counted"]]
    assert {"格力钛"} <= {f["name"] for f in apart if "可信度低" in f["not_counted"]}
    listed = {row["企业"]: row for row in rows_of(files, "重点企业")}
    assert "可信度低" in str(listed["格力钛"]["登记而不计入的环节（原因）"])
    held = dict.fromkeys(live, 0)
    for row in listed.values():
        for name in filter(None, str(row["环节（计入）"] or "").split("、")):
            held[name] += 1
    assert held == live


def test_a_firm_elsewhere_has_all_its_places_nearest_first(package: Package) -> None:
    several = [c for way in package.remedies.values() for c in way.candidates.firms if len(c.sites) > 1]
    assert several
    for candidate in several:
        found = package.sites_of(candidate)
        assert len(found) == len(candidate.sites)
        known = [km for _, km in found if km is not None]
        assert known == sorted(known)
        said = candidate_text(candidate, package)
        assert all(site.name in said for site in candidate.sites if site.place != "region:100000")


def test_the_score_is_rounded_and_the_leads_their_clause(package: Package) -> None:
    rows = rows_of(package_files(package, Form.SIX), "重点短板需求")
    assert all(row["得分"] == round(float(str(row["得分"])), 2) for row in rows)
    assert any("三（一）2：市经信局、市生态环境局" in str(row["牵头部门（按条款）"]) for row in rows)


def test_every_row_of_a_list_is_on_record(package: Package) -> None:
    files = package_files(package, Form.SIX)
    firms = {row["企业"]: row for row in rows_of(files, "重点企业")}
    assert set(firms) == {f.name for f in package.lists.firms.values()}
    assert all(row["来源"] and row["截至"] for row in firms.values())
    projects = rows_of(files, "重点项目")
    assert len(projects) == sum(o.stage != "operating" for o in package.lists.operations.values())
    assert {row["阶段"] for row in projects} <= {"在建", "规划"}
    gaps = rows_of(files, "重点短板需求")
    assert [row["环节"] for row in gaps] == [g.name for g in package.gaps.gaps]
    assert all(isinstance(row["得分"], int | float) and isinstance(row["本地企业数"], int) for row in gaps)
    tasks = rows_of(files, "重点事项")
    assert {"积极发展锂电产业"} <= {row["事项"] for row in tasks}
    assert all(row["条款"] and row["文件"] for row in tasks)
    kinds = {name: len(rows_of(files, name)) for name in ("短板-人才", "短板-金融", "短板-政策")}
    assert sum(kinds.values()) == len(package.lists.measures)
    assert kinds["短板-人才"] == sum(m.instrument == "talent" for m in package.lists.measures.values())
    caps = [row["单项上限（万元）"] for row in rows_of(files, "短板-政策")]
    assert any(isinstance(cap, int | float) for cap in caps)
    assert None in caps  # what the document does not say is no zero


def test_the_same_data_are_the_same_bytes(package: Package, shipped_embedded: Store) -> None:
    again = gather_package(shipped_embedded, "成都市", "锂电")
    one, other = package_files(package, Form.FIVE), package_files(again, Form.FIVE)
    assert one == other
    assert zip_bytes(one, "名") == zip_bytes(other, "名")
    with zipfile.ZipFile(io.BytesIO(zip_bytes(one, "名"))) as archive:
        assert archive.testzip() is None
        assert {f"名/{name}" for name in one} == set(archive.namelist())
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(("region", "chain"), [("成都市", "光伏"), ("简阳市", "氢能"), ("宜宾市", "锂电")])
def test_other_places_have_packages_too(shipped_embedded: Store, region: str, chain: str) -> None:
    for form in Form:
        files = package_files(gather_package(shipped_embedded, region, chain), form)
        assert len(book_of(files).sheetnames) == (11 if form is Form.SIX else 6)


@pytest.fixture
def nasty(embedded_store: Store) -> Package:
    """Names that would be formulas or paths."""
    load(
        embedded_store,
        [
            facts_of(
                "nasty",
                Region(id="region:510100", name="成/都:市", level="city"),
                Chain(id="chain:a", name="..\\链*?"),
                Segment(id="seg:a", name="=1+1", position="upstream", order=1),
                HasSegment(start="chain:a", end="seg:a"),
                Firm(id="firm:a", name="=HYPERLINK(1)", honours=["@x"]),
                OperatesIn(start="firm:a", end="seg:a", place="region:510100", stage="planned", note="+1+1"),
            )
        ],
    )
    return gather_package(embedded_store, "region:510100", "chain:a")


def test_names_from_the_data_are_no_formulas_and_no_paths(nasty: Package, tmp_path: Path) -> None:
    for form in Form:
        files = package_files(nasty, form)
        cells = [c for sheet in book_of(files) for row in sheet.iter_rows() for c in row if c.value is not None]
        assert not [c.value for c in cells if c.data_type == "f"]
        assert not [c.value for c in cells if isinstance(c.value, str) and c.value.startswith(("=", "@", "+"))]
        assert "'=HYPERLINK(1)" in {c.value for c in cells}
        folder = tmp_path / folder_name(nasty, form)
        write_folder(files, folder)
        assert folder.parent == tmp_path
        written = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
        assert written == set(files)
        with pytest.raises(LiantuError, match="已存在"):
            write_folder(files, folder)


def test_what_is_not_on_record_is_not_drawn_but_said(nasty: Package) -> None:
    files = package_files(nasty, Form.SIX)
    absent = {row["名称"] for row in rows_of(files, "说明") if row["提供"] == "未提供"}
    assert {"发展路径图", "技术创新图"} <= absent
    assert {row["名称"] for row in rows_of(files, "说明") if row["提供"] == "无记录"} >= {
        "重点事项",
        "重点园区",
        "短板-人才",
    }


def test_sheets_get_names_that_excel_allows() -> None:
    names = sheet_names(["a/b", "A_B", "", "长" * 40, "长" * 40, "[x]"])
    assert len({n.casefold() for n in names}) == 6
    assert all(0 < len(n) <= 31 and not set(n) & set("[]:*?/\\'") for n in names)


def test_the_command(configured: Database, liantu: Callable[..., Ended], tmp_path: Path) -> None:
    configured.shipped()
    command = ("report", "maps-and-lists", "-r", "成都市", "-c", "氢能", "--form", "five", "-o", tmp_path / "new")
    ended = liantu(*command)
    assert (ended.code, ended.err.count("已写出")) == (0, 2)
    folder = tmp_path / "new" / "成都市-氢能-五图五清单"
    assert (folder / "清单.xlsx").exists()
    assert zipfile.is_zipfile(folder.with_name("成都市-氢能-五图五清单.zip"))
    assert liantu(*command).code == 1
    assert liantu("report", "maps-and-lists", "-c", "没有的链").code == 1
