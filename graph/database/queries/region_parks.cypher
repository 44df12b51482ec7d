// title: 某地承载一条链或其环节的载体
// title_en: Parks of a region that carry a chain or its segments
// description: 核心与协同承载地，出自哪一条
// param chain = chain:hydrogen
// param region = region:510100
// include regions_inside
MATCH (c:Chain {id: $chain})
OPTIONAL MATCH (c)-[:HAS_SEGMENT]->(s:Segment)
WITH regions, c, collect(s.id) AS links
WITH regions, [c.id] + links AS goals
MATCH (p:Park)-[x:CARRIES]->(goal) WHERE goal.id IN goals
MATCH (p)-[:LOCATED_IN*1..2]->(place:Region) WHERE place.id IN regions
OPTIONAL MATCH (k:Clause) WHERE k.id IN x.sources
RETURN p.id AS park, p.name AS name, goal.id AS goal, x.role AS role, collect(DISTINCT place.name) AS places,
       collect(DISTINCT k.path) AS paths
ORDER BY park, goal
