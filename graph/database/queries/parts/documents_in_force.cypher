// The documents that apply to a region or to what it is part of, as ids.
// include regions_above
MATCH (d:Document)-[:APPLIES_TO]->(r:Region) WHERE r.id IN above
WITH collect(DISTINCT d.id) AS documents
