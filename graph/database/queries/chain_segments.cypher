// title: 一条链的环节
// title_en: Segments of a chain
// description: 按上游到下游排列
// param chain = chain:pv
MATCH (:Chain {id: $chain})-[h:HAS_SEGMENT]->(s:Segment)
RETURN s.id AS id, s.name AS name, s.name_en AS name_en, s.aliases AS aliases,
       coalesce(h.position, s.position) AS position, coalesce(h.order, s.order) AS order,
       s.essential AS essential, s.sources AS sources
ORDER BY order, id
