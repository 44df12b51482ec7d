// title: 某地的载体与一条链的关系
// title_en: Parks of a region and what they have to do with a chain
// description: 位置与级别、承载的链或环节（含条款）、点名该载体的任务所设的该链目标；未承载的载体也列
// param chain = chain:storage
// param region = region:510100
// include regions_inside
MATCH (c:Chain {id: $chain})
OPTIONAL MATCH (c)-[:HAS_SEGMENT]->(s:Segment)
WITH regions, c, collect(s.id) AS links
WITH regions, [c.id] + links AS goals
MATCH (p:Park)-[:LOCATED_IN*1..2]->(place:Region) WHERE place.id IN regions
WITH DISTINCT goals, p, place ORDER BY place.id
WITH goals, p, collect({id: place.id, name: place.name, level: place.level}) AS places
OPTIONAL MATCH (p)-[x:CARRIES]->(goal) WHERE goal.id IN goals
OPTIONAL MATCH (k:Clause) WHERE k.id IN x.sources
WITH goals, p, places, x, goal, k ORDER BY goal.id, k.order
WITH goals, p, places, x, goal, collect(k.path) AS paths ORDER BY goal.id
WITH goals, p, places, collect(CASE WHEN goal IS NOT NULL THEN {goal: goal.id, role: x.role, paths: paths, sources: x.sources} END) AS carries
OPTIONAL MATCH (p)<-[:CONCERNS]-(:Task)-[:SETS]->(t:Target)-[:MEASURES]->(aim) WHERE aim.id IN goals AND t.kind <> 'existing'
WITH DISTINCT p, places, carries, t ORDER BY t.id
RETURN p.id AS park, p.name AS name, p.name_en AS name_en, p.sources AS sources, places, carries,
       collect(CASE WHEN t IS NOT NULL THEN {name: t.name, year: t.year} END) AS targets
ORDER BY park
