// title: 若干地区内的全部地点
// title_en: All places in several regions
// description: 下级地区与园区，各计入哪一个所列地区
// param regions = ["region:510000", "region:510100"]
MATCH (place:Region)-[:PART_OF*0..6]->(r:Region)
WHERE r.id IN $regions
OPTIONAL MATCH (park:Park)-[:LOCATED_IN*1..2]->(place)
WITH r.id AS region, collect(DISTINCT place.id) AS inside, collect(DISTINCT park.id) AS parks
UNWIND inside + parks AS place
RETURN DISTINCT region, place
ORDER BY region, place
