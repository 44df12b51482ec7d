// title: 一条链的承载地
// title_en: Carrier parks of a chain
// description: 承载整条链或其中某个环节的园区、功能区
// param chain = chain:hydrogen
MATCH (c:Chain {id: $chain})
OPTIONAL MATCH (c)-[:HAS_SEGMENT]->(s:Segment)
WITH c, collect(s.id) AS segments
WITH [c.id] + segments AS goals
MATCH (p:Park)-[x:CARRIES]->(goal) WHERE goal.id IN goals
OPTIONAL MATCH (p)-[:LOCATED_IN]->(r:Region)
OPTIONAL MATCH (k:Clause) WHERE k.id IN x.sources
WITH p, goal, x, r, k ORDER BY r.id, k.id
RETURN p.id AS park, p.name AS park_name, p.kind AS kind, goal.id AS goal, goal.name AS goal_name, x.role AS role,
       collect(DISTINCT r.name) AS regions, collect(DISTINCT k.path) AS clauses
ORDER BY park, goal
