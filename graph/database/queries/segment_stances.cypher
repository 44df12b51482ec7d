// title: 政策对一条链各环节的态度
// title_en: What policy says of each segment of a chain
// description: 在该地区有效（本级或上级印发）的文件中，任务与措施对环节（或其产品）要求强链、招引、补链、延链的条款
// param chain = chain:lithium
// param region = region:510100
// include documents_in_force
MATCH (:Chain {id: $chain})-[:HAS_SEGMENT]->(s:Segment)
MATCH (s)-[:PRODUCES*0..1]->(goal)<-[x:CONCERNS]-(t)
MATCH (t)-[:STATED_IN]->(k:Clause)-[:PART_OF*1..5]->(d:Document)
WHERE d.id IN documents AND k.id IN x.sources
RETURN DISTINCT s.id AS segment, x.stance AS stance, x.role AS role, t.id AS task, t.name AS task_name,
       k.id AS clause, k.path AS path, k.name AS heading, d.id AS document, d.name AS document_name, d.number AS document_number
ORDER BY segment, clause, stance, task
