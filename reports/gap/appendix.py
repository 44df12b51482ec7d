"""The end of the gap report: what is not known, how every figure is made, where it comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from graph.analysis.makers import Basis, live_makers
from graph.analysis.status import Status
from graph.database.rows import Source
from graph.language import say
from graph.settings import settings
from reports.formats.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Table,
    Value,
)
from reports.gap.decision_page import later_questions, open_support
from reports.gap.gap_table import formula_text
from reports.gap.gap_words import (
    bound_text,
    chain_name,
    date_text,
    joined,
    maker_name,
    name_of,
    paths_text,
    remarks,
    shown_documents,
    source_numbers,
    status_cell,
    weighing_text,
    weights_text,
)
from reports.words import say_reason
from services.dossier import Dossier

_Row = tuple[Value | Cell, ...]
_FIRST = 5  # of what is named in the conclusions
_DPI = 200


# -- what is not known ---------------------------------------------------------------------------------------------------------


def unknown(dossier: Dossier) -> list[Block]:
    """Links that are not known, tests that were not applied and why, operations on record that do not count."""
    return [
        Heading(1, say("未知与待核", "What is not known")),
        *_unknown_links(dossier),
        *_tests_left_out(dossier),
        *_not_counted(dossier),
        *_other_questions(dossier),
    ]


def _unknown_links(dossier: Dossier) -> list[Block]:
    items = []
    for chain in dossier.assessment.chains:
        losses = {k.id: k.loss for kind in (chain.outages.links, chain.outages.outside) for k in kind}
        unknown = [s for s in chain.gaps.segments if s.status is Status.UNKNOWN]
        unknown.sort(key=lambda s: -losses.get(s.id, 0.0))
        if unknown:
            name = chain_name(dossier, chain.gaps)
            label = say(f"{name}（{len(unknown)} 个）", f"{name} ({len(unknown)})")
            items.append(Paragraph(joined(name_of(s) for s in unknown), label=label))
    if not items:
        return []
    text = say(
        "以下环节没有在产企业登记。没有登记不等于没有企业：登记没有声明完整，政策也没有要求招引或补链，所以不判为缺失。每条链先按断供推算中对本地登记企业的影响、再按在链条结构中的位置从大到小排列，建议从前往后核查。",
        "These links have no live maker on record. That does not mean that there is none: the register is not "
        "declared complete and no clause asks to attract or fill them. Those without which most is lost here come first, then by place in the chain.",
    )
    return [Heading(2, say("情况不明的环节", "Links that are not known")), Paragraph(text), Bullets(tuple(items))]


def _other_questions(dossier: Dossier) -> list[Block]:
    """What the measures ask that the stated facts do not bear on."""
    asked = tuple(say_reason(q.text) for q in later_questions(dossier, open_support(dossier)))
    if not asked:
        return []
    return [Heading(2, say("其余支持措施要问清的事", "What the other measures ask")), Bullets(asked, ordered=True)]


def _tests_left_out(dossier: Dossier) -> list[Block]:
    links: dict[str, int] = defaultdict(int)
    chains_of: dict[str, list[str]] = defaultdict(list)
    for chain in dossier.assessment.chains:
        for text in map(say_reason, chain.not_applied):
            chains_of[text].append(chain_name(dossier, chain.gaps))
        for segment in chain.gaps.segments:
            for text in map(say_reason, segment.not_applied if segment.status is not Status.UNKNOWN else ()):
                links[text] += 1
    everywhere = len(dossier.assessment.chains)
    lines = [
        text
        + (
            say("（全部各链）", " (all chains)")
            if len(names) == everywhere > 1
            else say(f"（{joined(names)}）", f" ({joined(names)})")
        )
        for text, names in chains_of.items()
    ]
    lines += [
        say(f"{text}（{n} 个环节）", f"{text} ({n} links)") for text, n in sorted(links.items(), key=lambda x: -x[1])
    ]
    if not lines:
        return []
    return [Heading(2, say("没有做的检验及原因", "Tests that were not applied, and why")), Bullets(tuple(lines))]


def _not_counted(dossier: Dossier) -> list[Block]:
    columns = (
        Column(say("企业", "firm"), 2),
        Column(say("环节", "link"), 2),
        Column(say("地点", "place"), 2.2),
        Column(say("为何不计", "why it does not count"), 2),
        Column(say("证据截至［来源］", "evidence as of [sources]"), 1.9),
    )
    rows: dict[_Row, None] = {}
    for chain in dossier.assessment.chains:
        for segment in chain.gaps.segments:
            live = set(live_makers(segment.makers, chain.gaps.stages))
            for m in segment.makers:
                if m not in live:
                    rows[
                        (maker_name(m), name_of(segment), m.place_name or "", joined(remarks(m)), date_text(m.as_of))
                    ] = None
    if not rows:
        return []
    text = say(
        "下列业务有登记，但没有计入：还没投产、证据过期或可信度低。其中在建和规划的项目投产后，结论会改变。",
        "These operations are on record and do not count: not yet in operation, evidence too old or uncertain. Those being built will change the picture.",
    )
    return [
        Heading(2, say("登记了但没有计入的业务", "On record and not counted")),
        Paragraph(text),
        Table(columns, tuple(rows), say("未计入的业务", "Operations not counted")),
    ]


# -- method and sources ------------------------------------------------------------------------------------------------------------


def method(dossier: Dossier) -> list[Block]:
    """How every figure is made, with thresholds and weights."""
    columns = (Column(say("状态", "status"), 1), Column(say("规则", "rule"), 6))
    return [
        Heading(1, say("方法与阈值", "Method and thresholds")),
        Paragraph(
            say(
                "每个环节只有一种状态，按下表的规则判定，缺数据的检验不做，也不当作零。先判较弱，再判有链主企业的较强，再判单一来源，最后判其余；"
                "所以有链主而区位商高的环节即使只有一家也判为较强，依据一栏注明“只有一家”。",
                "Every link has one status by these rules; a test without data is not applied and never taken as zero. Weak is decided first, then strong by a "
                "chain leader, then single-sourced, then the rest: with a leader and a high quotient even a single maker counts as strong, and it is said.",
            )
        ),
        Table(columns, status_rules(dossier), say("状态判定规则", "Rules of status")),
        Bullets(tuple(method_lines(dossier))),
    ]


def status_rules(dossier: Dossier) -> tuple[tuple[Cell, str], ...]:
    """Every status with its rule and thresholds."""
    t = dossier.assessment.chains[0].gaps.thresholds
    weak, strong, few, several = f"{t.lq_weak:g}", f"{t.lq_strong:g}", f"{t.owners_single:g}", f"{t.owners_strong:g}"
    rules = {
        Status.MISSING: say(
            "没有在产企业登记，且登记已声明完整，或文件要求招引、补链",
            "no live maker on record, and the register is complete or a clause asks to attract or fill",
        ),
        Status.UNKNOWN: say("没有在产企业登记，又没有上述依据", "no live maker on record otherwise"),
        Status.WEAK: say(
            f"区位商低于 {weak}，或本地配套率低于 {t.coverage_weak:.0%}",
            f"location quotient below {weak}, or local coverage below {t.coverage_weak:.0%}",
        ),
        Status.SINGLE: say(f"有效所有者少于 {few} 家（集中在一家手里）", f"fewer than {few} effective owners"),
        Status.STRONG: say(
            f"区位商不低于 {strong}，并有链主企业在此，或有效所有者不少于 {several} 家",
            f"location quotient at least {strong}, with a chain leader or at least {several} effective owners",
        ),
        Status.PRESENT: say("其余有在产企业的环节", "the rest with a live maker"),
    }
    return tuple((status_cell(status), text) for status, text in rules.items())


def method_lines(dossier: Dossier) -> list[Paragraph]:
    """The measures in words, with their thresholds and weights."""
    lines = [*_status_lines(dossier), *_loss_lines()]
    if dossier.assessment.ranked:
        lines.append(
            (
                say("排序权重", "Weights of the order"),
                weights_text(dossier) + say("。", ". ") + formula_text(dossier.assessment.ranking),
            )
        )
    return [Paragraph(text, label=label) for label, text in (*lines, *_candidate_lines())]


_Line = tuple[str, str]


def _status_lines(dossier: Dossier) -> list[_Line]:
    t = dossier.assessment.chains[0].gaps.thresholds
    live = say(
        f"企业存续，业务在统计口径之内，证据距数据日期不超过 {t.live_days} 天，可信度不是“低”。",
        f"active, of a stage that counts, evidence at most {t.live_days} days before the date of the data, confidence not low.",
    )
    quotient = say(
        "本地该环节企业占本地全链的份额，除以全国该环节占全国全链的份额；1 表示与全国持平。"
        f"全国登记不足 {t.benchmark_min_makers} 家，或本地不足 {t.region_min_operations} 项时不算。",
        "the link's share of the local chain over its share of the national one; not taken with fewer than "
        f"{t.benchmark_min_makers} makers nationwide or {t.region_min_operations} operations here.",
    )
    owners = say(
        "按实际控制人的份额折算的家数：一家独占为 1，几家均分为几。",
        "1/HHI over ultimate owners: 1 if one holds all, n if n hold equal parts.",
    )
    return [
        (say("在产企业", "Live maker"), live),
        (say("区位商", "Location quotient"), quotient),
        (say("有效所有者", "Effective owners"), owners),
    ]


def _loss_lines() -> list[_Line]:
    d = settings.dependence
    loss = say(
        "假设某一来源中断，沿供给关系向下游推算各环节还剩多少，再加权方法："
        + weighing_text(Basis.COUNT)
        + "；各环节产值或同一单位的产能都有登记时，环节之间也按产值或产能。"
        + bound_text(),
        "one source is taken away, what every link can still make is worked out downstream; "
        + weighing_text(Basis.COUNT)
        + ", links by output or capacity too where that is on record for all. "
        + bound_text(),
    )
    coverage = say(
        "本地供给占本地需求的比例；产值、产能不全时按家数：有在产企业算能配套。",
        "local supply over local demand; by number of firms where output and capacity are not on record.",
    )
    outside = say(
        f"1 减本地配套率；超过 {d.share:.0%} 且来源集中度（份额平方和）超过 {d.concentration:g} 的注明“来源过于集中”。",
        f"1 minus local coverage; flagged above {d.share:.0%} with a concentration (sum of squared shares) above {d.concentration:g}.",
    )
    return [
        (say("断供损失", "Loss"), loss),
        (say("本地配套率", "Local coverage"), coverage),
        (say("对外依存", "Outside dependence"), outside),
    ]


def _candidate_lines() -> list[_Line]:
    c, p = settings.candidates, settings.parks
    firms = say(
        f"本地客户 {c.customers:.0%}、同集团在本地 {c.sisters:.0%}、外地与本地客户同城 {c.beside:.0%}、为本地链主配套 {c.leader:.0%}、"
        f"投产阶段 {c.stage:.0%}、称号 {c.honours:.0%}、距离 {c.distance:.0%}；缺数据的项不计，得分是可得分数中的占比。没有联系过企业本身。",
        f"buyers here {c.customers:.0%}, own group here {c.sisters:.0%}, beside local buyers elsewhere {c.beside:.0%}, "
        f"supplier of a leader {c.leader:.0%}, stage {c.stage:.0%}, honours {c.honours:.0%}, distance {c.distance:.0%}; "
        "what has no data is left out. No firm has been asked.",
    )
    parks = say(
        f"文件明确承载 {p.carries:.0%}、园内有相邻环节企业 {p.neighbours:.0%}、有点名的量化目标 {p.targets:.0%}。",
        f"appointed carrier {p.carries:.0%}, makers of neighbouring links {p.neighbours:.0%}, a quantified target {p.targets:.0%}.",
    )
    return [(say("候选企业评分", "Candidate firms"), firms), (say("园区评分", "Parks"), parks)]


def sources(dossier: Dossier) -> list[Block]:
    """The documents behind the report, by the numbers that it cites them with: policies with their clauses, the rest."""
    shown = shown_documents(dossier)
    rows = [(*row[:4], row[6]) for row in source_rows(dossier) if row[5] in shown]
    if not rows:
        return []
    columns = (
        Column(say("序", "#"), 0.5, "integer"),
        Column(say("文件", "document"), 4.6),
        Column(say("文号、发布者、日期", "number, publisher, date"), 3),
        Column(say("引用的条款", "clauses cited"), 3),
        Column(say("核对说明", "how checked"), 2),
    )
    policies = tuple(r[:4] for r in rows if r[3])
    others = tuple((*r[:3], r[4]) for r in rows if not r[3])
    tables = [
        Table(columns[:4], policies, say("引用的政策文件和条款", "Policies and clauses cited")),
        Table(
            (*columns[:3], columns[4]),
            others,
            say("企业和项目的信息来源", "Where facts on firms and projects come from"),
        ),
    ]
    return [
        Heading(1, say("来源", "Sources")),
        Paragraph(
            say("正文中［］里的数字是下列文件的序号。", "Numbers in [] refer to these documents.")
            + checked_text(r[4] for r in rows if not r[3])
        ),
        *(table for table in tables if table.rows),
        Paragraph(version_text(dossier)),
    ]


#: What the note of a document may say of how far it was checked.
_UNREAD, _SUMMED_UP = "未逐页核对", "题名为概括"


def checked_text(notes: Iterable[str]) -> str:
    """How many of the documents on firms are, by their notes, not checked page by page or titled by a summary."""
    remarks = list(notes)
    unread, summed = (sum(1 for n in remarks if word in n) for word in (_UNREAD, _SUMMED_UP))
    if not (unread or summed):
        return ""
    return say(
        f"企业和项目的 {len(remarks)} 件来源中，{unread} 件未逐页核对，{summed} 件的题名是概括、不是原题名。",
        f" Of the {len(remarks)} sources on firms and projects {unread} were not checked page by page, {summed} are titled by a summary.",
    )


def version_text(dossier: Dossier) -> str:
    """Which data the report stands on."""
    version = dossier.version
    return say(
        f"数据版本：{version.datasets} 个数据集，校验码 {version.digest}。",
        f"Version of the data: {version.datasets} datasets, digest {version.digest}.",
    )


def source_rows(dossier: Dossier) -> list[tuple[int, str, str, str, str, str, str]]:
    """Number, name, origin, clauses cited, address, id and note of each document, in the order of the numbers."""
    by_document: dict[str, list[Source]] = defaultdict(list)
    for source in dossier.sources.values():
        by_document[source.document].append(source)
    rows = []
    for document, number in source_numbers(dossier).items():
        cited = by_document[document]
        one = cited[0]
        origin = joined(p for p in (one.number, one.publisher, date_text(one.issued) if one.issued else None) if p)
        name = say(one.name, one.name_en or one.name)
        rows.append(
            (
                number,
                name,
                origin,
                paths_text(s.path for s in cited if s.path),
                one.url or "",
                document,
                one.note or say("未注明", "not stated"),
            )
        )
    return rows
