// title: 一地下辖的某级地区
// title_en: Regions of a level within a region
// description: 区县级、市级或省级；市级含直辖市；带上级行政区
// param region = region:510100
// param level = county
MATCH (r:Region)-[:PART_OF*1..6]->(:Region {id: $region})
WHERE r.level = $level OR ($level = 'city' AND r.code IN ['110000', '120000', '310000', '500000'])
WITH DISTINCT r
RETURN r.id AS id, r.name AS name, r.name_en AS name_en, r.level AS level
ORDER BY id
