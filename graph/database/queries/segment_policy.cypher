// title: 政策对一个环节的要求与分工
// title_en: What policy wants of a segment, and who answers for it
// description: 在该地区有效的文件中针对该环节（或其产品）的任务与措施、条款摘要、牵头与配合部门
// param segment = seg:lithium/separator
// param region = region:510100
// include documents_in_force
MATCH (s:Segment {id: $segment})-[:PRODUCES*0..1]->(goal)<-[x:CONCERNS]-(t)
MATCH (t)-[:STATED_IN]->(k:Clause)-[:PART_OF*1..5]->(d:Document)
WHERE d.id IN documents AND k.id IN x.sources
OPTIONAL MATCH (p:Department)-[a:RESPONSIBLE_FOR]->(t)
WITH DISTINCT x.stance AS stance, x.role AS role, t, k, d, p, a ORDER BY a.order, p.name
RETURN stance, role, t.id AS task, t.name AS task_name, k.id AS clause, k.path AS path,
       k.name AS heading, k.summary AS summary, d.id AS document, d.name AS document_name,
       d.name_en AS document_name_en, collect(CASE WHEN a.role = 'lead' THEN p.name END) AS leads,
       collect(CASE WHEN a.role = 'support' THEN p.name END) AS supports
ORDER BY clause, stance, task
