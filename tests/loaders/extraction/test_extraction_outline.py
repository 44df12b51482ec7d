"""Outline and responsible units: the ways in which plans number their clauses and say who leads."""

from __future__ import annotations

import pytest

from loaders.documents import Mapped, SourceText
from loaders.extraction.responsibility import responsibilities
from loaders.text import normalise
from loaders.text.outline import Outline, outline

PLAN = "临江市推进产业发展实施方案"


def read(text: str) -> Outline:
    return outline(normalise(SourceText(Mapped.of(text), "txt")).text.text)


def paths(text: str) -> list[tuple[str | None, ...]]:
    return [c.path[1:] for c in read(text).clauses]


def who(text: str) -> list[tuple[list[str], list[str]]]:
    return [(list(r.lead), list(r.support)) for r in responsibilities(read(text))]


def test_a_line_of_units_ends_where_the_next_item_begins() -> None:
    text = f"{PLAN}\n一、任务\n1﹒推进项目。支持企业发展。\n牵头单位：市甲局；责任单位：市乙局，各区政府\n2、强化建设。支持项目。\n责任单位：市丙局\n"
    assert paths(text)[1:] == [("一", None, "1"), ("一", None, "2")]
    assert who(text) == [(["市甲局"], ["市乙局", "各区政府"]), (["市丙局"], [])]


def test_a_heading_that_begins_with_a_number() -> None:
    items = "".join(f"{n}.任务{n}。支持企业发展。（市甲局负责）\n" for n in range(1, 11))
    found = read(f"{PLAN}\n一、任务\n{items}11.121人才项目。培养人才，支持企业。\n全市种植面积\n12.5万亩，推进发展。\n")
    assert [(c.path[3], c.heading) for c in found.clauses][-1] == ("11", "121人才项目")


def test_numbers_with_blanks_between_their_digits() -> None:
    articles = "".join(f"第 {' '.join(str(n))} 条 对企业给予奖励，支持发展。\n" for n in range(1, 13))
    assert [p[2] for p in paths(f"临江市推进产业发展若干措施\n{articles}")] == [f"第{n}条" for n in range(1, 13)]


def test_subsections_over_articles() -> None:
    text = (
        "临江市推进产业发展若干政策\n一、支持范围\n（一）投资奖励\n第1条 对企业投资给予奖励，支持发展。\n第2条 对项目给予补助，支持建设。\n"
        "（二）研发奖励\n第3条 对研发给予补助，支持企业。\n（三）附则\n第4条 本政策由市甲局解释，推进落实。\n"
    )
    assert paths(text)[1:4] == [("一", "（一）", None), ("一", "（一）", "第1条"), ("一", "（一）", "第2条")]


def test_subsections_under_articles_stay_deep() -> None:
    text = "临江市推进产业发展若干政策\n第一条 对下列企业给予奖励：\n（一）高新企业；\n（二）链主企业。\n第二条 对项目给予补助：\n（一）产业项目；\n"
    assert [p for p in paths(text) if p[1] is not None] == []


def test_circled_items_below_a_subsection() -> None:
    text = f"{PLAN}\n一、任务\n（一）推进项目\n1.支持企业。推进发展。\n（二）建设平台\n①建强平台。推进建设。\n②推进数字化。支持企业。\n"
    assert paths(text)[3:] == [("一", "（二）", None), ("一", "（二）", "①"), ("一", "（二）", "②")]


def test_a_sentence_over_items_is_a_heading() -> None:
    found = read(
        f"{PLAN}\n一、任务\n（一）统筹两个市场，推进产业发展。\n1.支持企业。推进项目建设。\n（二）支持企业，推进建设。\n二、保障\n推进落实。"
    )
    assert [c.heading for c in found.clauses] == ["任务", "统筹两个市场，推进产业发展", "支持企业", None, "保障"]


def test_a_short_title_that_the_notice_names() -> None:
    text = (
        "临江市人民政府关于印发《临江市产业发展行动计划》及《重点任务分工》的通知\n各区政府：\n现印发给你们，请贯彻落实。\n临江市产业发展行动计划\n"
        "一、目标\n推进产业发展，支持企业建设。（市甲局负责）\n重点任务分工\n1.编制产业图谱，推进项目。（责任单位：市甲局）\n2.支持企业发展，推进建设。（责任单位：市乙局）\n"
    )
    assert [p.title for p in read(text).parts][1:] == ["临江市产业发展行动计划", "重点任务分工"]
    assert {c.path[0] for c in read(text).clauses} == {"行动计划", "重点任务分工"}


def test_a_sign_marks_those_that_lead() -> None:
    text = f"{PLAN}\n1.推进项目。（责任单位：★市甲局、市乙局，标★的为牵头单位，下同）\n2.支持企业。（责任单位：市丙局、★市丁局、★市甲局）\n"
    assert who(text) == [(["市甲局"], ["市乙局"]), (["市丁局", "市甲局"], ["市丙局"])]


