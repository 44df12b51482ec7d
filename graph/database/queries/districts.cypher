// title: 某地及其下级地区的坐标
// title_en: A region and its districts, with coordinates
// description: 名称、级别、纬度、经度；无坐标的也列出
// param region = region:510100
// include regions_inside
MATCH (r:Region) WHERE r.id IN regions
RETURN DISTINCT r.id AS id, r.name AS name, r.name_en AS name_en, r.level AS level, r.lat AS lat, r.lon AS lon
ORDER BY id
