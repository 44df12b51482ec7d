// title: 一条链各环节在某地的企业
// title_en: Firms on each segment of a chain in a region
// description: 地区含下级地区与园区；未注明地点的企业按其所在地计
// param chain = chain:lithium
// param region = region:510100
MATCH (place:Region)-[:PART_OF*0..6]->(:Region {id: $region})
OPTIONAL MATCH (park:Park)-[:LOCATED_IN*1..2]->(place)
WITH collect(DISTINCT place.id) + collect(DISTINCT park.id) AS places
MATCH (c:Chain {id: $chain})-[:HAS_SEGMENT]->(s:Segment)<-[o:OPERATES_IN]-(f:Firm)
OPTIONAL MATCH (f)-[:LOCATED_IN]->(home)
WITH places, c, s, o, f, collect(home.id) AS homes
WHERE o.place IN places OR (o.place IS NULL AND any(h IN homes WHERE h IN places))
OPTIONAL MATCH (f)-[lead:LEADS]->(c)
RETURN s.id AS segment, s.name AS segment_name, f.id AS firm, f.name AS firm_name, f.name_en AS firm_name_en, f.owner AS owner, f.active AS active,
       o.stage AS stage, o.place AS place, o.capacity AS capacity, o.unit AS unit, o.as_of AS as_of,
       o.confidence AS confidence, o.sources AS sources, f.honours AS honours, count(lead) > 0 AS leads
ORDER BY segment, firm, place
