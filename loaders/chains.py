"""Chain definitions (YAML): a chain, its segments, what each makes and uses, what supplies what.

The format is described in docs/data-formats.md; several chains may stand in one file, divided by ``---``.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from graph.language import say
from graph.schema import (
    Chain,
    HasSegment,
    Id,
    MadeFrom,
    Node,
    Position,
    Produces,
    Product,
    Relationship,
    Segment,
    SubtypeOf,
    Supplies,
    Text,
    Uses,
)
from loaders.yaml_facts import Builder


class Input(BaseModel):
    """What supplies a segment."""

    model_config = ConfigDict(extra="forbid")

    from_: Id = Field(alias="from")
    via: Id | None = None
    essential: bool = True
    group: Text | None = None
    cost_share: float | None = Field(default=None, ge=0, le=1)
    coefficient: float | None = Field(default=None, gt=0)
    note: Text | None = None
    sources: list[Text] = []


class Include(BaseModel):
    """A segment of another chain that also belongs to this one."""

    model_config = ConfigDict(extra="forbid")

    segment: Id
    position: Position | None = None
    order: int | None = None
    note: Text | None = None
    sources: list[Text] = []


class ChainBuilder(Builder):
    """Adds the facts of one chain definition."""

    def build(self) -> None:
        """Add the chain, its products, its segments with what supplies them, and segments of other chains."""
        data = self.document.data
        self.refuse_unknown(data, {"chain", "sources", "as_of", "confidence", "segments", "includes", "products"})
        self.defaults = {k: data[k] for k in ("sources", "as_of", "confidence") if k in data}
        chain = self.node(Chain, data.get("chain"), "chain")
        if chain is None:
            return
        for number, item in enumerate(self.items("products")):
            self._product(item, f"products[{number}]")
        for number, item in enumerate(self.items("segments")):
            self._segment(chain, item, f"segments[{number}]")
        for number, item in enumerate(self.items("includes")):
            include = self.parse(Include, item, f"includes[{number}]")
            if include is not None:
                self.relationship(
                    HasSegment,
                    f"includes[{number}]",
                    start=chain.id,
                    end=include.segment,
                    **include.model_dump(exclude={"segment"}, exclude_none=True, exclude_defaults=True),
                )

    def _product(self, item: Any, where: str) -> None:
        made_from, subtype_of = self.take_lists(item, "made_from", "subtype_of")
        product = self.node(Product, item, where)
        if product is not None:
            for other in made_from:
                self.relationship(MadeFrom, where, start=product.id, end=other)
            for other in subtype_of:
                self.relationship(SubtypeOf, where, start=product.id, end=other)

    def _segment(self, chain: Node, item: Any, where: str) -> None:
        produces, uses, inputs = self.take_lists(item, "produces", "uses", "inputs")
        segment = self.node(Segment, item, where)
        if segment is None:
            return
        self.relationship(HasSegment, where, start=chain.id, end=segment.id)
        kinds: list[tuple[type[Relationship], list[Any]]] = [(Produces, produces), (Uses, uses)]
        for kind, products in kinds:
            for product in products:
                self.relationship(kind, where, start=segment.id, end=product)
        for number, raw in enumerate(inputs):
            place = f"{where}.inputs[{number}]"
            supply = self.parse(Input, raw, place)
            if supply is None:
                continue
            if supply.from_ == segment.id:
                self.fault(place, say("环节不能供给自身", "a segment cannot supply itself"))
                continue
            self.relationship(
                Supplies,
                place,
                start=supply.from_,
                end=segment.id,
                **supply.model_dump(exclude={"from_"}, exclude_none=True, exclude_defaults=True),
            )