@pytest.mark.parametrize(
    ("rule", "then", "wanted"),
    [
        # 下同 holds for brackets of the same form ...
        ("（甲部、乙部负责。列第一位者为牵头单位，下同）", "（丙部、丁部等负责）", (["丙部"], ["丁部"])),
        (
            "（责任单位：市甲局、市乙局；列第一位的为牵头单位，下同）",
            "（责任单位：市丙局、市丁局）",
            (["市丙局"], ["市丁局"]),
        ),
        # ... and not for those of another, nor without the word
        (
            "（责任单位：市甲局、市乙局；列第一位的为牵头单位，下同）",
            "（市丙局、市丁局负责）",
            (["市丙局", "市丁局"], []),
        ),
        ("（甲部、乙部负责，排在第一位的部门为牵头部门）", "（丙部、丁部负责）", (["丙部", "丁部"], [])),
    ],
)
def test_how_far_the_rule_of_the_first_reaches(rule: str, then: str, wanted: tuple[list[str], list[str]]) -> None:
    text = f"{PLAN}\n1.推进项目建设。支持企业发展。{rule}\n2.支持企业。推进建设。{then}\n"
    assert who(text)[1] == wanted
    assert len(who(text)[0][0]) == 1


def test_a_rule_in_the_running_text_holds_everywhere() -> None:
    text = f"{PLAN}\n任务分工中，每项列第一位的为牵头单位。\n1.推进项目。支持企业。（市甲局、市乙局负责）\n2.支持企业。（责任单位：市丙局、市丁局）\n"
    assert who(text) == [(["市甲局"], ["市乙局"]), (["市丙局"], ["市丁局"])]


@pytest.mark.parametrize(
    ("bracket", "lead", "support"),
    [
        ("（负责部门：甲局、乙部，适用范围：临江自贸试验区）", ["甲局", "乙部"], []),
        ("（牵头部门：市甲局；参与部门：市乙局。牵头部门负总责，下同）", ["市甲局"], ["市乙局"]),
        (
            "（市甲局牵头，东城区、西城区政府及北湖开发区管委会按职责分工负责）",
            ["市甲局"],
            ["东城区", "西城区政府", "北湖开发区管委会"],
        ),
        ("（牵头单位：市甲局，配合单位：市乙局，各区、县级市）", ["市甲局"], ["市乙局", "各区、县级市"]),
        (
            "\n牵头单位：区甲局、区委社会工作部（按职责分工）\n责任单位：各镇（街道）",
            ["区甲局", "区委社会工作部"],
            ["各镇（街道）"],
        ),
    ],
)
def test_what_stands_beside_the_units(bracket: str, lead: list[str], support: list[str]) -> None:
    assert who(f"{PLAN}\n1.推进项目建设。支持企业发展。{bracket}\n") == [(lead, support)]


def test_a_heading_that_its_text_follows_after_a_wide_blank() -> None:
    found = read(
        f"{PLAN}\n一、主要目标　全市产业产值达到330亿元，新增企业30户，推进项目建设。\n二、重点任务\n支持企业发展。\n"
    )
    assert [c.heading for c in found.clauses] == ["主要目标", "重点任务"]


def test_items_of_an_annex_are_items() -> None:
    text = (
        "临江市推进产业发展实施细则\n第一章 总则\n第一条 为推进产业建设，制定本细则。\n第二条 支持企业发展，落实项目。\n附件：重点环节目录\n"
        "1．强链环节：电池；重点企业：江海新能。\n2．补链环节：隔膜；推进招引企业。\n"
    )
    assert paths(text)[-2:] == [(None, None, "1"), (None, None, "2")]


def test_a_sign_before_a_number() -> None:
    text = f"{PLAN}\n一、任务\n（一）推进项目。支持企业发展。\n★（二）支持企业。推进建设。（责任单位：市甲局）\n"
    assert paths(text)[1:] == [("一", "（一）", None), ("一", "（二）", None)]


def test_a_long_first_sentence_is_no_heading() -> None:
    text = f"{PLAN}\n1.支持企业自主研发智能开发测试工具和平台，实施关键软件攻关，开发新应用。推进建设。\n2.推进建设，支持企业。完善机制。\n"
    assert [c.heading for c in read(text).clauses] == [None, "推进建设，支持企业"]


def test_a_document_in_one_paragraph() -> None:
    text = (
        "临江市人民政府关于推进产业发展的若干措施各区政府：现提出以下措施：一、优服务、提效能1.加快项目审批，推进产业建设。（责任单位：市甲局）"
        "2.支持企业发展，落实政策。（责任单位：市乙局）二、减税费、降成本3.落实奖励政策，支持企业。（责任单位：市丙局）"
    )
    assert paths(text) == [
        ("一", None, None),
        ("一", None, "1"),
        ("一", None, "2"),
        ("二", None, None),
        ("二", None, "3"),
    ]
    assert [lead for lead, _ in who(text)] == [["市甲局"], ["市乙局"], ["市丙局"]]


def test_a_part_of_a_longer_plan() -> None:
    text = "第二十八章　完善产业布局\n推进产业建设，支持企业发展。\n第一节　推动集群发展\n推进项目。\n第二节　建设园区\n支持企业。\n"
    assert paths(text) == [("第二十八章", None, None), ("第二十八章", "第一节", None), ("第二十八章", "第二节", None)]


def test_a_list_that_is_attached_does_not_rename_the_document() -> None:
    text = (
        f"{PLAN}\n一、任务\n推进项目建设，支持企业发展。\n二、保障\n落实产业政策，完善机制。\n附件\n临江市重点项目清单\n"
        "1. 江海新能电池项目，推进产业建设，支持企业发展。\n2. 东河光伏组件项目，推进产业建设，支持企业发展。\n"
    )
    assert [c.path[0] for c in read(text).clauses] == [None, None, "项目清单", "项目清单"]
