// title: 各部门牵头与配合的任务、措施数
// title_en: Tasks and measures by department
// description: 谁的担子重
MATCH (d:Department)-[r:RESPONSIBLE_FOR]->(t)
RETURN d.name AS department, d.id AS id,
       sum(CASE WHEN r.role = 'lead' THEN 1 ELSE 0 END) AS leads,
       sum(CASE WHEN r.role = 'support' THEN 1 ELSE 0 END) AS supports
ORDER BY leads DESC, supports DESC, id
