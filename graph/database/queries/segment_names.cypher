// title: 环节的名称
// title_en: What links are called
// description: 名称与别名，以及所在的各条产业链
MATCH (c:Chain)-[:HAS_SEGMENT]->(s:Segment) WHERE s.placeholder IS NULL
RETURN s.id AS id, s.name AS name, coalesce(s.aliases, []) AS aliases, collect(DISTINCT c.id) AS chains
ORDER BY id
