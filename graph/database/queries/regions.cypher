// title: 全部地区
// title_en: All regions
// description: 行政区与经济圈、走廊；上级取第一个行政区
MATCH (r:Region)
OPTIONAL MATCH (r)-[:PART_OF]->(up:Region) WHERE up.code IS NOT NULL
RETURN r.id AS id, r.name AS name, r.name_en AS name_en, r.level AS level, r.code AS code,
       min(up.id) AS parent_id, min(up.name) AS parent, min(up.name_en) AS parent_en
ORDER BY id
