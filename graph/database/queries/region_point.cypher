// title: 一个地区的坐标
// title_en: Coordinates of a region
// description: 政府驻地的经纬度（WGS 84）；没有则为空
// param region = region:510100
MATCH (r:Region {id: $region})
RETURN r.id AS id, r.name AS name, r.lat AS lat, r.lon AS lon
ORDER BY id
