// title: 支持措施
// title_en: Support measures
// description: 工具、比例、上限（万元）、条件、对象、出自哪一条
MATCH (m:Measure)
OPTIONAL MATCH (m)-[:STATED_IN]->(k:Clause)
RETURN m.id AS id, m.name AS name, m.instrument AS instrument, m.rate_min AS rate_min, m.rate_max AS rate_max,
       m.cap AS cap, m.amount AS amount, m.total AS total, m.annual_cap AS annual_cap, m.condition AS condition,
       m.beneficiary AS beneficiary, collect(DISTINCT k.path) AS clauses
ORDER BY id
