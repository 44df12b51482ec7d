// title: 一条链的量化目标与实绩
// title_en: Targets of a chain with what was observed
// description: 在该地区有效的文件所设；每个目标的各期实绩
// param chain = chain:lithium
// param region = region:510100
// include documents_in_force
MATCH (c:Chain {id: $chain})
OPTIONAL MATCH (c)-[:HAS_SEGMENT]->(s:Segment)
WITH documents, c, collect(DISTINCT s.id) AS segments
WITH documents, [c.id] + segments AS goals
MATCH (d:Document)<-[:PART_OF*1..5]-(k:Clause)<-[:STATED_IN]-(t:Target)-[:MEASURES]->(goal)
WHERE d.id IN documents AND goal.id IN goals
WITH DISTINCT t, k, d
OPTIONAL MATCH (t)-[:OBSERVED]->(o:Observation)
WITH t, k, d, collect(DISTINCT o {.id, .name, .period, .value, .measured, .as_of, .sources}) AS observations
RETURN t.id AS id, t.name AS name, t.indicator AS indicator, t.comparator AS comparator, t.value AS value,
       t.unit AS unit, t.year AS year, t.base_year AS base_year, t.kind AS kind, k.path AS path,
       d.name AS document_name, d.number AS document_number, t.as_of AS as_of, observations
ORDER BY id
