// title: 产业链的名称
// title_en: What chains are called
// description: 名称与别名，识别政策文件所说的产业链；只被政策提到的不在其列
MATCH (d:Dataset) WHERE 'Clause' IN d.labels
WITH collect(d.id) AS policies
MATCH (c:Chain) WHERE any(d IN c.datasets WHERE NOT d IN policies)
RETURN c.id AS id, c.name AS name, coalesce(c.aliases, []) AS aliases
ORDER BY id
