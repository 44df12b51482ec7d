// title: 一条链的链主企业
// title_en: Chain leaders
// description: 链主是任命：哪份文件、哪条链、何地、何梯队
// param chain = chain:pv
MATCH (f:Firm)-[x:LEADS]->(c:Chain {id: $chain})
OPTIONAL MATCH (k:Clause) WHERE k.id IN x.sources
OPTIONAL MATCH (r:Region {id: x.region})
RETURN f.id AS firm, f.name AS firm_name, x.role AS role, x.tier AS tier, r.name AS region, x.region AS region_id,
       x.valid_from AS valid_from, k.path AS clause, k.id AS clause_id
ORDER BY firm
