// title: 一条链各环节的产品
// title_en: What each segment of a chain makes
// description: 产出的产品名称
// param chain = chain:lithium
MATCH (:Chain {id: $chain})-[:HAS_SEGMENT]->(s:Segment)-[:PRODUCES]->(p:Product)
WITH s, collect(DISTINCT p.name) AS products
RETURN s.id AS segment, products
ORDER BY segment
