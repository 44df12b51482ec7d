"""The terminal front door: the ``liantu`` command. It only wires."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from commands.document_commands import confirm, extract, met_again, on_record, review
from commands.duty_commands import organisation
from commands.knockout_commands import coverage, knockout
from commands.region_commands import compare, relatedness
from commands.report_commands import report_app
from commands.snapshot_commands import restore, snapshot
from commands.terminal import emit, err, out, print_rows, require_data, wrote
from commands.way_out_commands import candidates, leaders, support
from graph.analysis.assessment import ChainGaps
from graph.analysis.status import Status
from graph.database import embedded, writing
from graph.database.projection import whole_graph
from graph.database.store import QueryResult, Store, named_queries
from graph.database.writing import LoadResult
from graph.errors import LiantuError, LoadError
from graph.facts import Facts
from graph.language import say, use_language
from graph.schema import NODE_TYPES, RELATIONSHIP_TYPES, counted_stages
from graph.settings import settings
from loaders.sources import datasets_in, is_document, read_sources
from loaders.spreadsheets import write_template
from reports.gap import gap_table
from services import quality
from services.gaps import assess

app = typer.Typer(
    name="liantu",
    help="链图 Liantu：产业链知识图谱 · industry-chain knowledge graph",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_debug = False
app.add_typer(report_app, name="report", rich_help_panel="查询 Questions")
app.command(rich_help_panel="政策文件 Documents")(extract)
app.command(rich_help_panel="政策文件 Documents")(review)
app.command(rich_help_panel="查询 Questions")(knockout)
app.command(rich_help_panel="查询 Questions")(coverage)
app.command(rich_help_panel="查询 Questions")(compare)
app.command(rich_help_panel="查询 Questions")(relatedness)
app.command(rich_help_panel="查询 Questions")(organisation)
for _question in (candidates, support, leaders):
    app.command(rich_help_panel="查询 Questions")(_question)
app.command(rich_help_panel="图谱 Graph")(snapshot)
app.command(rich_help_panel="图谱 Graph")(restore)

_WIDE = 110
_STATUS_STYLE = {
    Status.MISSING: "bold red",
    Status.WEAK: "yellow",
    Status.SINGLE: "bright_yellow",
    Status.UNKNOWN: "dim",
    Status.PRESENT: "cyan",
    Status.STRONG: "bold blue",
}


class OutputFormat(StrEnum):
    """How results are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class GapFormat(StrEnum):
    """How a gap assessment is printed."""

    TABLE = "table"
    JSON = "json"
    MD = "md"
    CSV = "csv"
    XLSX = "xlsx"


