// title: 若干地区各环节的企业数
// title_en: Number of firms on each segment in several regions
// description: places 写明每个地点计入哪些地区（见 region_places）；只计存续、已投产、证据不过期、可信度不低的企业，未注明从事地点的按其所在地；squares 为各所有者企业数的平方和，有效所有者数 = makers² / squares
// param places = {"region:510100": ["region:510000"], "region:511500": ["region:510000"], "region:440300": ["region:440000"]}
// param segments = ["seg:pv/cell", "seg:lithium/cell", "seg:lithium/separator"]
// param oldest = 2000
MATCH (s:Segment)
WHERE s.id IN $segments
CALL {
  WITH s
  MATCH (s)<-[o:OPERATES_IN]-(f:Firm)
  WHERE f.active = true AND o.stage = 'operating' AND coalesce(o.confidence, 'high') <> 'low'
    AND (o.as_of IS NULL OR o.as_of >= $oldest OR $oldest STARTS WITH o.as_of)
  OPTIONAL MATCH (f)-[:LOCATED_IN]->(home) WHERE o.place IS NULL
  WITH f, coalesce(o.place, home.id) AS place
  UNWIND $places[place] AS region
  WITH region, coalesce(f.owner, f.id) AS owner, count(DISTINCT f.id) AS firms
  RETURN region, sum(firms) AS makers, sum(firms * firms) AS squares
}
RETURN region, s.id AS segment, makers, squares
ORDER BY region, segment
