// title: 地区所属与所辖
// title_en: A region, what it is part of and what lies in it
// description: side：own 本地，inside 所辖，above 上级
// param region = region:510100
MATCH (own:Region {id: $region})
OPTIONAL MATCH (inside:Region)-[:PART_OF*1..6]->(own)
WITH own, collect(DISTINCT inside.id) AS inside
OPTIONAL MATCH (own)-[:PART_OF*1..6]->(above:Region)
RETURN own.id AS own, inside, collect(DISTINCT above.id) AS above
