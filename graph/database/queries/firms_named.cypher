// title: 编号对应的企业
// title_en: Firms by id
// description: 名称、所属集团、称号、存续、所在地；不论地区与产业链
// param ids = ["firm:catl"]
UNWIND $ids AS wanted
MATCH (f:Firm {id: wanted})
OPTIONAL MATCH (f)-[:LOCATED_IN]->(home)
WITH f, collect(DISTINCT home.name) AS homes
RETURN f.id AS id, f.name AS name, f.owner AS owner, f.honours AS honours, f.active AS active, homes,
       f.sources AS sources
ORDER BY id
