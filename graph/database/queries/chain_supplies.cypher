// title: 一条链内的供给关系
// title_en: What supplies what inside a chain
// description: 供给方与需求方都属于该链
// param chain = chain:pv
MATCH (c:Chain {id: $chain})-[:HAS_SEGMENT]->(a:Segment)-[r:SUPPLIES]->(b:Segment)
MATCH (c)-[:HAS_SEGMENT]->(b)
OPTIONAL MATCH (p:Product {id: r.via})
RETURN r.id AS id, a.id AS start, b.id AS end, r.via AS via, p.name AS via_name,
       coalesce(r.essential, true) AS essential, r.group AS group, r.cost_share AS cost_share, r.coefficient AS coefficient
ORDER BY id
