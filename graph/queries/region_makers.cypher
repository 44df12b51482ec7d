// title: 若干地区各环节的企业数
// title_en: Number of firms on each segment in several regions
// description: 按从事地点（未注明的按企业所在地）归入所列各地区，含下级地区与园区；只计存续、已投产、证据不过期、可信度不低的企业；squares 为各所有者企业数的平方和，有效所有者 = makers² / squares
// param regions = ["region:510000", "region:320000", "region:440000"]
// param oldest = 2000
MATCH (s:Segment)<-[o:OPERATES_IN]-(f:Firm)
WHERE f.active = true AND o.stage = 'operating' AND coalesce(o.confidence, 'high') <> 'low'
  AND (o.as_of IS NULL OR o.as_of >= $oldest OR $oldest STARTS WITH o.as_of)
OPTIONAL MATCH (f)-[:LOCATED_IN]->(home) WHERE o.place IS NULL
WITH coalesce(o.place, home.id) AS place, s.id AS segment, collect(f) AS firms
WITH place, collect({segment: segment, firms: firms}) AS links
OPTIONAL MATCH (park:Park {id: place})-[:LOCATED_IN*1..2]->(around:Region)
WITH place, links, collect(around.id) AS arounds
UNWIND arounds + [place] AS spot
MATCH (:Region {id: spot})-[:PART_OF*0..6]->(r:Region)
WHERE r.id IN $regions
WITH DISTINCT r.id AS region, place, links
UNWIND links AS link
UNWIND link.firms AS firm
WITH region, link.segment AS segment, coalesce(firm.owner, firm.id) AS owner, count(DISTINCT firm.id) AS firms
RETURN region, segment, sum(firms) AS makers, sum(firms * firms) AS squares
ORDER BY region, segment
