// title: 一条链各环节在外地的企业
// title_en: Makers of each segment that are elsewhere
// description: 补链候选：存续、证据不过期、可信度不低，此环节不在该地区；在本地有其他业务的、已投产的列前；每环节最多 60 家，供排序
// param chain = chain:lithium
// param region = region:510100
// param oldest = 2000
// include places_inside
MATCH (:Chain {id: $chain})-[:HAS_SEGMENT]->(s:Segment)<-[o:OPERATES_IN]-(f:Firm)
WHERE f.active = true AND coalesce(o.confidence, 'high') <> 'low'
  AND (o.as_of IS NULL OR o.as_of >= $oldest OR $oldest STARTS WITH o.as_of)
OPTIONAL MATCH (f)-[:LOCATED_IN]->(home)
WITH places, s, f, collect(DISTINCT home.id) AS homes, collect(DISTINCT home.name) AS home_names,
     collect(DISTINCT o.place) AS sites, count(o) - count(o.place) AS at_home, max(o.as_of) AS as_of,
     max(CASE WHEN o.stage = 'operating' THEN 1 ELSE 0 END) AS operating
WHERE NOT any(p IN sites WHERE p IN places) AND NOT (at_home > 0 AND any(h IN homes WHERE h IN places))
OPTIONAL MATCH (f)-[other:OPERATES_IN]->(:Segment) WHERE other.place IN places
WITH places, s, f, homes, home_names, as_of, operating, count(other) AS others
WITH s, f, home_names, as_of, operating, others > 0 OR any(h IN homes WHERE h IN places) AS here
ORDER BY here DESC, operating DESC, as_of DESC, f.id
WITH s, collect({firm: f.id, name: f.name, name_en: f.name_en, home: home_names, owner: f.owner, honours: f.honours,
                 stock_code: f.stock_code}) AS found
RETURN s.id AS segment, size(found) AS total, found[0..60] AS firms
ORDER BY segment