def main() -> None:
    """Run the command; an error is one readable line and a non-zero exit (``--debug`` shows the traceback)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console of GBK knows no ✗
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except LiantuError as error:
        if _debug:
            raise
        for line in error.problems if isinstance(error, LoadError) else [error]:
            _print_error(str(line))
        if isinstance(error, LoadError):
            count = len(error.problems)
            err.print(say(f"共 {count} 处问题，未载入任何内容", f"{count} problems; nothing was loaded"))
        sys.exit(1)
    except KeyboardInterrupt:
        err.print(say("已中断", "interrupted"))
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        if _debug:
            raise
        _print_error(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        sys.exit(1)
    except Exception as error:
        if _debug:
            raise
        _print_error(
            say(
                f"程序内部错误（{type(error).__name__}: {error}）；加 --debug 查看详情",
                f"an error inside the program ({type(error).__name__}: {error}); --debug shows more",
            )
        )
        sys.exit(1)


def _print_error(line: str) -> None:
    err.print(f"[red]✗[/] {escape(line)}", soft_wrap=True, highlight=False)


@app.callback()
def common(
    debug: Annotated[
        bool, typer.Option("--debug", help="出错时显示完整调用栈 · show the traceback of an error")
    ] = False,
    english: Annotated[bool, typer.Option("--english", help="英文输出 · messages in English")] = False,
) -> None:
    """链图 Liantu：产业链知识图谱 · industry-chain knowledge graph."""
    global _debug  # noqa: PLW0603
    _debug = debug
    if english:
        use_language("en")


# --- the graph ----------------------------------------------------------------------------------


@app.command(rich_help_panel="图谱 Graph")
def build(
    data: Annotated[Path | None, typer.Option(help="数据目录 · directory of the facts to load")] = None,
) -> None:
    """用随附数据（data/）建图；再次运行只做增量 · Build the graph from data/; again changes only what is new."""
    with _progress() as progress, Store.open() as store:
        _report(_load(store, [data or settings.data], progress))


@app.command(rich_help_panel="图谱 Graph")
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
    documents = [path for path in paths or [] if path.is_file() and is_document(path)]
    if documents:
        with Store.open() as store:
            confirm(documents, store, name, yes)
    with _progress() as progress, Store.open() as store:
        if resume or rollback:
            _report(writing.resume(store, progress) if resume else writing.roll_back(store, progress))
        elif not paths:
            raise LiantuError(say("请给出要载入的文件", "name the files to load"))
        else:
            _report(_load(store, paths, progress, name, replace=replace))


@app.command(rich_help_panel="图谱 Graph")
def forget(
    datasets: Annotated[list[str], typer.Argument(help="数据集编号，见 liantu status · ids of datasets")],
) -> None:
    """撤回数据集的全部内容 · Take back all that datasets said."""
    with _progress() as progress, Store.open() as store:
        known = {row["id"] for row in store.read("MATCH (d:Dataset) RETURN d.id AS id")}
        wanted = dict.fromkeys(d if d.startswith("dataset:") else f"dataset:{d}" for d in datasets)
        missing = [d for d in wanted if d not in known]
        if missing:
            raise LiantuError(say(f"没有数据集 {'、'.join(missing)}", f"no dataset {', '.join(missing)}"))
        _report(writing.remove(store, wanted, progress))


@app.command(rich_help_panel="图谱 Graph")
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


@app.command(rich_help_panel="图谱 Graph")
def stop() -> None:
    """停止内嵌引擎 · Stop the embedded engine."""
    stopped = embedded.stop()
    out.print(say("已停止", "stopped") if stopped else say("引擎未在运行", "the engine was not running"))


@app.command(rich_help_panel="图谱 Graph")
def check() -> None:
    """数据质量：悬空引用、孤立对象、循环、无企业环节 · Data quality."""
    with Store.open() as store:
        require_data(store)
        findings = quality.check(store)
    for finding in findings:
        mark = "[green]✓[/]" if not finding.rows else "[red]✗[/]" if finding.serious else "[yellow]![/]"
        out.print(f"{mark} {escape(finding.title)}: {len(finding.rows)}")
        for row in finding.rows[:10]:
            by = "、".join(str(b) for b in row["by"] if b)
            out.print(
                f"    {row['id']}" + (f"  ← {by}" if by and by != row["id"] else ""),
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
        if len(finding.rows) > 10:
            out.print(say(f"    …… 另 {len(finding.rows) - 10} 项", f"    ... {len(finding.rows) - 10} more"))
    if any(f.serious and f.rows for f in findings):
        raise typer.Exit(1)


@app.command(rich_help_panel="图谱 Graph")
def template(
    file: Annotated[Path, typer.Argument(help="firms.xlsx、企业.xlsx，或 template.xlsx（全部表）")],
) -> None:
    """写出空白表格模板 · Write an empty table to fill in."""
    if file.exists():
        raise LiantuError(say(f"{file} 已存在，不覆盖", f"{file} is there already"))
    write_template(file)
    out.print(escape(say(f"已写出 {file}", f"wrote {file}")))


@app.command(rich_help_panel="图谱 Graph")
def export(directory: Annotated[Path, typer.Argument(help="输出目录 · directory to write to")]) -> None:
    """导出：各类 CSV、GraphML、Cypher 脚本 · Export CSV, GraphML and a Cypher script."""
    from graph.database.export import export_csv, export_cypher, export_graphml

    with Store.open() as store:
        whole = whole_graph(store)
    directory.mkdir(parents=True, exist_ok=True)
    files = export_csv(whole, directory)
    files += [export_graphml(whole, directory / "graph.graphml"), export_cypher(whole, directory / "graph.cypher")]
    out.print(
        escape(
            say(
                f"已写出 {len(files)} 个文件到 {directory}（{whole.number_of_nodes()} 节点，{whole.number_of_edges()} 关系）",
                f"wrote {len(files)} files to {directory} ({whole.number_of_nodes()} nodes, {whole.number_of_edges()} relationships)",
            )
        )
    )


# --- questions ------------------------------------------------------------------------------------


@app.command(rich_help_panel="查询 Questions")
def gaps(
    region: Annotated[
        str, typer.Option("--region", "-r", help="地区：名称、别名、代码或编号 · region")
    ] = settings.default_region,
    chain: Annotated[
        list[str] | None, typer.Option("--chain", "-c", help="产业链，可多次；默认五条主链 · chain, repeatable")
    ] = None,
    format: Annotated[
        GapFormat | None, typer.Option("--format", "-f", help="输出格式，默认随文件名 · format, by default the file's")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写入文件 · write to a file")] = None,
    planned: Annotated[
        bool, typer.Option("--planned", help="在建与规划产能也计入 · count what is planned or being built")
    ] = False,
) -> None:
    """缺链报告：某地某链各环节的状态、依据与得分 · Gaps in a chain: status, reason and score of every link."""
    stages = counted_stages(planned=planned)
    format = format or _format_of(output)
    if format is GapFormat.XLSX and output is None:
        raise LiantuError(say("xlsx 需要 -o 文件名", "xlsx needs -o FILE"))
    with Store.open() as store:
        require_data(store)
        found = [c.gaps for c in assess(store, region, chain or settings.main_chains, stages).chains]
    assessed = list({item.chain: item for item in found}.values())
    if format is GapFormat.XLSX:
        assert output is not None
        gap_table.write_xlsx(assessed, output)
    elif format is GapFormat.TABLE and output is None:
        for item in assessed:
            _print_gaps(item)
    else:
        text = gap_table.as_csv(assessed) if format is GapFormat.CSV else gap_table.as_markdown(assessed)
        if format is GapFormat.JSON:
            plain = [gap_table.as_json(item) for item in assessed]
            text = json.dumps(plain[0] if len(plain) == 1 else plain, ensure_ascii=False, indent=2) + "\n"
        emit(text, output)
    if output is not None:
        wrote(output)


@app.command(rich_help_panel="查询 Questions")
def query(
    cypher: Annotated[str | None, typer.Argument(help="Cypher 语句（只读） · a read-only Cypher query")] = None,
    name: Annotated[
        str | None, typer.Option("--name", "-n", help="命名查询，见 liantu queries · a named query")
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="参数 k=v，可多次 · parameter, repeatable")
    ] = None,
    format: Annotated[OutputFormat, typer.Option("--format", "-f", help="输出格式 · format")] = OutputFormat.TABLE,
    limit: Annotated[int | None, typer.Option(min=1, help="最多行数 · most rows")] = None,
    timeout: Annotated[float | None, typer.Option(min=0.1, help="最长秒数 · most seconds")] = None,
) -> None:
    """运行只读 Cypher · Run read-only Cypher."""
    if bool(cypher) == bool(name):
        raise LiantuError(say("请给出 Cypher 语句或 --name，二者取一", "give a Cypher query or --name, one of the two"))
    given = dict(_parameter(p) for p in param or [])
    if name is not None:
        cypher, parameters = _named(name, given)
    else:
        assert cypher is not None
        parameters = {key: _json_or_text(value) for key, value in given.items()}
    with Store.open() as store:
        result = store.query(cypher, parameters, rows=limit, seconds=timeout)
    _print_result(result, format)


@app.command(rich_help_panel="查询 Questions")
def queries() -> None:
    """列出命名查询 · List the named queries."""
    print_rows(
        [say("名称", "name"), say("标题", "title"), say("参数（默认值）", "parameters (default)")],
        [
            [q.name, say(q.title, q.title_en), ", ".join(f"{k}={v}" for k, v in q.parameters.items())]
            for q in named_queries().values()
        ],
    )


@app.command("app", rich_help_panel="查询 Questions")
def open_app(
    port: Annotated[int, typer.Option(help="端口 · port")] = 8501,
    host: Annotated[str, typer.Option(help="监听地址，默认仅本机 · address to listen on")] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="打开浏览器 · open a browser")] = True,
) -> None:
    """打开网页应用 · Open the web app."""
    with _progress() as progress, Store.open() as store:
        if store.is_empty():
            _report(_load(store, [settings.data], progress))
    script = Path(__file__).with_name("app.py")
    # Without a display Streamlit must not look for a browser.
    headless = not browser or (sys.platform.startswith("linux") and not os.environ.get("DISPLAY"))
    options = {
        "server.address": host,
        "server.port": port,
        "server.headless": str(headless).lower(),
        "browser.gatherUsageStats": "false",
        "server.fileWatcherType": "none",
        "client.toolbarMode": "minimal",
        "server.showEmailPrompt": "false",
    }
    command = [sys.executable, "-m", "streamlit", "run", str(script), *(f"--{k}={v}" for k, v in options.items())]
    out.print(say(f"链图：http://{host}:{port}（Ctrl-C 结束）", f"Liantu: http://{host}:{port} (Ctrl-C ends it)"))
    sys.exit(subprocess.run(command, check=False).returncode)


# --- printing ---------------------------------------------------------------------------------------


def _load(
    store: Store, paths: list[Path], progress: writing.Progress, name: str | None = None, *, replace: bool = True
) -> LoadResult:
    names, record = on_record(store, datasets_in(paths, name))
    facts = read_sources(paths, names, record=record, name=name, progress=progress)
    if not facts:
        raise LiantuError(say("没有可载入的文件", "no file to load there"))
    if not replace:
        _refuse_namesakes(store, facts)
    return writing.load(store, [*facts, *met_again(store, facts)], progress)


def _refuse_namesakes(store: Store, facts: Sequence[Facts]) -> None:
    """Another file of the same name must not silently replace the one on record."""
    paths = {row["id"]: row["path"] for row in store.read("MATCH (d:Dataset) RETURN d.id AS id, d.path AS path")}
    for dataset in (f.dataset for f in facts):
        before = paths.get(dataset.id)
        if before is not None and before != dataset.path:
            raise LiantuError(
                say(
                    f"已载入过同名数据集 {dataset.name}（来自 {before}）：若是它的新版，加 --replace；若是另一份，加 --as 名称",
                    f"a dataset {dataset.name} was loaded from {before}: add --replace if this is its new version, or --as NAME",
                )
            )


@contextmanager
def _progress() -> Iterator[writing.Progress]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def show(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(phase, total=total)
            bars.update(tasks[phase], completed=done, total=total)

        yield show


def _report(result: LoadResult) -> None:
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


def _print_gaps(item: ChainGaps) -> None:
    table = Table(title=f"{item.region_name} · {item.chain_name}", title_justify="left", show_lines=False)
    # On a narrow terminal the table would be a column of single characters: the reason and the numbers stay.
    wanted = (0, 1, 3, 4, 5, 6, 7, 9) if out.width >= _WIDE else (0, 1, 3, 4, 7)
    headings = gap_table.headings()
    for index in wanted:
        table.add_column(
            headings[index],
            overflow="fold",
            no_wrap=index in (0, 3, 6, 7),
            justify="right" if index in (6, 7) else "left",
        )
    for segment, row in zip(item.segments, gap_table.rows(item), strict=True):
        cells = [
            escape(f"{v:.2f}" if isinstance(v, float) else "" if v is None else str(v))
            for v in map(row.__getitem__, wanted)
        ]
        cells[2] = f"[{_STATUS_STYLE[segment.status]}]{cells[2]}[/]"
        table.add_row(*cells)
    out.print(table)
    out.print(escape(gap_table.summary(item)), highlight=False)
    if item.ranking.rows:
        out.print(escape(gap_table.formula_text(item.ranking)), highlight=False)
    out.print()


def _print_result(result: QueryResult, format: OutputFormat) -> None:
    if format is OutputFormat.JSON:
        out.print_json(json.dumps(result.rows, ensure_ascii=False, default=str)) if out.is_terminal else print(
            json.dumps(result.rows, ensure_ascii=False, indent=2, default=str)
        )
    elif format is OutputFormat.CSV:
        from graph.cells import safe_cell

        writer = csv.writer(sys.stdout)
        writer.writerow(result.columns)
        writer.writerows([safe_cell(_cell(row[c])) for c in result.columns] for row in result.rows)
    else:
        print_rows(result.columns, [[_cell(row[c]) for c in result.columns] for row in result.rows])
    if result.truncated:
        err.print(say(f"只显示前 {len(result.rows)} 行", f"only the first {len(result.rows)} rows are shown"))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return "、".join(value)
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (dict, list)) else str(value)


def _parameter(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise LiantuError(say(f"参数应为 k=v，不是 {text!r}", f"a parameter is k=v, not {text!r}"))
    return key, value


def _json_or_text(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _named(name: str, given: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """A named query and its parameters: all are text (a code is no number) or lists."""
    query = named_queries().get(name)
    if query is None:
        raise LiantuError(say(f"没有命名查询 {name}；见 liantu queries", f"no named query {name}; see liantu queries"))
    unknown = "、".join(given.keys() - query.parameters.keys())
    if unknown:
        known = "、".join(query.parameters)
        raise LiantuError(
            say(f"{name} 没有参数 {unknown}；有：{known}", f"{name} has no parameter {unknown}; it has: {known}")
        )
    typed = {key: _json_or_text(value) if value[:1] in ("[", "{") else value for key, value in given.items()}
    return query.cypher, {**query.parameters, **typed}


def _format_of(output: Path | None) -> GapFormat:
    if output is None:
        return GapFormat.TABLE
    ending = output.suffix.lower().removeprefix(".")
    return GapFormat(ending) if ending in list(GapFormat) else GapFormat.MD


if __name__ == "__main__":
    main()
