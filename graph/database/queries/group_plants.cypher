// title: 若干集团在某地的业务
// title_en: What some groups do in a region
// description: 同一所属集团的企业在该地区的环节与阶段；证据过期或可信度低的不列
// param owners = ["华友控股", "亿纬锂能"]
// param region = region:510100
// param oldest = 2000
// include places_inside
UNWIND $owners AS owner
MATCH (f:Firm {owner: owner})-[o:OPERATES_IN]->(s:Segment)
WHERE f.active = true AND coalesce(o.confidence, 'high') <> 'low'
  AND (o.as_of IS NULL OR o.as_of >= $oldest OR $oldest STARTS WITH o.as_of)
OPTIONAL MATCH (f)-[:LOCATED_IN]->(home)
WITH places, owner, f, o, s, collect(home.id) AS homes
WHERE o.place IN places OR (o.place IS NULL AND any(h IN homes WHERE h IN places))
RETURN owner, f.id AS firm, f.name AS firm_name, s.id AS segment, s.name AS segment_name, o.stage AS stage,
       o.place AS place, o.sources AS sources
ORDER BY owner, firm, segment, place
