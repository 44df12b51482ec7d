// title: 量化指标
// title_en: Quantified targets
// description: 指标、目标值、年份、出自哪一条
MATCH (t:Target)
OPTIONAL MATCH (t)-[:STATED_IN]->(k:Clause)
OPTIONAL MATCH (t)-[:MEASURES]->(goal)
RETURN t.id AS id, t.subject AS subject, t.indicator AS indicator, t.comparator AS comparator, t.value AS value,
       t.unit AS unit, t.year AS year, t.base_year AS base_year, t.kind AS kind,
       collect(DISTINCT goal.name) AS goals, collect(DISTINCT k.path) AS clauses
ORDER BY id
