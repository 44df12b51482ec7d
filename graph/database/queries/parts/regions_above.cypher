// A region and what it is part of, as ids: what is declared of these holds in it.
MATCH (:Region {id: $region})-[:PART_OF*0..6]->(scope:Region)
WITH collect(DISTINCT scope.id) AS above
