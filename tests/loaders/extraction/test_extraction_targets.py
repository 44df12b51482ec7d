"""Quantified goals: one example in own words for each way of stating one, of an invented city, with invented figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest

from loaders.documents import Mapped, SourceText
from loaders.extraction import extract, extract_file
from loaders.extraction.known_names import shipped_vocabulary
from loaders.extraction.numbers import quantities


def goals(body: str, title: str = "临江市推进产业发展实施方案") -> list[dict[str, Any]]:
    """The goals of a clause with that text, in a document about industry."""
    text = f"{title}\n\n一、重点任务\n\n{body}\n\n二、保障措施\n\n推进产业建设，支持企业发展。\n"
    return list(extract(SourceText(Mapped.of(text), "txt"), shipped_vocabulary()).as_json()["targets"])


def said(target: dict[str, Any]) -> str:
    """A goal in a line: subject|indicator comparator value–high unit, year, against which year."""
    value = f"{target['value']:g}" + (f"–{target['value_max']:g}" if "value_max" in target else "")
    name = f"{target['subject']}|{target['indicator']}" if target["subject"] else target["indicator"]
    year = f" {target['year']}" if target["year"] else ""
    base = f" 较{target['base_year']}" if target["base_year"] else ""
    return f"{name} {target['comparator']} {value}{target['unit'] or ''}{year}{base}"


LEVELS = {
    "达到": ("到2027年，全市氢能产业总产值达到500亿元。", ["氢能产业|总产值 >= 500亿元 2027"]),
    "突破, 超过": ("到2027年，软件业收入超过1.2万亿元。", ["软件业|收入 >= 12000亿元 2027"]),
    "降低至": ("到2027年，万元产值用水量降低至24立方米。", ["万元产值用水量 <= 24立方米 2027"]),
    "由…提高到": ("本地配套率由35%提高到60%。", ["本地配套率 >= 60%"]),
    "由…增加到": ("骨干企业数量由50家增加到100家。", ["骨干企业|数量 >= 100家"]),
    "由…缩短至": ("将重卡充电时间由50分钟缩短至18分钟。", ["重卡|充电时间 <= 18分钟"]),
    "提高…占比至": ("提高绿电占比至45%以上。", ["绿电占比 >= 45%"]),
    "控制在…以内": ("审批时限控制在3个工作日以内。", ["审批时限 <= 3个工作日"]),
    "不高于": ("废水排放量不高于20万吨。", ["废水|排放量 <= 20万吨"]),
    "不少于": ("发明专利拥有量不少于300件。", ["发明专利拥有量 >= 300件"]),
    "稳定在": ("森林覆盖率稳定在41.5%。", ["森林覆盖率 = 41.5%"]),
    "noun alone": ("到2027年，服务业增加值比重45%左右。", ["服务业|增加值比重 = 45% 2027"]),
    "noun and 以上": ("技术合同成交额30亿元以上。", ["技术合同|成交额 >= 30亿元"]),
    "增速": ("地区生产总值年均增速7.5%以上。", ["地区生产总值|年均增速 >= 7.5%"]),
    "占…的比重": ("电动船产量占全市船舶总产量的比重达到40%。", ["电动船|产量占全市船舶总产量的比重 >= 40%"]),
    "占…, joined": (
        "服务业增加值占工业比重达到50%以上、占GDP比重达到35%。",
        ["服务业|增加值占工业比重 >= 50%", "服务业|增加值占GDP比重 >= 35%"],
    ),
    "composite units": (
        "功率密度不低于4.5kW/L，制氢成本降至18元/公斤，细颗粒物平均浓度降至30微克/立方米。",
        ["功率密度 >= 4.5kW/L", "制氢|成本 <= 18元/公斤", "细颗粒物|平均浓度 <= 30微克/立方米"],
    ),
    "Latin letters in the name": ("PM2.5平均浓度下降到29微克/立方米。", ["PM2.5|平均浓度 <= 29微克/立方米"]),
    "ratio without a unit": ("新建算力中心PUE降至1.2以下。", ["新建算力中心PUE <= 1.2"]),
    "次": ("电芯循环寿命2600次以上。", ["电芯|循环寿命 >= 2600次"]),
    "percent in words": ("再生资源利用率达到百分之八十五。", ["再生资源|利用率 >= 85%"]),
    "what went up before the comma": ("瞪羚企业数量翻一番，达到300家。", ["瞪羚企业|数量 >= 300家"]),
    "parts": (
        "总产值达到300亿元，其中：装备制造100亿元、电子信息60亿元。",
        ["总产值 >= 300亿元", "装备制造|总产值 = 100亿元", "电子信息|总产值 = 60亿元"],
    ),
    "且": ("企业数量不少于50家且营业收入不低于90亿元。", ["企业|数量 >= 50家", "营业收入 >= 90亿元"]),
    "share of a whole": ("电动船销量达到全市船舶总销量的20%左右。", ["电动船|销量占全市船舶总销量比重 >= 20%"]),
    "more of the same": ("产值增长12%以上、达到330亿元。", ["产值 +% 12%", "产值 >= 330亿元"]),
    "both": ("污水处理率、垃圾回收率均达到95%。", ["污水处理率 >= 95%", "垃圾回收率 >= 95%"]),
}

CHANGES = {
    "较…提升": ("研发投入强度较2023年提升25%。", ["研发投入强度 +% 25% 较2023"]),
    "比…下降": ("单位产品能耗比2023年下降10%以上。", ["单位产品能耗 -% 10% 较2023"]),
    "与…相比，": ("与2023年相比，万元产值能耗下降9%。", ["万元产值能耗 -% 9% 较2023"]),
    "年均增长": ("完成技术改造投资年均增长12%以上。", ["技术改造|投资年均增长 +% 12%"]),
    "以…的速度": ("船舶业产值以年均20%的速度增长。", ["船舶业|产值年均增长 +% 20%"]),
    "points": ("本地化率提高10个百分点。", ["本地化率 +% 10个百分点"]),
}

COUNTS = {
    "noun before": ("培育专精特新企业200家、单项冠军企业10家以上。", ["专精特新企业 = 200家", "单项冠军企业 >= 10家"]),
    "noun behind": ("新建20家绿色工厂，5个数字化车间。", ["绿色工厂 = 20家", "数字化车间 = 5个"]),
    "in words": (
        "培育瞪羚企业二十家，建设三个绿色园区，引进两家总部企业。",
        ["瞪羚企业 = 20家", "绿色园区 = 3个", "总部企业 = 2家"],
    ),
    "range": ("每年新增3-5万个就业岗位。", ["就业岗位 = 3–5万个"]),
    "glued to letters": ("集聚AI200家以上。", ["集聚AI >= 200家"]),
    "thousands": ("推广电动船1,200艘。", ["电动船 = 1200艘"]),
    "size of the thing": (
        "招引亿元以上项目40个，培育6户营业收入超百亿元企业。",
        ["亿元以上项目 = 40个", "营业收入超百亿元企业 = 6户"],
    ),
    "behind 其中": (
        "签约项目30个，总投资90亿元以上，其中十亿级项目2个。",
        ["签约项目 = 30个", "总投资 >= 90亿元", "十亿级项目 = 2个"],
    ),
    "what else they do": ("推动500家企业上云上平台。", ["企业上云上平台 = 500家"]),
    "adjectives of one noun": (
        "形成1个万亿级、2个千亿级、4个百亿级产业集群。",
        ["万亿级产业集群 = 1个", "千亿级产业集群 = 2个", "百亿级产业集群 = 4个"],
    ),
    "with the noun of the one before": (
        "认定省级以上智能工厂30家，其中国家级5家。",
        ["省级以上智能工厂 = 30家", "国家级智能工厂 = 5家"],
    ),
    "三年内": ("力争三年内引进配套企业60家。", ["配套企业 = 60家"]),
    "what firms do": ("推动100家以上规模以上企业开展诊断。", ["规模以上企业 >= 100家"]),
    "description with a list": (
        "培育4家技术先进、成长迅速的船舶配套企业。",
        ["技术先进、成长迅速的船舶配套企业 = 4家"],
    ),
    "突破": ("在电池领域突破12项关键技术。", ["关键技术 = 12项"]),
    "场（次）, 家次": ("组织对接活动20场（次），服务企业1000家次。", ["对接活动 = 20场（次）", "服务企业 = 1000家次"]),
    "joined by a verb before the list": ("新建青石、白河2个通用机场。", ["通用机场 = 2个"]),
    "fund": ("设立60亿元船舶产业基金。", ["船舶产业基金|规模 = 60亿元"]),
}

LISTS = {
    "names and values": (
        "光伏、锂电、氢能产值分别达到10亿元、20亿元和30亿元。",
        ["光伏|产值 >= 10亿元", "锂电|产值 >= 20亿元", "氢能|产值 >= 30亿元"],
    ),
    "indicators and values": (
        "设计工具普及率、关键工序数控化率分别达到85%、68%。",
        ["设计工具|普及率 >= 85%", "关键工序|数控化率 >= 68%"],
    ),
    "years and values": (
        "2025年、2026年电池产值分别达到50亿元、70亿元。",
        ["电池|产值 >= 50亿元 2025", "电池|产值 >= 70亿元 2026"],
    ),
    "years, then what is made": (
        "2025年、2026年分别新增智能车间10个、15个。",
        ["智能车间 = 10个 2025", "智能车间 = 15个 2026"],
    ),
    "values only": (
        "研发投入占收入比重达到4%、5%和6%。",
        [f"研发投入占收入比重 {sign} {v}%" for sign, v in ((">=", 4), ("=", 5), ("=", 6))],
    ),
}

YEARS = {
    "其中": (
        "到2027年，产业规模达到90亿元，其中2025年达到50亿元、2026年达到70亿元，电耗降至1.1kWh/kg。",
        ["产业|规模 >= 90亿元 2027", "产业|规模 >= 50亿元 2025", "产业|规模 >= 70亿元 2026", "电耗 <= 1.1kWh/kg 2027"],
    ),
    "the next year of the same": (
        "到2025年，电池产值达到100亿元；到2030年，达到300亿元。",
        ["电池|产值 >= 100亿元 2025", "电池|产值 >= 300亿元 2030"],
    ),
    "year behind the name": (
        "无人船覆盖率2025年达到70%，2027年达到100%。",
        ["无人船|覆盖率 >= 70% 2025", "无人船|覆盖率 >= 100% 2027"],
    ),
    "what is made stands before": (
        "建设加氢站，2024年建成15座、2025年建成20座。",
        ["加氢站 = 15座 2024", "加氢站 = 20座 2025"],
    ),
    "a year holds on": ("到2027年，再上台阶。电池产值达到80亿元。", ["电池|产值 >= 80亿元 2027"]),
    "end of a five-year plan": ("到“十四五”末，工业增加值突破150亿元。", ["工业|增加值 >= 150亿元 2025"]),
    "a month": ("2026年6月底前建成充电桩700个。", ["充电桩 = 700个 2026"]),
    "起 is no goal": ("2024年起三年内培育骨干企业9家。", ["骨干企业 = 9家"]),
}

WORDS = {
    "覆盖所有": ("推动5G网络规模化部署，争取至2027年覆盖所有示范区城市。", ["示范区城市|5G网络覆盖率 = 100% 2027"]),
    "全覆盖": ("到2027年，充电站实现乡镇全覆盖。", ["充电站|乡镇全覆盖 = 100% 2027"]),
    "全部实施": ("具备条件的园区2027年底前全部实施循环化改造。", ["具备条件的园区|循环化改造实施率 = 100% 2027"]),
}

NONE = {
    "numbers of things": "建设35千伏线路，出台20条措施，2024年5月1日起施行，梳理5+2清单，发展5G和4K/8K产业。",
    "condition of a payment": "对投资达到30亿元以上的项目，给予补助。推动服务企业达到200家以上的平台，给予最高50万元补助。",
    "condition of an application": "申报企业应具备以下条件：年营业收入不低于2亿元，研发投入占比达到3%以上。",
    "condition of a right": "行驶里程超过2万公里的，方可申请运营奖励。",
    "rule of money": "允许分3年缴纳，首付比例不低于50%，政府出资比例不超过20%。",
    "rule of taxes": "研发费用加计扣除比例提高至75%，外资股比不超过51%，LPR加点不超过50个基点。",
    "area of a district": "启动区面积为120平方公里，规划控制面积2000平方公里。",
    "rule of a body": "评审组不得少于3人，任期3年。",
    "size of a project": "推进总投资120亿元的电池产业园项目，该园规划面积35平方公里，设计压力4.0MPa。",
    "deadline": "重大事项3个工作日内报告，每季度召开1次调度会，实行7×24小时服务。",
    "telephone": "联系电话0571-88889999，开通12345热线。",
    "whom it lets try": "在3个县（市）开展试点，依托全省12个开发区布局。",
    "the sum of a list": "打造稀土、石墨两条产业链，突出平台、企业、项目三个关键，发展短道、花样、冬季两项。",
    "一批 and 一个": "建设一批平台，打造一个基地，培育数十家企业。",
}

EXISTING = {
    "截至": (
        "截至2023年底，全市已建成充电桩1.2万个，累计推广电动船50艘。",
        ["充电桩 = 1.2万个 2023", "电动船 = 50艘 2023"],
    ),
    "目前": ("目前，全市共有国家级企业35家。", ["国家级企业 = 35家"]),
    "近年来": ("近年来，产业不断壮大，2023年实现产值500亿元。", ["产值 = 500亿元 2023"]),
    "连续": ("我市船舶产量连续8年居全国第一，订单量超过300艘。", ["订单量 >= 300艘"]),
    "同比": ("船舶产值80亿元，同比增长32.1%。", ["船舶|产值 = 80亿元", "船舶|产值 +% 32.1%"]),
    "了": ("先后建设了12个船舶产业园。", ["船舶产业园|已建设数量 = 12个"]),
}


def _cases(*tables: dict[str, tuple[str, list[str]]]) -> list[Any]:
    return [pytest.param(text, wanted, id=name) for table in tables for name, (text, wanted) in table.items()]


@pytest.mark.parametrize(("text", "wanted"), _cases(LEVELS, CHANGES, COUNTS, LISTS, YEARS, WORDS))
def test_goals(text: str, wanted: list[str]) -> None:
    found = goals(f"1. 明确目标。{text}")
    assert [said(t) for t in found] == wanted
    assert {t["kind"] for t in found} == {"target"}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in NONE.items()])
def test_no_goals(text: str) -> None:
    assert [said(t) for t in goals(f"1. 明确要求。{text}")] == []


@pytest.mark.parametrize(("text", "wanted"), _cases(EXISTING))
def test_what_is_there_already_is_no_goal(text: str, wanted: list[str]) -> None:
    found = goals(f"1. 夯实基础。{text}")
    assert [(said(t), t["kind"]) for t in found] == [(w, "existing") for w in wanted]


def test_what_is_said_of_years_before_the_issue_is_no_goal() -> None:
    title = "临江市人民政府关于印发临江市船舶产业发展方案的通知\n\n临政发〔2025〕3号\n\n2025年3月6日"
    found = goals("1. 做强产业。2024年实现产值50亿元。到2026年，产值达到80亿元。", title)
    assert [(said(t), t["kind"]) for t in found] == [
        ("产值 = 50亿元 2024", "existing"),
        ("产值 >= 80亿元 2026", "target"),
    ]


def test_a_clause_on_what_there_is_states_no_goals() -> None:
    body = "（一）发展现状。产业规模达到60亿元。\n\n（二）发展目标。产业规模达到90亿元。"
    assert [(t["value"], t["kind"]) for t in goals(body)] == [(60, "existing"), (90, "target")]


def test_the_year_may_stand_in_the_title_only() -> None:
    (target,) = goals("1. 抓项目。新开工项目60个。", title="临江市2025年产业发展工作要点")
    assert target["year"] == 2025


def test_a_paragraph_that_sets_out_goals_gives_those_below_it_its_year() -> None:
    body = "到2028年，实现以下目标：\n\n——规模壮大。电池产值达到80亿元。\n\n——创新增强。建成实验室6家。"
    assert [said(t) for t in goals(body)] == ["电池|产值 >= 80亿元 2028", "实验室 = 6家 2028"]


def test_a_goal_has_the_words_that_state_it() -> None:
    (first, second) = goals("1. 明确目标。到2027年，培育5家以上有影响力的船舶企业、产值达到80亿元。")
    assert first["evidence"] == "培育5家以上有影响力的船舶企业"
    assert second["evidence"] == "产值达到80亿元"


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (
            [
                ["序号", "指标名称", "单位", "2025年现状", "2027年", "2030年"],
                ["1", "船舶业总产值", "亿元", "60", "100", "≥200"],
                ["2", "骨干企业数量", "家", "", "—", "80以上"],
                ["3", "单位产值能耗下降", "%", "—", "8", "〔15〕"],
            ],
            [
                "船舶业|总产值 = 60亿元 2025 existing",
                "船舶业|总产值 = 100亿元 2027",
                "船舶业|总产值 >= 200亿元 2030",
                "骨干企业|数量 >= 80家 2030",
                "单位产值能耗 -% 8% 2027",
                "单位产值能耗 -% 15% 2030",
            ],
        ),
        (
            [
                ["指标", "2025年", "2030年", "年均增速", "属性"],
                ["地区生产总值（亿元）", "1500", "2200", "8%", "预期性"],
                ["森林覆盖率（%）", "41", "42", "", "约束性"],
            ],
            [
                "地区生产总值 = 1500亿元 2025 existing",
                "地区生产总值 = 2200亿元 2030",
                "地区生产总值年均增长 +% 8% 2030",
                "森林覆盖率 = 41% 2025 existing",
                "森林覆盖率 = 42% 2030",
            ],
        ),
        ([["指标", "目标值"], ["国家级平台（个）", "6"]], ["国家级平台 = 6个"]),
        ([["姓名", "2025年"], ["张三", "60"]], []),
    ],
)
def test_each_cell_of_a_table_of_goals_is_a_goal(rows: list[list[str]], wanted: list[str], tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("临江市船舶产业发展规划")
    document.add_paragraph("一、发展目标")
    document.add_paragraph("推进产业建设，支持企业发展，主要指标见专栏。")
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(tmp_path / "plan.docx"))
    found = extract_file(tmp_path / "plan.docx", shipped_vocabulary()).as_json()["targets"]
    assert [said(t) + ("" if t["kind"] == "target" else " existing") for t in found] == wanted


def test_a_change_that_is_at_least_so_large_says_so() -> None:
    found = goals("1. 明确目标。能耗较2023年下降10%以上，水耗较2023年下降5%，电耗较2023年下降不少于3%。")
    assert [t.get("at_least", False) for t in found] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2-4万个，1,200家，35%—50%，3至5家，20万—30万元",
            [(2, 4, "万个"), (1200, None, "家"), (35, 50, "%"), (3, 5, "家"), (20, 30, "万元")],
        ),
        (
            "1万亿元，1.5万亿元，3千万元，百亿元，百分之三点五",
            [(10000, None, "亿元"), (15000, None, "亿元"), (3000, None, "万元"), (100, None, "亿元"), (3.5, None, "%")],
        ),
        (
            "5千瓦，500千瓦，5千公里，3百家，AI200家，三百家",
            [
                (5, None, "千瓦"),
                (500, None, "千瓦"),
                (5000, None, "公里"),
                (300, None, "家"),
                (200, None, "家"),
                (300, None, "家"),
            ],
        ),
        (
            "0.35元/千瓦时，350Wh/kg，2.7kWh，10t/d，100m³，20kgce/t",
            [
                (0.35, None, "元/千瓦时"),
                (350, None, "Wh/kg"),
                (2.7, None, "kWh"),
                (10, None, "t/d"),
                (100, None, "m³"),
                (20, None, "kgce/t"),
            ],
        ),
        ("2024年5月1日，第三方，四港六中心，5+2，10千伏，7×24小时，百千万工程，500亿级集群，三分之二", []),
    ],
)
def test_quantities(text: str, wanted: list[tuple[float, float | None, str]]) -> None:
    assert [(q.value, q.high, q.unit) for q in quantities(text)] == wanted
