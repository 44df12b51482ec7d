// title: 图中有什么
// title_en: What the graph holds
// description: 各类节点的数量
MATCH (n)
RETURN labels(n)[0] AS label, count(*) AS nodes
ORDER BY nodes DESC, label
