// title: 若干文件适用于某地还是其上级
// title_en: Whether some documents apply to a region or to what it is part of
// description: 文件适用的地区，限该地区及其上级；上级的要求对该地区是可承接方向
// param region = region:510112
// param documents = ["doc:chengdu-2022-green-low-carbon"]
// include regions_above
MATCH (d:Document)-[:APPLIES_TO]->(r:Region) WHERE d.id IN $documents AND r.id IN above
RETURN DISTINCT d.id AS document, r.id AS region, r.name AS region_name, r.level AS level
ORDER BY document, region
