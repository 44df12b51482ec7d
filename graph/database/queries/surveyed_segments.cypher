// title: 登记已完整的环节
// title_en: Segments whose firm register is complete
// description: 只有这里列出的环节，“无企业”才等于“缺”
// param chain = chain:lithium
// param region = region:510100
// include regions_above
MATCH (scope:Region)-[x:SURVEYED {complete: true}]->(goal) WHERE scope.id IN above
MATCH (:Chain {id: $chain})-[:HAS_SEGMENT]->(s:Segment)
WHERE goal.id = $chain OR goal.id = s.id
RETURN DISTINCT s.id AS segment, x.as_of AS as_of, x.sources AS sources
ORDER BY segment
