// title: 一条链在某地的企业
// title_en: Firms of a chain in a region
// description: 全称、代码、所属集团、称号、所在地、来源；地区含下级地区与园区
// param chain = chain:lithium
// param region = region:510100
// include places_inside
MATCH (:Chain {id: $chain})-[:HAS_SEGMENT]->(:Segment)<-[o:OPERATES_IN]-(f:Firm)
OPTIONAL MATCH (f)-[:LOCATED_IN]->(home)
WITH places, o, f, collect(home.id) AS homes
WHERE o.place IN places OR (o.place IS NULL AND any(h IN homes WHERE h IN places))
WITH DISTINCT f
OPTIONAL MATCH (f)-[:LOCATED_IN]->(home)
WITH f, collect(DISTINCT home.name) AS homes
RETURN f.id AS id, f.name AS name, f.name_en AS name_en, f.full_name AS full_name, f.credit_code AS credit_code,
       f.stock_code AS stock_code, f.owner AS owner, f.honours AS honours, f.active AS active, homes,
       f.as_of AS as_of, f.sources AS sources, f.note AS note
ORDER BY id
