// title: 已载入的数据集
// title_en: Datasets that are loaded
// description: 文件校验值与载入时间，用来说明报告依据的数据版本
MATCH (d:Dataset)
RETURN d.id AS id, d.path AS path, d.sha256 AS sha256, d.loaded_at AS loaded_at, d.evidence AS evidence
ORDER BY id
