"""``liantu query`` and ``liantu queries``: Cypher of the user's own, and queries by name."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from commands.options import format_option
from commands.terminal import emit, err, out, print_rows
from graph.database.store import QueryResult, Store, named_queries
from graph.errors import LiantuError
from graph.language import say
from reports.formats.output import Format, csv_text, flat, json_text


def query(
    cypher: Annotated[str | None, typer.Argument(help="Cypher 语句（只读） · a read-only Cypher query")] = None,
    name: Annotated[
        str | None, typer.Option("--name", "-n", help="命名查询，见 liantu queries · a named query")
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="参数 k=v，可多次 · parameter, repeatable")
    ] = None,
    format: Annotated[Format, format_option(Format.TABLE, Format.JSON, Format.CSV)] = Format.TABLE,
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


def queries() -> None:
    """列出命名查询 · List the named queries."""
    print_rows(
        [say("名称", "name"), say("标题", "title"), say("参数（默认值）", "parameters (default)")],
        [
            [q.name, say(q.title, q.title_en), ", ".join(f"{k}={v}" for k, v in q.parameters.items())]
            for q in named_queries().values()
        ],
    )


def _print_result(result: QueryResult, format: Format) -> None:
    if format is Format.JSON:
        text = json_text(result.rows)
        out.print_json(text) if out.is_terminal else emit(text, None)
    elif format is Format.CSV:
        emit(csv_text(result.columns, ([row[c] for c in result.columns] for row in result.rows)), None)
    else:
        print_rows(result.columns, [[flat(row[c]) for c in result.columns] for row in result.rows])
    if result.truncated:
        err.print(say(f"只显示前 {len(result.rows)} 行", f"only the first {len(result.rows)} rows are shown"))


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
