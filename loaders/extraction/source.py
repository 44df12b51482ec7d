"""Documents and reviewed workbooks as sources of facts: the same way into the graph as policy facts entered by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graph.errors import Problem
from graph.language import say
from graph.schema import Dataset, Method
from loaders.extraction.proposal import Proposal, policy_data, propose
from loaders.extraction.reading import Extraction, extract_file
from loaders.extraction.workbook import read_review
from loaders.facts import Facts, Lexicon
from loaders.files import UnreadableFileError, YamlDocument, dataset_id, dataset_of
from loaders.policy import PolicyBuilder


class DocumentSource:
    """A policy document, or the workbook in which a person corrected what was read out of it."""

    def __init__(self, path: Path, name: str | None = None) -> None:
        self.path = path
        self.dataset: Dataset = dataset_of(path, name).model_copy(update={"method": Method.EXTRACTED.value})
        self._extraction: Extraction | None = None
        self._reviewed: Proposal | None = None
        if path.suffix.lower() == ".xlsx":
            self._reviewed = read_review(path)
            if self._reviewed.about.get("path"):
                # What was corrected takes the place of what the document by itself said.
                document = Path(str(self._reviewed.about["path"]))
                same = {"id": dataset_id(document, name), "name": name or document.name, "path": str(document)}
                self.dataset = self.dataset.model_copy(update=same)
        else:
            self._extraction = extract_file(path)
            if not self._extraction.outline.text or not self._extraction.outline.parts:
                raise UnreadableFileError(
                    "", say("不像政策文件，没有可载入的内容", "is no policy document: nothing to load")
                )

    def proposal(self, lexicon: Lexicon) -> Proposal:
        """What the document proposes, names linked to what is on record."""
        if self._reviewed is not None:
            return self._reviewed
        assert self._extraction is not None
        return propose(self._extraction, lexicon, self.path)

    def declares(self) -> Iterable[tuple[str, Iterable[str]]]:
        """Nothing: what a document names is looked up first."""
        return ()

    def gives_ids(self, lexicon: Lexicon) -> Iterable[tuple[str, Iterable[str]]]:
        """Nothing: other files do not refer to what a document proposes."""
        del lexicon
        return ()

    def facts(self, lexicon: Lexicon, problems: list[Problem]) -> Facts:
        """The accepted facts; every one has the clause that states it as its source."""
        data = policy_data(self.proposal(lexicon))
        facts = Facts(self.dataset)
        PolicyBuilder(self.path.name, YamlDocument(data), facts, problems, lexicon).build()
        facts.add_citations()
        extracted = {"method": Method.EXTRACTED.value}
        facts.nodes = {i: n.model_copy(update=extracted) for i, n in facts.nodes.items()}
        facts.relationships = {i: r.model_copy(update=extracted) for i, r in facts.relationships.items()}
        return facts
