// title: 来源编号对应的文件与条款
// title_en: Documents and clauses by id
// description: 名称与网址
// param ids = ["doc:ndrc-2021-1618"]
UNWIND $ids AS wanted
OPTIONAL MATCH (d:Document {id: wanted})
OPTIONAL MATCH (k:Clause {id: wanted})
WITH wanted, d, k WHERE d IS NOT NULL OR k IS NOT NULL
RETURN wanted AS id, coalesce(d.name, k.path, k.name) AS name, d.name_en AS name_en, d.url AS url
ORDER BY id
