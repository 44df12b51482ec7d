// title: 数据截至日期
// title_en: Date of the data
// description: 图中企业证据的最新日期；证据的新旧从这一天往回算
MATCH (d:Dataset)
RETURN max(d.evidence) AS newest
