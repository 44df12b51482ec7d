// title: 一个环节所属的产业链
// title_en: Chains that a segment belongs to
// description: 编号同段的本链在前
// param segment = seg:lithium/pack
MATCH (c:Chain)-[:HAS_SEGMENT]->(s:Segment {id: $segment})
RETURN c.id AS chain, c.name AS name, s.id STARTS WITH 'seg:' + substring(c.id, 6) + '/' AS home
ORDER BY home DESC, chain
