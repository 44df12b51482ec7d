// title: 产品的名称
// title_en: What products are called
// description: 名称与别名，生产、使用它的环节，以及它的下位产品
MATCH (p:Product) WHERE p.placeholder IS NULL
OPTIONAL MATCH (maker:Segment)-[:PRODUCES]->(p)
WITH p, collect(DISTINCT maker.id) AS made_by
OPTIONAL MATCH (user:Segment)-[:USES]->(p)
WITH p, made_by, collect(DISTINCT user.id) AS used_by
OPTIONAL MATCH (subtype:Product)-[:SUBTYPE_OF]->(p)
RETURN p.id AS id, p.name AS name, coalesce(p.aliases, []) AS aliases, made_by, used_by,
       collect(DISTINCT subtype.id) AS subtypes
ORDER BY id
