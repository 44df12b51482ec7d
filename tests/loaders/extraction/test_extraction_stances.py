"""What a clause wants done with which links: strengthen, attract, fill, extend."""

from __future__ import annotations

import pytest

from loaders.documents import Mapped, SourceText
from loaders.extraction import extract
from loaders.extraction.known_names import shipped_vocabulary

Stances = list[tuple[str, str]]


def read(body: str, title: str = "临江市装备制造产业高质量发展行动计划") -> Stances:
    text = f"{title}\n\n一、重点任务\n\n{body}\n\n二、保障措施\n\n推进产业建设，支持企业发展，落实项目资金，完善工作机制。\n"
    data = extract(SourceText(Mapped.of(text), "txt"), shipped_vocabulary()).as_json()
    return [(g["product_or_segment"], g["stance"]) for g in data["chain_gaps"]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # by a label
        (
            "强链方向为电芯、电池包；补链方向为铝塑膜、固态电解质；延链方向为换电装备。",
            [
                ("电芯", "strengthen"),
                ("电池包", "strengthen"),
                ("铝塑膜", "fill"),
                ("固态电解质", "fill"),
                ("换电装备", "extend"),
            ],
        ),
        # by where the chain is to grow
        ("鼓励企业由零部件向整车和船用动力延伸。", [("整车", "extend"), ("船用动力", "extend")]),
        ("推动服务机器人、智能眼镜等终端产品向消费领域延伸。", [("服务机器人", "extend"), ("智能眼镜", "extend")]),
        # by what is lacking
        ("聚焦飞控、航电等薄弱环节，开展以商招商，招引一批配套企业落户。", [("飞控", "attract"), ("航电", "attract")]),
        ("聚焦碳化硅衬底、高纯石英砂等短板领域，组织技术攻关。", [("碳化硅衬底", "fill"), ("高纯石英砂", "fill")]),
        ("围绕硅料、硅片环节扩大优势产能。", [("硅料", "strengthen"), ("硅片", "strengthen")]),
        ("资金重点投向碳酸锂、铜箔等环节补链项目。", [("碳酸锂", "fill"), ("铜箔", "fill")]),
        # by verbs taken at their word
        ("重点招引谐波减速器、伺服电机等配套企业。", [("谐波减速器", "attract"), ("伺服电机", "attract")]),
        ("引进垂直起降航空器（甲型）整机企业2—3家。", [("垂直起降航空器（甲型）整机", "attract")]),
        ("补齐国产训练框架、工业智能体等短板。", [("国产训练框架", "fill"), ("工业智能体", "fill")]),
        ("做强体外诊断、制药装备等优势产业。", [("体外诊断", "strengthen"), ("制药装备", "strengthen")]),
        ("做强高镍三元和磷酸铁锂。", [("高镍三元", "strengthen"), ("磷酸铁锂", "strengthen")]),
        ("加快扩大湿法隔膜产能。", [("湿法隔膜", "strengthen")]),
        ("加强北斗、虚拟现实等新兴产业培育。", [("北斗", "strengthen"), ("虚拟现实", "strengthen")]),
        ("大力发展轿车、客车和货车。", [("轿车", "strengthen"), ("客车", "strengthen"), ("货车", "strengthen")]),
        ("发展城市公交、道路客运等纯电动客车。", [("纯电动客车", "strengthen")]),
        ("重点研制高性能、低功耗的智能芯片。", [("智能芯片", "strengthen")]),
        ("加速氢燃料电池汽车、智能网联汽车示范应用。", [("氢燃料电池汽车", "extend"), ("智能网联汽车", "extend")]),
        ("完善运输网络、提升枢纽功能、大力发展智能终端、完善管理机制。", [("智能终端", "strengthen")]),
        # not by
        ("推广燃料电池汽车4500辆，引进增量、提升质量。", []),
        ("聚焦光伏、锂电、氢能等重点产业链，加强协同。", []),
        ("组建电池回收利用研究中心。", []),
        ("引进高层次人才，扩大开放，壮大市场主体，补齐公共服务短板。", []),
        ("对新引进的一类新药、独家品种，给予最高200万元奖励。", []),
        ("支持龙头企业建设加氢站3座。", []),
        ("支持临江产业园做大做强。", []),
        ("加快智能农机、绿色农机等标准制定。", []),
    ],
)
def test_ways_of_saying_it(text: str, wanted: Stances) -> None:
    assert read(f"1. 推进任务。{text}") == wanted


def test_a_heading_may_be_the_label() -> None:
    assert read("1. 延链。发展智能微电网，推进虚拟电厂建设。") == [("智能微电网", "extend"), ("虚拟电厂", "extend")]
    assert read("1. 补链环节：电解液、银浆；重点企业待定。")[:2] == [("电解液", "fill"), ("银浆", "fill")]


def test_verbs_of_any_plan_count_only_where_an_industry_is_spoken_of() -> None:
    body = "1. 完善基础。构建集约高效的供排水系统，建设绿色供热设备，发展公共文化设施。"
    assert read(body, "临江新区总体规划批复意见") == []
    assert read("1. 做优装备。发展智能供热设备。") == [("智能供热设备", "strengthen")]


def test_what_is_part_of_a_name_is_no_link() -> None:
    assert read("1. 建设平台。加快建设东河储能电池产业技术创新中心、临江光伏组件产业园。") == []
