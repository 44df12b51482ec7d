// title: 全部环节
// title_en: All segments
// description: 每个环节及其所在的产业链
MATCH (c:Chain)-[:HAS_SEGMENT]->(s:Segment)
RETURN s.id AS id, s.name AS name, s.name_en AS name_en, collect(DISTINCT c.name) AS chains,
       collect(DISTINCT coalesce(c.name_en, c.name)) AS chains_en
ORDER BY id
