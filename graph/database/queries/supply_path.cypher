// title: 从一个环节到另一个环节的供给路径
// title_en: Supply path between two segments
// description: 最短的供给路径（任一路径，不表示缺一不可）
// param start = seg:pv/polysilicon
// param end = seg:pv/module
MATCH (a:Segment {id: $start}), (b:Segment {id: $end})
MATCH p = shortestPath((a)-[:SUPPLIES*1..12]->(b))
RETURN p
