"""The language of plans and notices: one example in own words for each way of saying a thing."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loaders.documents import Mapped, SourceText
from loaders.extraction import extract
from loaders.extraction.known_names import shipped_vocabulary
from loaders.text import normalise
from loaders.text.outline import outline
from tests.policy_text import PLAN


def read(body: str, title: str = "临江市推进产业发展实施方案") -> dict[str, Any]:
    """The facts of a clause with that text, in a document about industry."""
    text = f"{title}\n\n一、重点任务\n\n{body}\n\n二、保障措施\n\n推进产业建设，支持企业发展。\n"
    return extract(SourceText(Mapped.of(text), "txt"), shipped_vocabulary()).as_json()


@pytest.mark.parametrize(
    ("text", "lead", "support"),
    [
        ("（责任单位：市甲局、市乙局，市丙局）", ["市甲局", "市乙局"], ["市丙局"]),
        ("（责任单位：市甲局、市乙局）", ["市甲局", "市乙局"], []),
        (
            "〔责任单位：市甲局、市乙局，各区、县（市）政府；第一个逗号前为牵头单位，下同〕",
            ["市甲局", "市乙局"],
            ["各区、县（市）政府"],
        ),
        ("（责任单位：市甲局、市乙局、市丙局。列第一位的为牵头单位，下同）", ["市甲局"], ["市乙局", "市丙局"]),
        (
            "（牵头单位：市甲局，责任单位：市乙局、相关区（市）县政府（管委会））",
            ["市甲局"],
            ["市乙局", "相关区（市）县政府（管委会）"],
        ),
        ("（牵头单位：市甲局；配合单位：市乙局等部门）", ["市甲局"], ["市乙局"]),
        ("（牵头部门：市甲局；参与部门：市乙局；落实：各开发区管委会）", ["市甲局"], ["市乙局", "各开发区管委会"]),
        ("（市甲局牵头，市乙局、市丙局配合）", ["市甲局"], ["市乙局", "市丙局"]),
        ("（市甲局、市乙局按职责分工负责）", ["市甲局", "市乙局"], []),
        (
            "（市甲局、市乙局及各区（自治县）人民政府按职责分工负责）",
            ["市甲局", "市乙局", "各区（自治县）人民政府"],
            [],
        ),
        ("（甲部牵头，国家乙委、丙部等参加）", ["甲部"], ["国家乙委", "丙部"]),
        ("（甲部、乙局按职责分工负责，持续推进）", ["甲部", "乙局"], []),
        ("（省甲厅、省乙厅按职责分工负责，各市人民政府结合实际抓好落实）", ["省甲厅", "省乙厅"], ["各市人民政府"]),
        ("（市甲局、市乙局，各区政府，排名第一的为牵头单位，下同）", ["市甲局"], ["市乙局", "各区政府"]),
        (
            "（省甲厅、省乙局，各市人民政府。以下均需各市人民政府落实，不再列出）",
            ["省甲厅", "省乙局"],
            ["各市人民政府"],
        ),
        ("（市级责任单位：市甲局；属地责任单位：各区政府）", ["市甲局", "各区政府"], []),
        ("（市甲局；配合单位：市乙局）", ["市甲局"], ["市乙局"]),
        ("（市甲局；市乙局、市丙局）", ["市甲局"], ["市乙局", "市丙局"]),
        ("（责任单位：市甲局 各街道办事处）", ["市甲局", "各街道办事处"], []),
        ("（责任单位：市甲局、市乙局等市直有关部门）", ["市甲局", "市乙局"], []),
        ("\n牵头单位：市甲局\n配合单位：市乙局，各镇街\n完成时限：2027年12月", ["市甲局"], ["市乙局", "各镇街"]),
        ("（市甲局会同市乙局负责）", ["市甲局"], ["市乙局"]),
        ("（责任单位：各重点产业链牵头市级部门，市甲局）", ["各重点产业链牵头市级部门"], ["市甲局"]),
        ("\n责任单位：市甲局，市乙局", ["市甲局"], ["市乙局"]),
        ("\n牵头单位：市甲局\n责任单位：市乙局、市丙局", ["市甲局"], ["市乙局", "市丙局"]),
        (
            "[责任單位:市甲局、\n— 3 —\n临江市公报\n\n市乙\n— 4 —\n临江市公报\n局,市丙局】",
            ["市甲局", "市乙局"],
            ["市丙局"],
        ),
    ],
)
def test_who_answers(text: str, lead: list[str], support: list[str]) -> None:
    found = read(f"1. 做强产业链条。推进项目建设，支持企业发展。{text}")["responsibilities"]
    assert [(r["lead"], r["support"]) for r in found] == [(lead, support)]


@pytest.mark.parametrize(
    "text", ["支持企业上市（科创板、北交所）。", "依托两区（东河高新区、西岭新区）。", "加强监管（市甲局监管的除外）。"]
)
def test_a_bracket_that_names_no_department(text: str) -> None:
    assert not read(f"1. 做强产业链条。推进项目建设。{text}")["responsibilities"]


def test_several_in_one_clause() -> None:
    found = read("1. 做强产业。推进项目建设（市甲局负责）；支持企业发展（2024年起）（市乙局、市丙局负责）。")[
        "responsibilities"
    ]
    assert [r["lead"] for r in found] == [["市甲局"], ["市乙局", "市丙局"]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("对揭榜项目给予最高1000万元的资金支持。", [(None, None, 1000)]),
        ("按设备投资额的8%给予最高2000万元补助。", [(8, 8, 2000)]),
        ("按照投资补贴总额的35%—50%比例给予支持。", [(35, 50, None)]),
        ("对国家级、省级平台，分别给予200万元、80万元奖励。", [(None, None, 200), (None, None, 80)]),
        (
            "对甲、乙、丙三方分别按成交额的3%、4%、3%，一次性给予最高不超过50万、100万、50万元资助。",
            [(3, 3, 50), (4, 4, 100), (3, 3, 50)],
        ),
        ("设立规模50亿元的产业发展基金。", [(None, None, 500000)]),
        ("市级财政连续3年累计给予最高1亿元支持。", [(None, None, 10000)]),
        ("对联盟每年给予不高于100万元的运营补贴。", [(None, None, 100)]),
        ("到2027年，产业产值达到500亿元，增长20%以上。", []),
    ],
)
def test_support(text: str, wanted: list[tuple[float | None, float | None, float | None]]) -> None:
    found = read(f"1. 加大支持。{text}")["measures"]
    assert [(m["rate_min"], m["rate_max"], m["amount_max"]) for m in found] == wanted


def test_a_yearly_limit_belongs_to_the_measures_before_it() -> None:
    found = read("1. 加大支持。对甲方、乙方分别给予100万元、50万元奖励，每个单位单一年度不超过300万元。")["measures"]
    assert [(m["amount_max"], m["per_unit_annual_cap"]) for m in found] == [(100, 300), (50, 300)]


@pytest.mark.parametrize(
    ("text", "kind", "names"),
    [
        ("以江海新能等链主企业为牵引，扩大规模。", "firms", ["江海新能"]),
        ("支持江海新能、赛微电子、格云钛等企业扩产。", "firms", ["江海新能", "赛微电子", "格云钛"]),
        ("推进临江华海装备有限公司与东河远洋集团合作。", "firms", ["临江华海装备有限公司", "东河远洋集团"]),
        ("支持汽车、电子信息等龙头企业，鼓励上下游、中小微等企业协同。", "firms", []),
        (
            "依托成都经开区、西岭新材料产业园、中韩（长春）国际合作示范区等承载地。",
            "parks",
            ["成都经开区", "西岭新材料产业园", "中韩（长春）国际合作示范区"],
        ),
        ("支持抚顺、韶关等高新区按规定创建国家级开发区。", "parks", ["抚顺高新区", "韶关高新区"]),
        ("加强各类产业园区和示范园区建设，完善开发区功能。", "parks", []),
        (
            "建设临江实验室、智能化国际数据中心和区块链产业创新中心等功能平台。",
            "platforms",
            ["临江实验室", "智能化国际数据中心", "区块链产业创新中心"],
        ),
        ("打造一批中试平台和工程研究中心，搭建公共服务平台。", "platforms", []),
    ],
)
def test_names(text: str, kind: str, names: list[str]) -> None:
    assert [n["name"] for n in read(f"1. 优化布局。{text}")[kind]] == names


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "支持徐州、洛阳等城市夯实基础，加快建设区域中心城市和综合交通枢纽。",
            {("徐州", "区域中心城市"), ("洛阳", "区域中心城市"), ("徐州", "综合交通枢纽"), ("洛阳", "综合交通枢纽")},
        ),
        (
            "加快唐山、宜宾等国家产教融合试点城市建设。",
            {("唐山", "国家产教融合试点城市"), ("宜宾", "国家产教融合试点城市")},
        ),
        (
            "支持郑州建设国家制造业基地，鼓励合肥、芜湖等市发展新型显示产业。",
            {("郑州", "国家制造业基地"), ("合肥", "发展新型显示产业"), ("芜湖", "发展新型显示产业")},
        ),
        ("支持攀枝花、西昌建设钒钛产业基地。", {("攀枝花", "钒钛产业基地"), ("西昌", "钒钛产业基地")}),
        ("支持示范区城市完善基础设施。", set()),
    ],
)
def test_which_city_is_named_for_what(text: str, wanted: set[tuple[str, str]]) -> None:
    found = read(f"1. 优化布局。{text}")["city_roles"]
    assert {(r["city_or_place"], r["role"]) for r in found} == wanted


def test_each_city_with_an_industry_of_its_own() -> None:
    found = read("1. 优化布局。支持沈阳机器人、洛阳农机装备等国家制造业创新中心建设。")["city_roles"]
    assert [(r["city_or_place"], r["industry"], r["role"]) for r in found] == [
        ("沈阳", "机器人", "国家制造业创新中心"),
        ("洛阳", "农机装备", "国家制造业创新中心"),
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "做强正负极材料环节，招引电解液、铝箔等关键环节头部企业。",
            [("正负极材料", "strengthen"), ("电解液", "attract"), ("铝箔", "attract")],
        ),
        ("补齐隔膜短板。", [("隔膜", "fill")]),
        ("推广换电模式和动力电池回收利用。", [("换电模式", "extend"), ("动力电池回收利用", "extend")]),
    ],
)
def test_stances(text: str, wanted: list[tuple[str, str]]) -> None:
    found = read(f"1. 积极发展锂电产业。{text}")["chain_gaps"]
    assert [(g["product_or_segment"], g["stance"]) for g in found] == wanted


def test_numbers_of_every_kind() -> None:
    text = (
        "关于推进产业发展的若干措施\n\n第一章 总则\n\n第一条 为推进产业建设，制定本措施。\n\n第二章 支持企业\n\n"
        "第二条（奖励）对企业给予100万元奖励。\n（一）条件甲。\n（二）条件乙。\n"
    )
    data = extract(SourceText(Mapped.of(text), "txt"), shipped_vocabulary()).as_json()
    assert [(c["clause"][1:], c["heading"]) for c in data["clauses"]] == [
        (["第一章", None, None], "总则"),
        (["第一章", None, "第一条"], None),
        (["第二章", None, None], "支持企业"),
        (["第二章", None, "第二条"], "奖励"),
    ]
    text = "一、任务\n1﹒甲产业。发展产业。２．乙产业。推进建设。\n（二）丙。支持企业。"
    assert [c.path[1:] for c in outline(normalise(SourceText(Mapped.of(text), "txt")).text.text).clauses][:3] == [
        ("一", None, None),
        ("一", None, "1"),
        ("一", None, "2"),
    ]


def test_an_article_may_begin_with_a_lead_sentence() -> None:
    text = (
        "关于推进产业发展的若干措施\n\n第一条 为推进产业建设，制定本措施。支持企业发展。\n第二条 支持企业扩产。对企业给予奖励。\n"
        "第三条 对企业给予最高100万元奖励。资金由市财政承担。\n第四条 申报企业应当守法经营。推进项目建设。\n"
    )
    data = extract(SourceText(Mapped.of(text), "txt"), shipped_vocabulary()).as_json()
    assert [c["heading"] for c in data["clauses"]] == [None, "支持企业扩产", None, None]


def test_items_may_be_numbered_on_through_the_sections() -> None:
    items = "".join(
        f"{n}．推进任务{n}。支持企业发展。\n" + ("（二）再推进项目建设\n" if n == 24 else "") for n in range(1, 27)
    )
    data = extract(
        SourceText(Mapped.of(f"临江市推进产业发展实施方案\n一、任务\n（一）推进\n{items}"), "txt"), shipped_vocabulary()
    ).as_json()
    assert [c["clause"][2:] for c in data["clauses"]][-2:] == [["（二）", "25"], ["（二）", "26"]]


def test_a_list_of_attachments_is_no_clause() -> None:
    text = (
        "临江市推进产业发展实施方案\n一、推进项目建设\n支持企业发展。\n二、落实产业政策\n推进产业发展。\n"
        "附件：1.重点任务分工表\n2.重点项目清单\n3.企业名单\n"
    )
    data = extract(SourceText(Mapped.of(text), "txt"), shipped_vocabulary()).as_json()
    assert [c["clause"][1:] for c in data["clauses"]] == [["一", None, None], ["二", None, None]]


def test_unnumbered_clauses_with_a_lead_sentence() -> None:
    found = read(
        "壮大东部片区。推进产业建设，支持企业发展。（责任单位：市甲局）\n\n拓展西部片区。推进项目。（责任单位：市乙局）"
    )
    assert [c["heading"] for c in found["clauses"]] == ["重点任务", "壮大东部片区", "拓展西部片区", "保障措施"]


@pytest.mark.parametrize(
    ("head", "issuers"),
    [
        ("国家发展改革委 工业和信息化部 财政部关于推进产业发展的意见", ["国家发展改革委", "工业和信息化部", "财政部"]),
        ("临江市发展和改革委员会临江市财政局关于推进产业发展的意见", ["临江市发展和改革委员会", "临江市财政局"]),
    ],
)
def test_issuers_run_together(head: str, issuers: list[str]) -> None:
    assert read("推进产业。", title=head)["document"]["issuers"] == issuers


def test_the_table_that_a_page_puts_above_a_document() -> None:
    text = (
        "索 引 号: | 0001/2024-91 | 信息分类: | |\n发文机关: | 临江市工业和信息化局 | 成文日期: | 2024-07-26 | |\n文 号: | 临工信函〔2024〕33号 | 是否有效: | |\n"
        "关于推进产业发展的指导意见\n各区人民政府，各有关企业：\n一、推进项目建设。支持企业发展，落实产业政策。\n二、保障措施。本意见自印发之日起施行，暂定三年有效期。\n"
    )
    about = extract(SourceText(Mapped.of(text), "txt"), shipped_vocabulary()).as_json()["document"]
    assert (about["number"], about["issued"], about["issuers"]) == (
        "临工信函〔2024〕33号",
        "2024-07-26",
        ["临江市工业和信息化局"],
    )
    assert (about["recipients"], about["valid_years"]) == (["各区人民政府", "各有关企业"], 3)


def test_offices_of_party_and_government_are_two_issuers() -> None:
    text = (
        "临委办〔2024〕8号\n关于推进产业发展的实施意见\n一、任务\n推进项目建设，支持企业发展。\n— 1 —\n临委办〔2024〕8号\n二、保障\n落实产业政策，完善工作机制。\n"
        "中共东河市临江区委办公室\n东河市临江区人民政府办公室\n2024年3月14日\n"
    )
    about = extract(SourceText(Mapped.of(text), "txt"), shipped_vocabulary()).as_json()["document"]
    assert (about["number"], about["issuers"]) == (
        "临委办〔2024〕8号",
        ["中共东河市临江区委办公室", "东河市临江区人民政府办公室"],
    )


def test_what_a_document_says_of_itself() -> None:
    about = extract(SourceText(Mapped.of(PLAN), "txt"), shipped_vocabulary()).as_json()["document"]
    assert about["issuers"] == ["临江市人民政府办公室"]
    assert (about["issued"], about["effective"], about["expires"]) == ("2024-05-20", "2024-06-20", "2027-06-19")
    assert about["recipients"] == ["各区、县（市）人民政府", "市政府各部门"]
    assert [p["name"] for p in about["parts"]] == [None, "行动计划", "支持措施"]
    assert {"title": "东河省能源产业发展规划", "number": "东政发〔2023〕12号"}.items() <= about["cited_documents"][
        0
    ].items()


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        ("推動5G網絡規(guī)?；渴?,爭取部署", "推动5G网络规模化部署，争取部署"),
        ("推進產(chǎn)業(yè)規(guī)?；l(fā)展", "推进产业规模化发展"),
        ("建設(shè)區(qū)域?qū)I(yè)服務(wù)中心", "建设区域专业服务中心"),
    ],
)
def test_lost_characters_are_mended_where_it_is_certain(raw: str, mended: str) -> None:
    text = "推進產業發展，決策部署，實施方案。" * 3 + raw
    found = normalise(SourceText(Mapped.of(text), "txt"))
    assert found.text.text.endswith(mended)
    assert [d.intended is not None for d in found.damaged] == [True]


def test_what_is_not_certain_is_marked_and_left() -> None:
    found = normalise(SourceText(Mapped.of("推进产业?发展，支持企业建设\ufffd目标。"), "txt"))
    assert [d.intended for d in found.damaged] == [None, None]
    assert "产业?发展" in found.text.text


def test_a_bracket_with_another_reading_stays() -> None:
    found = normalise(SourceText(Mapped.of("电池组(pack)和发(fā)展，中国(china)产业。"), "txt"))
    assert found.text.text == "电池组（pack）和发展，中国（china）产业。"


#: Pieces of which hostile texts are made.
PIECES = st.sampled_from(
    [
        *'一二三四（）()〔〕【】《》“”"。，；：、\n \t?1２3.﹒①%万亿元家年',
        "第一条",
        "责任单位：",
        "牵头",
        "达到",
        "给予",
        "\ufffd",
        "(fā)",
        "發",
        "\x00",
        "— 1 —",
        "市经信局",
        "支持成都",
        "等企业",
        "产业园",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=120).map("".join))
@example("加快建设，支持企业发展。（“）一一产业园")
def test_no_text_breaks_the_reader(text: str) -> None:
    found = normalise(SourceText(Mapped.of(text), "txt")).text
    assert len(found.starts) == len(found.ends) == len(found.text)
    assert all(0 <= a <= b <= len(text) for a, b in zip(found.starts, found.ends, strict=True))
    assert list(found.starts) == sorted(found.starts)
    read_outline = outline(found.text)
    covered = 0
    for clause in read_outline.clauses:
        assert covered <= clause.start <= clause.body <= clause.end <= clause.last <= len(found.text)
        covered = clause.end
    filler = "推进产业建设，支持企业发展。" * 30
    data = extract(SourceText(Mapped.of(f"{filler}\n{text}"), "txt"), shipped_vocabulary()).as_json()
    for kind, items in data.items():
        for item in items if kind != "document" else ():
            assert 0 <= item["span"][0] <= item["span"][1] <= len(filler) + 1 + len(text)


def test_a_text_full_of_lost_characters_is_marked_within_seconds() -> None:
    started = time.monotonic()
    found = normalise(SourceText(Mapped.of("发展?；产业?；支持?建设" * 1000), "txt"))
    assert time.monotonic() - started < 30
    assert len(found.damaged) >= 1000
