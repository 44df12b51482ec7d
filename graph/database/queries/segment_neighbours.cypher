// title: 一个环节的上下游（含其他产业链）
// title_en: What supplies a segment and what it supplies, in all chains
// description: 供给关系两端的环节、流动的产品、所属产业链
// param segment = seg:lithium/separator
MATCH (s:Segment {id: $segment})-[r:SUPPLIES]-(o:Segment)<-[:HAS_SEGMENT]-(c:Chain)
OPTIONAL MATCH (p:Product {id: r.via})
WITH r, o, p, startNode(r).id AS supplier, collect(DISTINCT c.id) AS chains, collect(DISTINCT c.name) AS chain_names
RETURN CASE WHEN supplier = $segment THEN 'downstream' ELSE 'upstream' END AS direction, o.id AS segment,
       o.name AS name, o.name_en AS name_en, p.name AS via_name, p.name_en AS via_name_en,
       coalesce(r.essential, true) AS essential, r.group AS group, chains, chain_names
ORDER BY direction, segment, via_name
