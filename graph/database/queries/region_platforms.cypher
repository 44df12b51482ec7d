// title: 某地的创新平台及其与一条链的关系
// title_en: Platforms of a region and what joins them to a chain
// description: 位于该地区的平台；同一任务或措施既针对平台又针对该链的，列出任务
// param chain = chain:hydrogen
// param region = region:510100
// include places_inside
MATCH (c:Chain {id: $chain})
OPTIONAL MATCH (c)-[:HAS_SEGMENT]->(s:Segment)
OPTIONAL MATCH (s)-[:PRODUCES]->(p:Product)
WITH places, c, collect(DISTINCT s.id) AS segments, collect(DISTINCT p.id) AS products
WITH places, [c.id] + segments + products AS goals
MATCH (q:Platform)-[:LOCATED_IN]->(at) WHERE at.id IN places
WITH goals, q, collect(DISTINCT at.name) AS places
OPTIONAL MATCH (t)-[:CONCERNS]->(q)
OPTIONAL MATCH (t)-[:CONCERNS]->(goal) WHERE goal.id IN goals
WITH q, places, collect(DISTINCT CASE WHEN goal IS NOT NULL THEN t.name END) AS tasks,
     collect(DISTINCT t.name) AS all_tasks
OPTIONAL MATCH (q)-[:STATED_IN]->(k:Clause)
WITH q, places, tasks, all_tasks, collect(DISTINCT k.path) AS clauses
RETURN q.id AS id, q.name AS name, q.name_en AS name_en, q.kind AS kind, places, tasks, all_tasks, clauses,
       q.as_of AS as_of, q.sources AS sources, q.note AS note
ORDER BY id
