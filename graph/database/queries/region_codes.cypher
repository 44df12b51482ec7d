// title: 行政区划代码
// title_en: Codes of regions
// description: 有代码的地区，识别政策文件所说的地名
MATCH (r:Region) WHERE r.code IS NOT NULL
RETURN r.code AS code, r.name AS name
ORDER BY code
