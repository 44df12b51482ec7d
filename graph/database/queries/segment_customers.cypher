// title: 一条链各环节在某地的下游客户
// title_en: Local buyers of each segment
// description: 本地从事其所供给环节（含他链环节）的在产企业；leads 为所列链主；每环节最多列 50 家
// param chain = chain:lithium
// param region = region:510100
// param oldest = 2000
// param leaders = ["firm:tongwei-solar"]
// include places_inside
MATCH (:Chain {id: $chain})-[:HAS_SEGMENT]->(s:Segment)-[:SUPPLIES]->(b:Segment)
WITH DISTINCT places, s, b
OPTIONAL MATCH (b)<-[o:OPERATES_IN]-(f:Firm)
WHERE f.active = true AND o.stage = 'operating' AND coalesce(o.confidence, 'high') <> 'low'
  AND (o.as_of IS NULL OR o.as_of >= $oldest OR $oldest STARTS WITH o.as_of)
OPTIONAL MATCH (f)-[:LOCATED_IN]->(home)
WITH places, s, b, o, f, collect(home.id) AS homes
WITH s, b, CASE WHEN o.place IN places OR (o.place IS NULL AND any(h IN homes WHERE h IN places)) THEN f END AS f
WITH DISTINCT s, b, f ORDER BY b.order, b.id
WITH s, f, collect(b.id) AS links, collect(b.name) AS names ORDER BY f.id
WITH s, collect(CASE WHEN f IS NOT NULL THEN {firm: f.id, name: f.name, links: links, names: names, leads: f.id IN $leaders} END) AS found
RETURN s.id AS segment, size(found) AS total, found[0..50] AS customers, [x IN found WHERE x.leads | x.name] AS leaders
ORDER BY segment
