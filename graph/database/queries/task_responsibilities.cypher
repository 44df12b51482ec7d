// title: 每项重点任务由谁负责
// title_en: Who answers for every task
// description: 没有部门的也列出；chains 为所针对的产业链（含其环节所属的链），scopes 为文件适用的地区
MATCH (item:Task)
OPTIONAL MATCH (item)-[:STATED_IN]->(k:Clause)-[:PART_OF*1..5]->(d:Document)
OPTIONAL MATCH (d)-[:APPLIES_TO]->(r:Region)
WITH item, collect(DISTINCT r.id) AS scopes, collect(DISTINCT k.path) AS paths, min(d.number) AS document_number, min(d.name) AS document_name
OPTIONAL MATCH (item)-[:CONCERNS]->(c:Chain)
WITH item, scopes, paths, document_number, document_name, collect(DISTINCT c.id) AS whole
OPTIONAL MATCH (item)-[:CONCERNS]->(:Segment)<-[:HAS_SEGMENT]-(home:Chain)
WITH item, scopes, paths, document_number, document_name, whole, collect(DISTINCT home.id) AS homes
OPTIONAL MATCH (b:Department)-[a:RESPONSIBLE_FOR]->(item)
RETURN item.id AS id, item.name AS name, scopes, paths, document_number, document_name, whole, homes,
       b.id AS department, b.name AS department_name, b.name_en AS department_name_en, b.level AS level,
       a.role AS role, a.order AS named, a.valid_from AS valid_from, a.valid_to AS valid_to
ORDER BY id, department, role, valid_from
