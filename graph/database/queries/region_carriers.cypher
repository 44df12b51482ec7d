// title: 某地载体对一条链的承载
// title_en: Appointments of a region's parks as carriers of a chain
// description: 承载整条链或其环节；核心或协同、起止、条款
// param chain = chain:pv
// param region = region:510100
// include regions_inside
MATCH (c:Chain {id: $chain})
OPTIONAL MATCH (c)-[:HAS_SEGMENT]->(s:Segment)
WITH regions, c, collect(s.id) AS links
WITH regions, [c.id] + links AS goals
MATCH (p:Park)-[x:CARRIES]->(goal) WHERE goal.id IN goals
MATCH (p)-[:LOCATED_IN*1..2]->(around:Region) WHERE around.id IN regions
OPTIONAL MATCH (k:Clause) WHERE k.id IN x.sources
WITH p, x, goal, collect(DISTINCT k.path) AS clauses
RETURN x.id AS id, p.id AS park, p.name AS name, goal.id AS goal, goal.name AS goal_name, x.role AS role,
       x.valid_from AS valid_from, x.valid_to AS valid_to, clauses, x.as_of AS as_of, x.sources AS sources
ORDER BY id
