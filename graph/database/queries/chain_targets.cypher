// title: 一条链及其环节的量化目标
// title_en: Quantified targets of a chain and its segments
// description: 在该地区有效的文件所设；不含仅陈述现状的数字
// param chain = chain:lithium
// param region = region:510100
// include documents_in_force
MATCH (c:Chain {id: $chain})
OPTIONAL MATCH (c)-[:HAS_SEGMENT]->(s:Segment)
WITH documents, c, collect(s.id) AS links
WITH documents, [c.id] + links AS goals
MATCH (d:Document)<-[:PART_OF*1..5]-(k:Clause)<-[:STATED_IN]-(t:Target)-[:MEASURES]->(goal)
WHERE d.id IN documents AND goal.id IN goals AND t.kind <> 'existing'
RETURN DISTINCT t.id AS id, t.name AS name, t.comparator AS comparator, t.value AS value, t.unit AS unit, t.year AS year,
       t.base_year AS base_year, goal.id AS goal, k.path AS path
ORDER BY id, goal
