// title: 一个环节的产品与用料
// title_en: What a segment makes and uses
// description: 产出与使用的产品
// param segment = seg:lithium/separator
MATCH (s:Segment {id: $segment})-[r:PRODUCES|USES]->(p:Product)
RETURN type(r) AS relationship, p.id AS product, p.name AS product_name, p.name_en AS product_name_en, p.kind AS kind
ORDER BY relationship, product
