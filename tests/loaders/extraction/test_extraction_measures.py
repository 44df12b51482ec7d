"""Support measures in the language of notices: one example in own words for each way of saying a thing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document

from loaders.documents import Mapped, SourceText
from loaders.extraction import extract, extract_file
from loaders.extraction.known_names import shipped_vocabulary
from loaders.lexicon import Lexicon
from loaders.review.policy_form import price_words
from loaders.review.proposal import propose


def measures(body: str) -> list[dict[str, Any]]:
    """The measures of a document of one section with that text."""
    text = f"临江市支持产业发展若干措施\n\n一、支持措施\n\n{body}\n\n二、保障措施\n\n推进产业建设，支持企业发展。\n"
    found = extract(SourceText(Mapped.of(text), "txt"), shipped_vocabulary()).as_json()["measures"]
    assert isinstance(found, list)
    return found


def paid(text: str) -> list[dict[str, Any]]:
    """The measures of a clause with that text."""
    return measures(f"1. 加大支持。{text}")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # a rate, and the cap that closes it
        ("按照设备购置额不超过15%的比例给予最高600万元补助。", [(15, 15, 600)]),
        ("按技术服务费的25%、最高18万元给予补贴。", [(25, 25, 18)]),
        ("给予改造投入30%、不超过700万元的后补助。", [(30, 30, 700)]),
        ("补助标准为改造投资的12%，补助上限350万元。", [(12, 12, 350)]),
        ("补助金额不超过项目总投资的20%，且不超过260万元。", [(20, 20, 260)]),
        ("给予最高450万元补助，且不超过项目总投入的40%。", [(40, 40, 450)]),
        ("按新增投入的6%—9%分档给予奖励，单个项目最高900万元。", [(6, 9, 900)]),
        ("按研发费用的10%给予补助，按采购额的千分之三给予奖励。", [(10, 10, None), (0.3, 0.3, None)]),
        (
            "按流片费用40%给予补助，年度补助总额最高280万元；先进工艺的，年度补助总额最高640万元。",
            [(40, 40, 280), (40, 40, 640)],
        ),
        ("对甲类按12%给予补助，对首次获评的给予35万元奖励。", [(12, 12, None), (None, None, 35)]),
        ("按实际支付利息的35%给予贴息，贴息比例最高不超过LPR的50%，单户年度最高120万元。", [(35, 35, 120)]),
        ("知识产权贷款贴息比例提高到45%，最高60万元。", [(45, 45, 60)]),
        # listed
        (
            "对买卖双方分别按成交额的2%、5%，给予单个项目最高不超过40万、90万元资助，每个单位单一年度不超过200万元。",
            [(2, 2, 40), (5, 5, 90)],
        ),
        (
            "对国家级、省级、市级中心，分别奖励160万、80万、40万元。",
            [(None, None, 160), (None, None, 80), (None, None, 40)],
        ),
        ("分别给予150、90、30万元奖励。", [(None, None, 150), (None, None, 90), (None, None, 30)]),
        ("分别按资助额的40%、20%给予配套，最高分别为400万元、150万元。", [(40, 40, 400), (20, 20, 150)]),
        ("国家级给予90万元奖励，省级45万元，市级15万元。", [(None, None, 90), (None, None, 45), (None, None, 15)]),
        ("给予5万元至20万元奖励。", [(None, None, 20)]),
        ("上年获得省级补助超过210万元，可再给予28万元奖励。", [(None, None, 28)]),
        # in words, as a ratio
        ("给予租金前两年全额、后三年减半补贴。", [(100, 100, None), (50, 50, None)]),
        ("对入驻企业两年内免收租金。", [(100, 100, None)]),
        ("对国家立项的课题，按国家拨款的1:0.4比例给予配套，最高240万元。", [(40, 40, 240)]),
        ("按中央补贴标准1:1给予地方配套。", [(100, 100, None)]),
        # not a case of its own
        ("设立总规模不低于60亿元的产业母基金，首期规模12亿元。", [(None, None, 600000)]),
        ("市财政每年安排8000万元专项资金支持产业发展。", [(None, None, 8000)]),
        ("发放每年总额不超过4000万元的算力券，单个企业最高可获得160万元。", [(None, None, 4000), (None, None, 160)]),
        ("西部地区鼓励类企业减按15%的税率征收企业所得税。", [(15, 15, None)]),
        ("工业用地出让起始价可按最低价标准的70%确定。", [(70, 70, None)]),
        ("由财政给予1.2个百分点、最长不超过2年的贴息。", [(1.2, 1.2, None)]),
    ],
)
def test_rate_and_sum(text: str, wanted: list[tuple[float | None, float | None, float | None]]) -> None:
    assert [(m["rate_min"], m["rate_max"], m["amount_max"]) for m in paid(text)] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "对小微企业收取的担保费率原则上不超过1%，给予风险分担支持。",
        "补助资金分三年按40%、30%、30%拨付。",
        "项目总投资36亿元，建设储能电池生产线，支持企业发展。",
        "企业注册资本不低于800万元，投资强度不低于260万元/亩，方可申请补贴。",
        "累计兑现惠企资金9.4亿元，惠及企业2100户。",
        "截至2024年底，全市已发放补贴1.6亿元。",
        "违反规定的，处3万元以上10万元以下罚款，追回奖励资金。",
        "本措施所需资金6000万元由市财政安排，支持产业发展。",
        "补贴资金由市、区两级财政按4:6比例承担，各承担50%。",
        "资金按审定金额的60%先行拨付，剩余40%验收合格后拨付。",
        "力争全年新增制造业贷款150亿元，支持企业发展。",
        "产业链本地配套率由48%提高到66%，支持企业配套。",
        "支持企业做大，营业收入突破20亿元，研发投入占营业收入的4%。",
        "担保费率不超过1%，支持小微企业。",
        "本措施有效期3年，以上均含本数，同一事项就高不重复给予支持。",
        "对获得融资3000万元以上的企业给予支持。",
        "充电服务价格不超过0.6元/千瓦时，支持新能源汽车发展。",
    ],
)
def test_sums_that_support_nobody(text: str) -> None:
    assert paid(text) == []


@pytest.mark.parametrize(
    ("text", "per", "price", "amount", "kind"),
    [
        ("每公斤给予不超过12元的运营补贴。", "公斤", 0.0012, 0.0012, "unit"),
        ("按每吨80元标准补贴。", "吨", 0.008, 0.008, "unit"),
        ("给予0.25元/千瓦时补贴。", "千瓦时", 0.000025, 0.000025, "unit"),
        ("给予企业160元/亩奖励。", "亩", 0.016, 0.016, "unit"),
        ("每季度给予每平方米24元补贴。", "平方米·季度", 0.0024, 0.0024, "unit"),
        ("给予每人每月2600元生活津贴。", "人·月", 0.26, 0.26, "unit"),
        ("给予购车者每辆车4000元补贴。", "辆", 0.4, 0.4, "unit"),
        ("每增加1亿元奖励8万元。", "1亿元", 8, 8, "unit"),
        # a limit behind the price is the most for one case
        ("按储能容量给予0.15元/瓦时补贴，单个项目最高420万元。", "瓦时", 0.000015, 420, "cap"),
        ("按照每台套1.5万元、每家企业最高45万元的标准给予奖励。", "台套", 1.5, 45, "cap"),
        # one case each, not a price
        ("新开通的每条航线给予25万元。", "条航线", None, 25, "fixed"),
        ("每项给予15万元奖励。", "项", None, 15, "fixed"),
        ("单品种奖励企业90万元。", "品种", None, 90, "fixed"),
        ("每户企业奖励6万元。", None, None, 6, "fixed"),
        ("每个项目给予40万元支持。", None, None, 40, "fixed"),
    ],
)
def test_for_each(text: str, per: str | None, price: float | None, amount: float, kind: str) -> None:
    (found,) = paid(text)
    assert (found.get("per"), found.get("unit_amount")) == (per, pytest.approx(price) if price else price)
    assert (found["amount_max"], found["amount_is"]) == (pytest.approx(amount), kind)


def test_a_price_that_falls_by_year() -> None:
    chain = paid("每公斤补贴14元，2026年、2027年分别退坡至9元、4元。")
    assert [(m["unit_amount"], m["per"]) for m in chain] == [(0.0014, "公斤"), (0.0009, "公斤"), (0.0004, "公斤")]
    assert [m["condition"] for m in chain] == [None, "2026年", "2027年"]
    assert [m["condition"] for m in paid("2026年每公斤补贴14元、2027年9元。")] == ["2026年", "2027年"]


def test_a_rent_subsidy_with_a_price_as_its_cap() -> None:
    found = paid("前2年按实际租金的90%、60%给予补贴，每平方米每月不超过11元。")
    assert [(m["rate_max"], m["amount_max"], m["per"]) for m in found] == [
        (90, None, "平方米·月"),
        (60, None, "平方米·月"),
    ]


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("按年度实际研发投入的8%给予资助。", "年度实际研发投入"),
        ("按照设备投资额不超过18%的比例给予补助。", "设备投资额"),
        ("按不超过首批次产品销售额的25%给予奖励。", "首批次产品销售额"),
        ("给予企业实际支付房租40%的补贴。", "实际支付房租"),
        ("参照其年度地方财政贡献的60%给予企业奖励。", "年度地方财政贡献"),
        ("补贴比例为40%。", None),
    ],
)
def test_what_a_rate_is_taken_of(text: str, base: str | None) -> None:
    (found,) = paid(text)
    assert found["rate_base"] == base
    assert "annual" not in found


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        (
            "对首次突破8亿元、40亿元、90亿元的企业，分别给予60万元、180万元、420万元奖励。",
            ["首次突破8亿元的企业", "首次突破40亿元的企业", "首次突破90亿元的企业"],
        ),
        (
            "对新建加氢站，按日加注能力400公斤以上、800公斤以上，分别给予120万元、260万元补贴。",
            ["新建加氢站，按日加注能力400公斤以上", "新建加氢站，按日加注能力800公斤以上"],
        ),
        (
            "对参与制定国际标准、国家标准、行业标准的企业，分别奖励40万元、25万元、8万元。",
            ["参与制定国际标准的企业", "参与制定国家标准的企业", "参与制定行业标准的企业"],
        ),
        ("对新认定的国家级和省级工厂，分别给予70万元和35万元奖励。", ["新认定的国家级工厂", "新认定的省级工厂"]),
        (
            "对收入达到3亿元（含）—6亿元、6亿元（含）以上的，分别奖励30万元、70万元。",
            ["收入达到3亿元（含）—6亿元", "收入达到6亿元（含）以上"],
        ),
        ("对通过初评的给予30万元；复评通过的再给予12万元。", ["通过初评", "复评通过"]),
        # what is itself a payment is no condition
        ("给予房租前两年全额补贴，每年最高不超过45万元。", [None]),
        ("发放总额不超过900万元的创新券，单个企业最高25万元。", [None, None]),
        ("每完成1单技术合同，按交易额的1%给予奖励。", ["每完成1单技术合同"]),
        ("对纳入计划的项目给予后补助，补助比例为研发投入的15%。", ["纳入计划的项目"]),
    ],
)
def test_conditions(text: str, conditions: list[str | None]) -> None:
    found = paid(text)
    if "每年最高" in text:
        assert (found[0]["rate_max"], found[0]["amount_max"]) == (100, 45)
    assert [m["condition"] for m in found] == conditions


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("对租用标准厂房的企业，给予最高50万元补贴。", ["租用标准厂房的企业"]),
        ("对市级企业技术中心，给予40万元补助；国家级再给予120万元。", ["市级企业技术中心", "市级企业技术中心"]),
        ("给予团队最高8000万元资助；给予个人45万元补贴。", ["团队", "个人"]),
        ("给予投资方实际投资额6%的奖励。", ["投资方"]),
        ("每季度给予每平方米24元补贴。", [None]),
        ("对采购本地产品且年采购额达900万元以上的，给予最高80万元奖励。", [None]),
        ("支持企业申报绿色工厂，对获评工厂给予60万元奖励。", ["获评工厂"]),
    ],
)
def test_who_is_paid(text: str, whom: list[str | None]) -> None:
    assert [(m["beneficiaries"] or [None])[0] for m in paid(text)] == whom


@pytest.mark.parametrize(
    ("text", "instrument"),
    [
        ("按保费的25%给予补贴。", "subsidy"),
        ("给予新增贷款1%的贴息。", "loan"),
        ("给予最高300万元的信用贷款。", "loan"),
        ("按担保额的0.4%给予担保费补贴。", "subsidy"),
        ("给予40万元安家补贴。", "talent"),
        ("一次性奖励70万元。", "reward"),
        ("研发费用按100%加计扣除，减免企业所得税。", "tax"),
    ],
)
def test_instruments(text: str, instrument: str) -> None:
    assert [m["instrument"] for m in paid(text)] == [instrument]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("给予租金前三年全额、后两年减半补贴。", [3, 2]),
        ("给予40%贴息，期限不超过2年。", [2]),
        ("对连续两年在库且增长的企业，给予10万元奖励。", [None]),
        ("自认定起3年内，按新增贡献的60%给予奖励。", [3]),
        ("本措施有效期3年，对企业给予10万元奖励。", [None]),
    ],
)
def test_years(text: str, years: list[int | None]) -> None:
    assert [m["period_years"] for m in paid(text)] == years


def test_limits_belong_to_what_stands_before_them() -> None:
    (found,) = paid("按实际贷款利息的40%给予贴息，单个企业年度贴息最高180万元。")
    assert (found["amount_max"], found["per_unit_annual_cap"], found["annual"]) == (180, 180, True)
    (found,) = paid("对新增贷款给予1%的贴息，最高不超过90万元/年。")
    assert (found["rate_max"], found["amount_max"], found["annual"]) == (1, 90, True)
    (found,) = paid("按交易额的2%给予奖励，单笔最高16万元，每家机构每年累计最高80万元。")
    assert (found["amount_max"], found["per_unit_annual_cap"]) == (16, 80)
    first, second = paid("前2年给予80%的奖励，后3年给予50%的奖励，每年最高不超过700万元。")
    assert (first["amount_max"], second["amount_max"]) == (700, 700)
    (found,) = paid("每条航线给予25万元，单个企业累计不超过240万元。")
    assert (found["amount_max"], found["per_unit_cap"]) == (25, 240)
    (found,) = paid("对平台每年给予最高160万元运行补助。")
    assert (found["amount_max"], found["annual"], found.get("per_unit_annual_cap")) == (160, True, None)


def test_tiers_below_a_sentence_that_leads_up_to_them() -> None:
    found = measures(
        "1. 支持做强。对工业企业给予分档奖励，单个企业最高不超过360万元，具体标准如下：\n（1）收入2亿元（含）—6亿元，18万元；\n"
        "（2）收入6亿元（含）以上，45万元。\n2. 支持创新。推进产业建设，投资9亿元。"
    )
    assert [(m["amount_max"], m["condition"], m["per_unit_cap"]) for m in found] == [
        (18, "收入2亿元（含）—6亿元", 360),
        (45, "收入6亿元（含）以上", 360),
    ]
    assert {m["beneficiaries"][0] for m in found} == {"工业企业"}
    assert {m["instrument"] for m in found} == {"reward"}


def test_tiers_in_a_sentence() -> None:
    found = paid("按下列标准给予奖励：国家级80万元；省级40万元；市级12万元。")
    assert [(m["amount_max"], m["condition"]) for m in found] == [(80, "国家级"), (40, "省级"), (12, "市级")]


def test_a_limit_of_the_whole_document() -> None:
    body = (
        "第一条 对新建电站，按投资额的8%给予补助，最高800万元。\n\n第二条 对技术中心，给予140万元奖励。\n\n"
        "第三条 {limit}\n\n第四条 本措施自发布之日起施行。"
    )
    for limit in ("单个企业每年累计享受资金不超过1200万元。", "同一企业同一年度获得本措施资金总额不超过1200万元。"):
        found = measures(body.format(limit=limit))
        assert [(m["amount_max"], m["per_unit_annual_cap"]) for m in found] == [(800, 1200), (140, 1200)]


def test_no_price_of_one_unit_becomes_the_most_for_one_case() -> None:
    text = (
        "临江市支持产业发展若干措施\n\n一、支持措施\n\n1. 支持氢能。对加氢站每公斤给予12元补贴。\n2. 支持信贷。"
        "按利息的40%给予贴息，单个企业年度贴息最高180万元。\n\n二、保障措施\n\n推进产业建设，支持企业发展。\n"
    )
    proposal = propose(extract(SourceText(Mapped.of(text), "txt"), shipped_vocabulary()), Lexicon([]), Path("临江.txt"))
    first, second = proposal.rows["measures"]
    assert (first["per"], first["unit_amount"], first["amount_is"]) == ("公斤", 0.0012, "unit")
    assert price_words("公斤", 0.0012) == "每公斤 12 元"
    assert second["per_unit_annual_cap"] == 180


def test_tiers_in_a_table(tmp_path: Path) -> None:
    document = Document()
    for line in (
        "临江市支持产业发展若干措施",
        "一、支持措施",
        "1. 支持认定。对新认定的平台给予一次性奖励，标准见下表，推进产业建设。",
    ):
        document.add_paragraph(line)
    rows = [
        ("序号", "类别", "条件", "奖励标准（万元）"),
        ("1", "国家级平台", "首次认定", "120"),
        ("2", "省级平台", "首次认定", "最高45"),
    ]
    table = document.add_table(rows=len(rows), cols=4)
    for line, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = text
    document.add_paragraph("二、保障措施")
    document.add_paragraph("推进产业建设，支持企业发展。")
    path = tmp_path / "措施.docx"
    document.save(str(path))
    found = extract_file(path, shipped_vocabulary()).as_json()["measures"]
    assert [(m["clause"][1:], m["condition"], m["amount_max"], m["amount_is"]) for m in found] == [
        (["一", None, "1"], "国家级平台，首次认定", 120, "fixed"),
        (["一", None, "1"], "省级平台，首次认定", 45, "cap"),
    ]
