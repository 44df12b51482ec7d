// title: 全部产业链
// title_en: All chains
// description: 各链的环节数；没有环节的链只是被政策提到
MATCH (c:Chain)
OPTIONAL MATCH (c)-[:HAS_SEGMENT]->(s:Segment)
RETURN c.id AS id, c.name AS name, c.name_en AS name_en, count(s) AS segments
ORDER BY segments DESC, id
