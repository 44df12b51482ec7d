// title: 已入图的政策文件
// title_en: Policy documents on record
// description: 有条款入图的文件，及其条款、任务、指标、措施的数量
MATCH (d:Document {kind: 'policy'})<-[:PART_OF*1..6]-(k:Clause)
OPTIONAL MATCH (x)-[:STATED_IN]->(k)
WITH d, count(DISTINCT k.id) AS clauses,
     count(DISTINCT CASE WHEN x:Task THEN x.id END) AS tasks,
     count(DISTINCT CASE WHEN x:Target THEN x.id END) AS targets,
     count(DISTINCT CASE WHEN x:Measure THEN x.id END) AS measures
OPTIONAL MATCH (d)-[:ISSUED_BY]->(i:Department)
OPTIONAL MATCH (d)-[:APPLIES_TO]->(r:Region)
RETURN d.id AS id, d.name AS name, d.name_en AS name_en, d.aliases AS aliases, d.number AS number,
       d.publisher AS publisher, d.issued AS issued, d.effective AS effective, d.expires AS expires, d.url AS url,
       clauses, tasks, targets, measures, collect(DISTINCT i.name) AS issuers, collect(DISTINCT r.name) AS regions
ORDER BY issued DESC, id
