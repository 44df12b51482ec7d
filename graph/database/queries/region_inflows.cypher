// title: 某地从外地、国外购入的各环节产品
// title_en: What a region brings in of each segment of a chain
// description: 来源地、数量、金额（亿元）
// param chain = chain:lithium
// param region = region:510100
MATCH (:Chain {id: $chain})-[:HAS_SEGMENT]->(s:Segment)<-[x:BRINGS_IN]-(:Region {id: $region})
OPTIONAL MATCH (o:Region {id: x.origin})
RETURN s.id AS segment, x.origin AS origin, o.name AS origin_name, x.quantity AS quantity, x.unit AS unit, x.value AS value,
       x.as_of AS as_of, x.sources AS sources
ORDER BY segment, origin
