"""From paths to facts: which loader reads which file, names resolved over all of them, all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import LoadError, Problem
from graph.facts import Facts
from graph.language import say
from graph.rules import FACTS_FILE, known_facts, read_facts
from graph.settings import settings
from loaders.chains import ChainBuilder
from loaders.documents import DOCUMENT_SUFFIXES
from loaders.files import UnreadableFileError, dataset_of, read_yaml
from loaders.lexicon import Lexicon, Source
from loaders.policy import PolicyBuilder
from loaders.review.document_source import reviewed_document
from loaders.review.known_documents import MeetsRecord, Record
from loaders.review.review_workbook import is_review
from loaders.spreadsheets import opened_workbook, read_csv, tables_in
from loaders.yaml_facts import YamlSource

if TYPE_CHECKING:
    from loaders.extraction.known_names import Vocabulary  # only wanted for documents

_SUFFIXES = {".yaml", ".yml", ".csv", ".xlsx"}


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The loadable files that the paths are or hold, sorted; documents only where they are named themselves.

    Raises:
        LoadError: a path that does not exist, or a file of a kind that no loader reads.
    """
    files: list[Path] = []
    problems: list[Problem] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if _loadable(p) and not _hidden(p, path))
            files += [p for p in inside if p.name != FACTS_FILE]
            problems += _facts_unknown(p for p in inside if p.name == FACTS_FILE)
        elif not path.exists():
            problems.append(Problem(str(path), "", say("没有这个文件", "no such file")))
        elif path.suffix.lower() not in (*_SUFFIXES, *DOCUMENT_SUFFIXES):
            known = "、".join(sorted({*_SUFFIXES, *DOCUMENT_SUFFIXES}))
            problems.append(
                Problem(path.name, "", say(f"不认识的文件类型；可用：{known}", f"unknown kind of file; known: {known}"))
            )
        else:
            files.append(path)
    if problems:
        raise LoadError(problems)
    return list(dict.fromkeys(files))


def _facts_unknown(paths: Iterable[Path]) -> list[Problem]:
    """Wordings of facts that later questions would not find: rules are read again long after the load."""
    missing = say(
        f"其中的事实尚不可用：请放到 {settings.data} 或 {settings.home} 下",
        f"its facts are not in use: put it into {settings.data} or {settings.home}",
    )
    known = known_facts().items()
    return [Problem(p.name, "", missing) for p in paths if not read_facts(p).items() <= known]


def open_sources(
    paths: Iterable[Path], name: str | None = None, vocabulary: Callable[[], Vocabulary] | None = None
) -> tuple[list[Source], list[Problem]]:
    """All files, each opened once, and what is wrong with them so far.

    Parameters
    ----------
    paths: files and directories.
    name: call the dataset this (one file only).
    vocabulary: gives the names that documents are read by, if there are any; without it those of the shipped files.

    Raises:
        LoadError: a path that does not exist, or a file of a kind that no loader reads.
    """
    problems: list[Problem] = []
    sources = [s for f in files_in(paths) if (s := _open(f, problems, name, vocabulary)) is not None]
    return sources, problems + _same_datasets(sources)


def facts_of(
    sources: Sequence[Source],
    problems: list[Problem],
    on_record: Iterable[tuple[str, Iterable[str]]] = (),
    record: Record | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> list[Facts]:
    """The facts of sources, names resolved over all of them.

    Parameters
    ----------
    problems: what is wrong with the files already.
    on_record: (id, names) of what the graph already holds, for references by name.
    record: the policy documents that it holds: one that comes again adds only what is new.

    Raises:
        LoadError: every fault of every file; nothing is to be loaded then.
    """
    lexicon = Lexicon(on_record)
    for source in sources:
        for node_id, names in source.declares():
            lexicon.add(node_id, names)
    # All of them before the first is added: what a row is may not hang on the order of the files.
    for node_id, names in [entry for source in sources for entry in source.gives_ids(lexicon)]:
        lexicon.add(node_id, names)
    record, facts = record or Record(), {}
    # Documents come last: what was entered by hand is on record before them, in whatever order the files are named.
    for number, source in enumerate(sorted(sources, key=lambda s: isinstance(s, MeetsRecord)), start=1):
        if isinstance(source, MeetsRecord):
            source.meet(record)
        stated = facts[source.dataset.id] = source.facts(lexicon, problems)
        record.add(stated, lexicon.name_of)
        progress(say("读取", "reading"), number, len(sources))
    if problems:
        raise LoadError(problems)
    return [facts[source.dataset.id] for source in sources]


def read_sources(paths: Iterable[Path], on_record: Iterable[tuple[str, Iterable[str]]] = ()) -> list[Facts]:
    """The facts of all files by themselves, without a graph.

    Parameters
    ----------
    on_record: (id, names) of what is known beside them, for references by name.

    Raises:
        LoadError: every fault of every file.
    """
    return facts_of(*open_sources(paths), on_record)


def _open(
    path: Path, problems: list[Problem], name: str | None, vocabulary: Callable[[], Vocabulary] | None
) -> Source | None:
    try:
        suffix = path.suffix.lower()
        if suffix in DOCUMENT_SUFFIXES:
            from loaders.review.document_source import read_document

            return read_document(path, name, vocabulary() if vocabulary else None)
        if suffix == ".xlsx":
            with opened_workbook(path) as book:
                return reviewed_document(path, book, name) if is_review(book) else tables_in(path, book, problems, name)
        if suffix == ".csv":
            return read_csv(path, problems, name)
        return _open_yaml(path, name)
    except UnreadableFileError as error:
        problems.append(error.problem(path.name))
    except OSError as error:
        problems.append(Problem(path.name, "", say(f"读不了：{error.strerror}", f"cannot be read: {error.strerror}")))
    return None


def _open_yaml(path: Path, name: str | None) -> Source:
    documents = read_yaml(path)
    if documents and all("chain" in d.data for d in documents):
        return YamlSource(path, documents, dataset_of(path, name), ChainBuilder)
    if documents and all("document" in d.data for d in documents):
        return YamlSource(path, documents, dataset_of(path, name), PolicyBuilder)
    raise UnreadableFileError(
        "",
        say(
            "既不是产业链定义（chain:）也不是政策事实（document:）",
            "is neither a chain definition (chain:) nor policy facts (document:)",
        ),
    )


def _same_datasets(sources: Sequence[Source]) -> list[Problem]:
    """Two files that would be one dataset: the second would replace the first."""
    seen: dict[str, str] = {}
    problems = []
    for source in sources:
        path = source.dataset.path or ""
        if source.dataset.id in seen:
            message = say(
                f"与 {seen[source.dataset.id]} 同名，会互相覆盖；请改名",
                f"has the name of {seen[source.dataset.id]}; rename one",
            )
            problems.append(Problem(path, "", message))
        seen[source.dataset.id] = path
    return problems


def _loadable(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and path.is_file()


def _hidden(path: Path, top: Path) -> bool:
    """Office lock files (~$x.xlsx) and dot files are nobody's data; a folder words holds lists of words, no facts."""
    parts = path.relative_to(top).parts
    return parts[0] == "words" or any(part.startswith((".", "~$")) for part in parts)
