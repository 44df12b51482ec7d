// title: 一地下辖的某级地区
// title_en: Regions of a level within a region
// description: 区县级、市级或省级；市级含直辖市，区县级含不再下辖区县的功能区域（高新区、新区）
// param region = region:510100
// param level = county
MATCH (r:Region)-[:PART_OF*1..6]->(:Region {id: $region})
WITH DISTINCT r
OPTIONAL MATCH (below:Region)-[:PART_OF]->(r)
WITH r, count(below) AS below
WHERE r.level = $level OR ($level = 'county' AND r.level = 'zone' AND below = 0)
   OR ($level = 'city' AND r.code IN ['110000', '120000', '310000', '500000'])
RETURN r.id AS id, r.name AS name, r.name_en AS name_en, r.level AS level
ORDER BY id
