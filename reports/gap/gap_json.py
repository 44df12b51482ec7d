"""The gap report as plain data (JSON): the same figures as in the document, with ids."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from graph.analysis.assessment import ChainAssessment
from graph.analysis.knockout import Knockout
from reports.gap.gap_table import as_json as chain_json
from reports.gap.gap_table import formula_text
from reports.words import as_data, say_reason
from services.dossier import Dossier, counts_of
from services.gaps import RegionGap
from services.ways_out import SegmentRemedies


def gap_data(dossier: Dossier) -> dict[str, Any]:
    """Everything in the report; money in 万元, shares and losses are fractions 0-1."""
    a = dossier.assessment
    return {
        "region": a.region,
        "region_name": a.region_name,
        "as_of": a.as_of,
        "version": asdict(dossier.version),
        "counts": asdict(counts_of(c.gaps for c in a.chains)),
        "ranking": {
            "criteria": list(a.ranking.applied),
            "weights": dict(a.ranking.weights),
            "formula": formula_text(a.ranking),
            "not_known": dict(a.ranking.unknown),
            "top": a.ranking.top,
            "samples": a.ranking.samples,
            "gaps": [
                _gap(gap) | {"front": r.front, "score": r.score, "stability": r.stability}
                for r, gap in zip(a.ranking.rows, a.ranked, strict=True)
            ],
            "unranked": [_gap(gap) for gap in a.unranked],
        },
        "ways_out": [_gap(gap) | _way_out(way) for gap, way in zip(dossier.top, dossier.ways_out, strict=True)],
        "chains": [_chain(c) for c in a.chains],
        "sources": [{k: v for k, v in asdict(source).items() if k != "issuers"} for source in dossier.sources.values()],
    }


def _gap(gap: RegionGap) -> dict[str, Any]:
    s = gap.segment
    return {
        "link": s.id,
        "name": s.name,
        "chain": gap.chain.chain,
        "also_in": list(gap.also_in),
        "status": s.status.value,
        "basis": say_reason(s.basis),
        "users": s.users,
        "criteria": asdict(s.criteria),
    }


def _way_out(way: SegmentRemedies) -> dict[str, Any]:
    return {
        "duties": as_data(way.duties),
        "targets": as_data(way.targets),
        "candidates_total": way.candidates.total,
        "candidates": as_data(way.candidates.firms),
        "parks": as_data(way.parks),
        "measures": [as_data(d) | {"scope": way.scopes[d.measure.id]} for d in way.support.decisions],
        "questions": as_data(way.support.questions),
        "total": way.support.total,
        "total_basis": as_data(way.support.total_basis),
    }


def _chain(chain: ChainAssessment) -> dict[str, Any]:
    o = chain.outages
    kinds = {
        kind: [_knockout(k) for k in getattr(o, kind)]
        for kind in ("firms", "owners", "parks", "outside", "origins", "links")
    }
    return chain_json(chain.gaps) | {
        "coverage": asdict(chain.coverage),
        "measured_coverage": asdict(chain.measured_coverage) if chain.measured_coverage else None,
        "knock_out": kinds
        | {
            "measured_by": o.weighed.value,
            "resilience": o.resilience,
            "mean_resilience": o.mean_resilience,
            "stopping": {link: asdict(sets) for link, sets in o.stopping.items()},
            "names": dict(o.names),
        },
        "dependence": [asdict(d) for d in chain.dependence],
        "not_applied": [say_reason(r) for r in chain.not_applied],
    }


def _knockout(k: Knockout) -> dict[str, Any]:
    return {"id": k.id, "loss": k.loss, "links": dict(k.links)}
