// A region and the regions that lie in it, as ids.
MATCH (inside:Region)-[:PART_OF*0..6]->(:Region {id: $region})
WITH collect(DISTINCT inside.id) AS regions
