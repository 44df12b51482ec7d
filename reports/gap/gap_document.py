"""The gap report of a region as a document: conclusions, chains, order of the gaps, a page for each of the first, risks,
what is unknown, method, sources. Nothing in it that is not computed or cited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from graph.language import language, say
from reports.formats.blocks import (
    Block,
    Cell,
    Document,
    Heading,
    PageBreak,
    Value,
)
from reports.gap.appendix import method, sources, unknown
from reports.gap.conclusions import conclusions
from reports.gap.decision_page import common_support, gap_page
from reports.gap.gap_words import (
    chain_name,
    date_text,
    evidence_text,
    joined,
    region_name,
    stages_text,
)
from reports.gap.sections import chains, coverage, ranking, risks
from services.dossier import Dossier

_Row = tuple[Value | Cell, ...]
_FIRST = 5  # of what is named in the conclusions
_DPI = 200


def gap_document(dossier: Dossier, progress: Callable[[str], None] = lambda _: None) -> Document:
    """The report.

    Parameters
    ----------
    progress: told what is being drawn, since pictures take the longest.
    """
    names = [chain_name(dossier, c.gaps) for c in dossier.assessment.chains]
    region = region_name(dossier)
    pages: list[list[Block]] = [
        conclusions(dossier),
        chains(dossier, progress),
        ranking(dossier),
        first_gaps(dossier),
        [*risks(dossier), *coverage(dossier)],
        [*unknown(dossier), *method(dossier)],
        sources(dossier),
    ]
    return Document(
        title=say(f"{region}产业链短板分析报告", f"Gaps in the industry chains of {region}"),
        subtitle=joined(names),
        facts=tuple(title_facts(dossier)),
        blocks=tuple(block for page in pages for block in (*page, PageBreak())),
        language=language(),
        keywords=(region, *names, say("产业链", "industry chain"), say("短板", "gaps")),
    )


def title_facts(dossier: Dossier) -> list[tuple[str, str]]:
    """What the title page says of the data; the day of printing is not the date of the data."""
    version, told = dossier.version, evidence_text(dossier)
    return [
        (say("地区", "Region"), region_name(dossier)),
        (say("数据截至", "Data as of"), date_text(dossier.assessment.as_of)),
        (say("统计口径", "Counted"), stages_text(dossier)),
        *([(say("企业证据", "Evidence on firms"), told)] if told else []),
        (say("数据载入", "Data loaded"), date_text((version.loaded_at or "")[:10])),
        (say("报告生成", "Report made"), date_text(date.today().isoformat())),
    ]


# -- the first gaps -------------------------------------------------------------------------------------------------------


def first_gaps(dossier: Dossier) -> list[Block]:
    """Each of the first gaps, with its way out."""
    if not dossier.top:
        return []
    blocks: list[Block] = [Heading(1, say("重点短板及出路", "The first gaps and the way out"))]
    for place in range(len(dossier.top)):
        blocks += gap_page(dossier, place)
    return [*blocks, *common_support(dossier)]
