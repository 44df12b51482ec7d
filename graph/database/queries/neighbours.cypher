// title: 一个节点的邻居
// title_en: Neighbours of a node
// description: 直接相连的节点与关系，最多 200 条
// param id = chain:hydrogen
MATCH (n {id: $id})-[r]-(m)
WHERE NOT type(r) IN ['STATED_IN']
RETURN n, r, m
ORDER BY r.id
LIMIT 200
