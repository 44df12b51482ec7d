// title: 在某地有效的文件
// title_en: Documents in force in a region
// description: 适用于该地区或其上级；文号、印发、施行与失效日期
// param region = region:510100
// include regions_above
MATCH (d:Document)-[:APPLIES_TO]->(r:Region) WHERE r.id IN above
WITH d, collect(DISTINCT r.name) AS regions
RETURN d.id AS id, d.name AS name, d.name_en AS name_en, d.number AS number, d.issued AS issued,
       d.effective AS effective, d.expires AS expires, d.url AS url, regions
ORDER BY id
