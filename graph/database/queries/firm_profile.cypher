// title: 一家企业的全部关系
// title_en: Everything about one firm
// description: 在哪、做什么、是哪条链的链主、哪些任务点名
// param firm = firm:catl
MATCH (f:Firm {id: $firm})-[r]-(other)
RETURN type(r) AS relationship, other.id AS id, other.name AS name, properties(r) AS properties
ORDER BY relationship, id, r.id
