"""What is in the graph: ``liantu build``, ``load``, ``forget``, ``status``, ``stop``, ``check``, ``template``, ``export``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from commands.document_commands import confirm_load, print_proposal, print_taken_back
from commands.terminal import out, print_rows, progress_bars, require_data
from graph.database import embedded, writing
from graph.database.projection import whole_graph
from graph.database.store import Store
from graph.database.writing import LoadResult
from graph.errors import LiantuError
from graph.language import say
from graph.schema import NODE_TYPES, RELATIONSHIP_TYPES
from graph.settings import settings
from loaders.spreadsheets import write_template
from reports.words import DEFECT_NAMES
from services import quality
from services.loading import prepare_load, write_load


def build(
    data: Annotated[Path | None, typer.Option(help="数据目录 · directory of the facts to load")] = None,
) -> None:
    """用随附数据（data/）建图；再次运行只做增量 · Build the graph from data/; again changes only what is new."""
    with Store.open() as store:
        print_load(load_paths(store, [data or settings.data]))


def load(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="文件或目录：.yaml .csv .xlsx；政策文件 .docx .pdf .html .txt · files or directories"),
    ] = None,
    name: Annotated[str | None, typer.Option("--as", help="数据集名（默认用文件名） · name of the dataset")] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="替换来自别处的同名数据集 · replace a dataset of that name from another folder"),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="完成上次中断的载入 · finish a load that was cut off")
    ] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="撤销上次中断的载入 · undo a load that was cut off")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="政策文件不再询问 · do not ask about documents")] = False,
) -> None:
    """载入文件；同一文件再次载入即替换它上次所说 · Load files; a file loaded anew replaces what it said before."""
    if resume + rollback + bool(paths) > 1:
        raise LiantuError(say("--resume、--rollback 与文件只能取其一", "give one of --resume, --rollback and files"))
    with Store.open() as store:
        if paths:
            print_load(load_paths(store, paths, name, replace=replace, confirm=None if yes else confirm_load))
        elif not resume and not rollback:
            raise LiantuError(say("请给出要载入的文件", "name the files to load"))
        else:
            with progress_bars() as progress:
                print_load(writing.resume(store, progress) if resume else writing.roll_back(store, progress))


def forget(
    datasets: Annotated[list[str], typer.Argument(help="数据集编号，见 liantu status · ids of datasets")],
) -> None:
    """撤回数据集的全部内容 · Take back all that datasets said."""
    with progress_bars() as progress, Store.open() as store:
        known = {row["id"] for row in store.read("MATCH (d:Dataset) RETURN d.id AS id")}
        wanted = dict.fromkeys(d if d.startswith("dataset:") else f"dataset:{d}" for d in datasets)
        missing = [d for d in wanted if d not in known]
        if missing:
            raise LiantuError(say(f"没有数据集 {'、'.join(missing)}", f"no dataset {', '.join(missing)}"))
        print_load(writing.remove(store, wanted, progress))


def status() -> None:
    """引擎、数据集与未完成的载入 · Engine, datasets, unfinished loads."""
    if not settings.neo4j_uri:
        engine = embedded.attach()
        if engine is None:
            idle = say(f"内嵌引擎未运行（{settings.home}）", f"the embedded engine is not running ({settings.home})")
            out.print(escape(idle))
            return
        out.print(
            escape(
                say(
                    f"内嵌引擎运行中：{engine.uri}，进程 {engine.pid}，{settings.home}",
                    f"embedded engine running: {engine.uri}, pid {engine.pid}, {settings.home}",
                )
            )
        )
    with Store.open() as store:
        if settings.neo4j_uri:
            out.print(say(f"服务器：{store.backend.uri}", f"server: {store.backend.uri}"))
        cut_off = writing.unfinished(store)
        if cut_off:
            out.print(
                say(
                    f"[bold red]有中断的载入[/]：{cut_off['done']}/{cut_off['total']} 批；liantu load --resume 或 --rollback",
                    f"[bold red]a load was cut off[/]: {cut_off['done']}/{cut_off['total']} batches; liantu load --resume or --rollback",
                )
            )
        print_rows(
            [say("数据集", "dataset"), say("节点", "nodes"), say("关系", "relationships"), say("载入时间", "loaded")],
            [
                [r["id"], r["nodes"], r["relationships"], r["at"]]
                for r in store.read(
                    "MATCH (d:Dataset) RETURN d.id AS id, d.node_count AS nodes, d.relationship_count AS relationships, "
                    "d.loaded_at AS at ORDER BY id"
                )
            ],
        )


def stop() -> None:
    """停止内嵌引擎 · Stop the embedded engine."""
    stopped = embedded.stop()
    out.print(say("已停止", "stopped") if stopped else say("引擎未在运行", "the engine was not running"))


def check() -> None:
    """数据质量：悬空引用、孤立对象、循环、无企业环节 · Data quality."""
    with Store.open() as store:
        require_data(store)
        findings = quality.check(store)
    for finding in findings:
        mark = "[green]✓[/]" if not finding.places else "[red]✗[/]" if finding.serious else "[yellow]![/]"
        out.print(f"{mark} {escape(say(*DEFECT_NAMES[finding.name]))}: {len(finding.places)}")
        for place in finding.places[:10]:
            by = "、".join(b for b in place.by if b)
            out.print(
                f"    {place.id}" + (f"  ← {by}" if by and by != place.id else ""),
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
        if len(finding.places) > 10:
            out.print(say(f"    …… 另 {len(finding.places) - 10} 项", f"    ... {len(finding.places) - 10} more"))
    if any(f.serious and f.places for f in findings):
        raise typer.Exit(1)


def template(
    file: Annotated[Path, typer.Argument(help="firms.xlsx、企业.xlsx，或 template.xlsx（全部表）")],
) -> None:
    """写出空白表格模板 · Write an empty table to fill in."""
    if file.exists():
        raise LiantuError(say(f"{file} 已存在，不覆盖", f"{file} is there already"))
    write_template(file)
    out.print(escape(say(f"已写出 {file}", f"wrote {file}")))


def export(directory: Annotated[Path, typer.Argument(help="输出目录 · directory to write to")]) -> None:
    """导出：各类 CSV、GraphML、Cypher 脚本 · Export CSV, GraphML and a Cypher script."""
    from graph.database.export import export_csv, export_cypher, export_graphml

    with Store.open() as store:
        graph = whole_graph(store)
    directory.mkdir(parents=True, exist_ok=True)
    files = export_csv(graph, directory)
    files += [export_graphml(graph, directory / "graph.graphml"), export_cypher(graph, directory / "graph.cypher")]
    out.print(
        escape(
            say(
                f"已写出 {len(files)} 个文件到 {directory}（{graph.number_of_nodes()} 节点，{graph.number_of_edges()} 关系）",
                f"wrote {len(files)} files to {directory} ({graph.number_of_nodes()} nodes, {graph.number_of_edges()} relationships)",
            )
        )
    )


def load_paths(
    store: Store,
    paths: Sequence[Path],
    name: str | None = None,
    *,
    replace: bool = True,
    confirm: Callable[[], object] | None = None,
) -> LoadResult:
    """Load files and directories; of documents among them what they propose is shown, and ``confirm`` asked.

    Raises:
        LiantuError: no file to load, a fault in one, or another file's dataset of that name.
    """
    with progress_bars() as progress:
        prepared = prepare_load(store, paths, progress, name, replace=replace)
    for proposal in prepared.proposals:
        print_proposal(proposal)
    for dataset, count in prepared.taken_back.items():
        print_taken_back(dataset, count)
    if prepared.proposals and confirm:
        confirm()
    with progress_bars() as progress:
        return write_load(store, prepared, progress)


def print_load(result: LoadResult) -> None:
    """What a load did, by label and type."""
    if not result.total:
        out.print(say("无变化：图谱已是最新", "nothing changed: the graph is up to date"))
        return
    words = [
        (say("新增", "created"), result.created),
        (say("更新", "updated"), result.updated),
        (say("移除", "removed"), result.removed),
    ]
    print_rows(
        [say("类型", "type"), *(word for word, _ in words)],
        [[_kind_name(kind), *(counter[kind] or "" for _, counter in words)] for kind in _kinds(result)],
    )
    out.print("，".join(f"{word} {counter.total()}" for word, counter in words))


def _kinds(result: LoadResult) -> list[str]:
    order = [*NODE_TYPES, *RELATIONSHIP_TYPES]
    counted: Counter[str] = result.created + result.updated + result.removed
    return sorted(counted, key=order.index)


def _kind_name(kind: str) -> str:
    declared = NODE_TYPES.get(kind) or RELATIONSHIP_TYPES[kind]
    return say(f"{declared.zh} {kind}", kind)
