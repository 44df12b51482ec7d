// title: 在某地有效的文件点名的企业
// title_en: Firms that the documents in force in a region name
// description: 任务针对的企业及其角色、条款
// param region = region:510100
// include documents_in_force
MATCH (d:Document)<-[:PART_OF*1..5]-(k:Clause)<-[:STATED_IN]-(t:Task)-[x:CONCERNS]->(f:Firm)
WHERE d.id IN documents AND k.id IN x.sources
RETURN DISTINCT f.id AS firm, f.name AS name, f.name_en AS name_en, k.id AS clause, k.path AS path, x.role AS role
ORDER BY clause, firm, role
