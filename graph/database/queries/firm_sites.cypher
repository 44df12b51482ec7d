// title: 若干企业的经营地点
// title_en: Where some firms work, on what
// description: 环节、地点、所在城市、坐标、阶段；here 为是否在该地区；证据过期或可信度低的不列；未注明地点的按企业所在地
// param firms = ["firm:semcorp", "firm:calb"]
// param region = region:510100
// param oldest = 2000
// include places_inside
UNWIND $firms AS id
MATCH (f:Firm {id: id})-[o:OPERATES_IN]->(s:Segment)
WHERE coalesce(o.confidence, 'high') <> 'low' AND (o.as_of IS NULL OR o.as_of >= $oldest OR $oldest STARTS WITH o.as_of)
OPTIONAL MATCH (f)-[:LOCATED_IN]->(home)
WITH places, f, o, s, min(home.id) AS home
WITH places, f, o, s, coalesce(o.place, home) AS place
OPTIONAL MATCH (k:Park {id: place})
OPTIONAL MATCH (k)-[:LOCATED_IN*1..2]->(around:Region)
WITH places, f, o, s, place, k, min(around.id) AS around
WITH places, f, o, s, place, k, coalesce(around, place) AS spot
OPTIONAL MATCH (r:Region {id: spot})
OPTIONAL MATCH (r)-[:PART_OF*0..3]->(c:Region {level: 'city'})
WITH places, f, o, s, place, k, r, min(c.id) AS city
OPTIONAL MATCH (n:Region {id: city})
RETURN f.id AS firm, f.name AS firm_name, s.id AS segment, s.name AS segment_name, o.stage AS stage, place,
       coalesce(k.name, r.name) AS place_name, place IN places AS here, coalesce(n.id, r.id) AS city,
       coalesce(n.name, r.name) AS city_name, r.level AS level, coalesce(k.lat, r.lat) AS lat, coalesce(k.lon, r.lon) AS lon,
       o.as_of AS as_of, o.confidence AS confidence, o.sources AS sources
ORDER BY firm, segment, place
