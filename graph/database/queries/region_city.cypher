// title: 某地属于哪个市
// title_en: The city that a region is part of
// description: 地区本身不算
// param region = region:510112
MATCH (:Region {id: $region})-[:PART_OF*1..3]->(c:Region {level: 'city'})
RETURN DISTINCT c.id AS id, c.name AS name, c.name_en AS name_en
ORDER BY id
