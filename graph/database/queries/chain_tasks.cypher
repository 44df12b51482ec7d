// title: 一条链的重点事项
// title_en: Tasks about a chain
// description: 在该地区有效的文件中针对该链、其环节或产品的任务：对象、取向、牵头与配合部门、指标、条款
// param chain = chain:lithium
// param region = region:510100
// include documents_in_force
MATCH (c:Chain {id: $chain})
OPTIONAL MATCH (c)-[:HAS_SEGMENT]->(s:Segment)
OPTIONAL MATCH (s)-[:PRODUCES]->(p:Product)
WITH documents, c, collect(DISTINCT s.id) AS segments, collect(DISTINCT p.id) AS products
WITH documents, [c.id] + segments + products AS goals
MATCH (t:Task)-[x:CONCERNS]->(goal) WHERE goal.id IN goals
MATCH (t)-[:STATED_IN]->(k:Clause)-[:PART_OF*1..5]->(d:Document)
WHERE d.id IN documents AND k.id IN x.sources
WITH DISTINCT t, k, d, goal, x
WITH t, k, d, collect(DISTINCT goal.name) AS goals, collect(DISTINCT x.stance) AS stances
OPTIONAL MATCH (q:Department)-[a:RESPONSIBLE_FOR]->(t)
WITH t, k, d, goals, stances, q, a ORDER BY a.order, q.name
WITH t, k, d, goals, stances, collect(CASE WHEN a.role = 'lead' THEN q.name END) AS leads,
     collect(CASE WHEN a.role = 'support' THEN q.name END) AS supports
OPTIONAL MATCH (t)-[:SETS]->(g:Target)
WITH t, k, d, goals, stances, leads, supports, collect(DISTINCT g.id) AS targets, max(g.year) AS year
RETURN t.id AS id, t.name AS name, goals, stances, leads, supports, targets, year, k.id AS clause, k.path AS path,
       k.order AS place, k.summary AS summary, d.id AS document, d.name AS document_name, d.number AS document_number,
       d.issued AS issued, d.expires AS expires, t.as_of AS as_of
ORDER BY document, place, id
