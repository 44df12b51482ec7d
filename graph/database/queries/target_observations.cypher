// title: 指标的实绩
// title_en: Reported values of targets
// description: 期间、实绩值、口径
MATCH (t:Target)-[:OBSERVED]->(o:Observation)
RETURN t.id AS target, o.id AS id, o.name AS name, o.period AS period, o.value AS value, o.measured AS measured,
       o.as_of AS as_of, o.confidence AS confidence, o.note AS note, o.sources AS sources
ORDER BY target, period, id
