// title: 政策点名的城市及其角色
// title_en: Cities that a policy names, and for what
// description: 城市、角色、任务、条款
MATCH (t:Task)-[x:CONCERNS]->(r:Region)
WHERE x.role IS NOT NULL
OPTIONAL MATCH (t)-[:STATED_IN]->(k:Clause)-[:PART_OF*1..5]->(d:Document)
RETURN r.name AS region, x.role AS role, x.stance AS stance, t.name AS task, k.path AS clause, d.name AS document
ORDER BY document, clause, region, role
