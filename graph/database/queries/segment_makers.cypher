// title: 一条链各环节在某地的企业
// title_en: Firms on each segment of a chain in a region
// description: 地区含下级地区与园区；未注明地点的企业按其所在地计
// param chain = chain:lithium
// param region = region:510100
// include places_inside
MATCH (c:Chain {id: $chain})-[:HAS_SEGMENT]->(s:Segment)<-[o:OPERATES_IN]-(f:Firm)
OPTIONAL MATCH (f)-[:LOCATED_IN]->(home)
WITH places, c, s, o, f, collect(home.id) AS homes, min(CASE WHEN home.id STARTS WITH 'park:' THEN home.id END) AS home_park,
     min(CASE WHEN home.id STARTS WITH 'region:' THEN home.id END) AS home_region
WHERE o.place IN places OR (o.place IS NULL AND any(h IN homes WHERE h IN places))
WITH c, s, o, f, CASE WHEN o.place IS NULL THEN home_park WHEN o.place STARTS WITH 'park:' THEN o.place END AS park,
     CASE WHEN o.place IS NULL THEN home_region ELSE o.place END AS spot
OPTIONAL MATCH (k:Park {id: park})
OPTIONAL MATCH (r:Region {id: spot})
OPTIONAL MATCH (f)-[lead:LEADS]->(c)
RETURN s.id AS segment, s.name AS segment_name, f.id AS firm, f.name AS firm_name, f.name_en AS firm_name_en, f.owner AS owner, f.active AS active,
       o.stage AS stage, o.place AS place, coalesce(r.name, k.name) AS place_name, park, k.name AS park_name,
       o.capacity AS capacity, o.unit AS unit, o.output AS output, o.as_of AS as_of,
       o.confidence AS confidence, o.sources AS sources, f.honours AS honours, count(lead) > 0 AS leads
ORDER BY segment, firm, place
