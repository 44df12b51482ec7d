// title: 指标及其任务、对象与出处
// title_en: Targets with their task, what they measure and where they are stated
// description: 不含仅陈述现状的数字；scopes 为文件适用的地区，regions 为所衡量的地区，chains 为所衡量的产业链（含其环节所属的链）
MATCH (t:Target) WHERE t.kind <> 'existing'
OPTIONAL MATCH (t)-[:STATED_IN]->(k:Clause)-[:PART_OF*1..5]->(d:Document)
OPTIONAL MATCH (d)-[:APPLIES_TO]->(r:Region)
WITH t, collect(DISTINCT r.id) AS scopes, collect(DISTINCT k.path) AS paths, min(d.number) AS document_number, min(d.name) AS document_name
OPTIONAL MATCH (x:Task)-[:SETS]->(t)
WITH t, scopes, paths, document_number, document_name, collect(DISTINCT x.id) AS tasks
OPTIONAL MATCH (t)-[:MEASURES]->(place:Region)
WITH t, scopes, paths, document_number, document_name, tasks, collect(DISTINCT place.id) AS regions
OPTIONAL MATCH (t)-[:MEASURES]->(c:Chain)
WITH t, scopes, paths, document_number, document_name, tasks, regions, collect(DISTINCT c.id) AS whole
OPTIONAL MATCH (t)-[:MEASURES]->(:Segment)<-[:HAS_SEGMENT]-(home:Chain)
RETURN t.id AS id, t.name AS name, t.subject AS subject, t.indicator AS indicator, t.comparator AS comparator,
       t.value AS value, t.unit AS unit, t.year AS year, t.base_year AS base_year, t.kind AS kind, t.note AS note,
       scopes, paths, document_number, document_name, tasks, regions, whole, collect(DISTINCT home.id) AS homes
ORDER BY id
