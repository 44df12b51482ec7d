// What lies in a region: it, the regions inside it and their parks, as ids.
// include regions_inside
OPTIONAL MATCH (park:Park)-[:LOCATED_IN*1..2]->(around:Region) WHERE around.id IN regions
WITH regions, collect(DISTINCT park.id) AS parks
WITH regions + parks AS places
