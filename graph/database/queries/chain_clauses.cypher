// title: 提到一条链或其环节的条款与责任部门
// title_en: Clauses about a chain or its segments, and who answers for them
// description: 在该地区有效的文件；条款摘要、任务、牵头与配合部门（按文件所列次序）、针对哪些环节
// param chain = chain:lithium
// param region = region:510100
// include documents_in_force
MATCH (c:Chain {id: $chain})
OPTIONAL MATCH (c)-[:HAS_SEGMENT]->(:Segment)-[:PRODUCES*0..1]->(part)
WITH documents, c, [c.id] + collect(DISTINCT part.id) AS goals
MATCH (d:Document)<-[:PART_OF*1..5]-(k:Clause)<-[:STATED_IN]-(t:Task)-[x:CONCERNS]->(goal)
WHERE d.id IN documents AND goal.id IN goals AND k.id IN x.sources
WITH k, t, d, collect(DISTINCT goal.id) AS goals, collect(DISTINCT x.stance) AS stances
OPTIONAL MATCH (a:Department)-[r:RESPONSIBLE_FOR]->(t)
WITH k, t, d, goals, stances, a, r ORDER BY r.order, a.name
RETURN k.id AS clause, k.path AS path, k.name AS heading, k.summary AS summary, d.id AS document, d.name AS document_name,
       t.id AS task, t.name AS task_name, goals, stances,
       collect(CASE WHEN r.role = 'lead' THEN a.name END) AS lead, collect(CASE WHEN r.role = 'support' THEN a.name END) AS support
ORDER BY clause, task
