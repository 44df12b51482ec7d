// title: 一个环节的全国企业
// title_en: Firms on a segment, nationwide
// description: 阶段、地点、产能、截至日期、可信度、来源；最多 2000 行
// param segment = seg:lithium/separator
MATCH (s:Segment {id: $segment})<-[o:OPERATES_IN]-(f:Firm)
OPTIONAL MATCH (f)-[:LOCATED_IN]->(home)
WITH o, f, min(home.id) AS home, min(home.name) AS home_name
OPTIONAL MATCH (r:Region {id: o.place})
OPTIONAL MATCH (k:Park {id: o.place})
OPTIONAL MATCH (k)-[:LOCATED_IN]->(around:Region)
WITH o, f, r, k, home, home_name, min(around.id) AS around
RETURN f.id AS firm, f.name AS firm_name, f.name_en AS firm_name_en, f.active AS active, f.honours AS honours,
       o.stage AS stage, o.place AS place, coalesce(r.name, k.name, home_name) AS place_name,
       r.name_en AS place_name_en, coalesce(r.id, around, home) AS region, o.capacity AS capacity,
       o.unit AS unit, o.as_of AS as_of, o.confidence AS confidence, o.sources AS sources, o.note AS note
ORDER BY firm, place
LIMIT 2000
