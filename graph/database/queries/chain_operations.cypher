// title: 一条链在某地的企业与项目
// title_en: Operations on a chain in a region
// description: 每项经营的环节、地点、阶段、产能、产值、截至日期、来源；含在建与规划；地区含下级地区与园区
// param chain = chain:lithium
// param region = region:510100
// include places_inside
MATCH (:Chain {id: $chain})-[:HAS_SEGMENT]->(s:Segment)<-[o:OPERATES_IN]-(f:Firm)
OPTIONAL MATCH (f)-[:LOCATED_IN]->(home)
WITH places, s, o, f, collect(home.id) AS homes, min(home.name) AS home
WHERE o.place IN places OR (o.place IS NULL AND any(h IN homes WHERE h IN places))
OPTIONAL MATCH (r:Region {id: o.place})
OPTIONAL MATCH (k:Park {id: o.place})
OPTIONAL MATCH (k)-[:LOCATED_IN]->(around:Region)
WITH s, o, f, home, r, k, min(around.name) AS around
RETURN o.id AS id, s.id AS segment, s.name AS segment_name, s.name_en AS segment_name_en, f.id AS firm,
       f.name AS firm_name, f.name_en AS firm_name_en, f.active AS active, o.stage AS stage, o.place AS place,
       coalesce(r.name, k.name, home) AS place_name, k.id AS park, coalesce(r.name, around, home) AS region_name,
       o.capacity AS capacity, o.unit AS unit, o.output AS output, o.since AS since, o.as_of AS as_of,
       o.confidence AS confidence, o.sources AS sources, o.note AS note
ORDER BY id
