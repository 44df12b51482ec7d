// title: 哪些部门牵头某条链的任务，由哪些载体承载
// title_en: Which departments lead a task about a chain, and which parks carry it
// description: 牵头部门、任务、条款，以及该链的承载地
// param chain = chain:hydrogen
MATCH (d:Department)-[:RESPONSIBLE_FOR {role: 'lead'}]->(t:Task)-[:CONCERNS]->(goal)
MATCH (c:Chain {id: $chain})
WHERE goal.id = c.id OR (c)-[:HAS_SEGMENT]->(goal)
OPTIONAL MATCH (p:Park)-[:CARRIES]->(c)
RETURN d.name AS department, t.name AS task, t.id AS task_id, collect(DISTINCT p.name) AS parks
ORDER BY task_id, department
