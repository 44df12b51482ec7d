// title: 可能适用于一条链的支持措施
// title_en: Support measures that may apply to a chain
// description: 在该地区有效、针对该链或其环节的措施，以及未限定产业链的措施；全国性文件中未限定产业链的，只列点名该市的
// param chain = chain:lithium
// param region = region:510100
// include regions_above
MATCH (scope:Region) WHERE scope.id IN above
WITH above, collect(CASE WHEN scope.level IN ['city', 'county'] THEN scope.id END) AS here
MATCH (c:Chain {id: $chain})
OPTIONAL MATCH (c)-[:HAS_SEGMENT]->(:Segment)-[:PRODUCES*0..1]->(part)
WITH above, here, c, collect(DISTINCT part.id) AS parts
MATCH (d:Document)-[:APPLIES_TO]->(r:Region) WHERE r.id IN above
WITH DISTINCT c, parts, here, d, r
OPTIONAL MATCH (d)<-[:PART_OF*1..5]-(:Clause)<-[:STATED_IN]-(:Task)-[:CONCERNS]->(named:Region) WHERE named.id IN here
WITH c, parts, d, r, count(named) AS named
MATCH (d)<-[:PART_OF*1..5]-(k:Clause)<-[:STATED_IN]-(m:Measure)
OPTIONAL MATCH (m)-[:CONCERNS]->(goal)
WITH c, parts, d, r, named, k, m, collect(DISTINCT goal.id) AS goals
WHERE c.id IN goals OR any(g IN goals WHERE g IN parts) OR (size(goals) = 0 AND (r.level <> 'country' OR named > 0))
OPTIONAL MATCH (a:Department)-[x:RESPONSIBLE_FOR]->(m)
WITH c, parts, d, k, m, goals, a, x ORDER BY x.order, a.name
WITH c, parts, d, k, m, goals, collect(CASE WHEN x.role = 'lead' THEN a.name END) AS leading,
     collect(CASE WHEN x.role = 'support' THEN a.name END) AS supporting
RETURN m.id AS id, m.name AS name, m.instrument AS instrument, m.rate_min AS rate_min, m.rate_max AS rate_max,
       m.rate_base AS rate_base, m.rate_of AS rate_of, m.cap AS cap, m.amount AS amount, m.total AS total, m.annual_cap AS annual_cap,
       m.years AS years, m.condition AS condition, m.rule AS rule, m.beneficiary AS beneficiary, m.recipient AS recipient,
       m.note AS note, d.stacking AS stacking, leading, supporting, d.id AS document, [g IN goals WHERE g IN parts] AS parts,
       c.id IN goals AS whole_chain, k.id AS clause, k.path AS path, d.name AS document_name
ORDER BY k.order, id
