// title: 来源文件与条款的出处
// title_en: Where documents and clauses by id are published
// description: 文件的名称、文号、发布者、印发与失效日期、网址、备注；条款给出其路径、标题与所属文件
// param ids = ["doc:ndrc-2021-1618"]
UNWIND $ids AS wanted
OPTIONAL MATCH (k:Clause {id: wanted})-[:PART_OF*1..6]->(owner:Document)
OPTIONAL MATCH (own:Document {id: wanted})
WITH wanted, k, coalesce(owner, own) AS d WHERE d IS NOT NULL
OPTIONAL MATCH (d)-[:ISSUED_BY]->(issuer:Department)
WITH wanted, k, d, issuer ORDER BY issuer.id
WITH wanted, k, d, collect(DISTINCT issuer.name) AS issuers
RETURN wanted AS id, d.id AS document, d.name AS name, d.name_en AS name_en, d.number AS number, d.publisher AS publisher,
       issuers, d.issued AS issued, d.expires AS expires, d.note AS note, d.url AS url, k.path AS path, k.name AS heading
ORDER BY id
