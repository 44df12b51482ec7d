// title: 一条链在某地的链主任命
// title_en: Chain leaders that a region appointed
// description: 由该地区、其上级或下级任命的；梯队、批次、起止、条款
// param chain = chain:pv
// param region = region:510100
// include regions_above
OPTIONAL MATCH (down:Region)-[:PART_OF*1..6]->(:Region {id: $region})
WITH above, collect(DISTINCT down.id) AS below
WITH above + below AS regions
MATCH (f:Firm)-[x:LEADS]->(:Chain {id: $chain})
WHERE x.region IS NULL OR x.region IN regions
OPTIONAL MATCH (r:Region {id: x.region})
OPTIONAL MATCH (k:Clause) WHERE k.id IN x.sources
WITH f, x, r, collect(DISTINCT k.path) AS clauses
RETURN x.id AS id, f.id AS firm, f.name AS name, f.name_en AS name_en, r.name AS region_name, x.tier AS tier,
       x.batch AS batch, x.role AS role, x.valid_from AS valid_from, x.valid_to AS valid_to, clauses,
       x.as_of AS as_of, x.sources AS sources
ORDER BY id
