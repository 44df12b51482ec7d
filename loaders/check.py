"""Check files without a database: ``python -m loaders.check PATH...``."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from graph.errors import LoadError
from graph.schema import label_of
from loaders.sources import read_sources


def main(paths: list[str]) -> int:
    """Print every fault, and references to things that no file describes; 1 if there are faults."""
    try:
        facts = read_sources(Path(p) for p in paths or ["data"])
    except LoadError as error:
        for problem in error.problems:
            print(problem)
        return 1
    described = {i for f in facts for i in f.nodes}
    missing: Counter[str] = Counter()
    for f in facts:
        for r in f.relationships.values():
            references = [getattr(r, name) for name in r.references]
            missing.update(e for e in (r.start, r.end, *references) if e is not None and e not in described)
        for fact in (*f.nodes.values(), *f.relationships.values()):
            missing.update(x for x in fact.sources if x.partition(":")[0] in ("doc", "clause") and x not in described)
    for node_id, count in sorted(missing.items()):
        print(f"not described: {node_id} ({count}x)")
    print(Counter(label_of(i) for f in facts for i in f.nodes))
    print(Counter(r.type() for f in facts for r in f.relationships.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
