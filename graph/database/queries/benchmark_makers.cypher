// title: 一条链各环节的全国企业数
// title_en: Number of firms on each segment nationwide
// description: 作为区位商的基准；只计存续、已投产、证据不过期、可信度不低的企业
// param chain = chain:lithium
// param oldest = 2000
MATCH (:Chain {id: $chain})-[:HAS_SEGMENT]->(s:Segment)<-[o:OPERATES_IN]-(f:Firm)
WHERE f.active = true AND o.stage = 'operating' AND coalesce(o.confidence, 'high') <> 'low'
  AND (o.as_of IS NULL OR o.as_of >= $oldest OR $oldest STARTS WITH o.as_of)
RETURN s.id AS segment, count(DISTINCT f.id) AS makers
ORDER BY segment
