// title: 编号对应的载体
// title_en: Parks by id
// description: 类型、所在地区、坐标、来源
// param ids = ["park:huaizhou-new-city"]
UNWIND $ids AS wanted
MATCH (p:Park {id: wanted})
OPTIONAL MATCH (p)-[:LOCATED_IN*1..2]->(r:Region)
WITH p, collect(DISTINCT r.name) AS regions
RETURN p.id AS id, p.name AS name, p.name_en AS name_en, p.kind AS kind, p.lat AS lat, p.lon AS lon, regions,
       p.as_of AS as_of, p.sources AS sources, p.note AS note
ORDER BY id
