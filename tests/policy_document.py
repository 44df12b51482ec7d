"""A made-up policy document for tests and pictures."""

#: Of a city that does not exist; a clause holds HTML.
DOCUMENT = """青岚市人民政府办公室关于印发青岚市新型储能产业发展行动方案的通知

青政办发〔2024〕17号

各区（市、县）人民政府，市政府各部门：

《青岚市新型储能产业发展行动方案》已经市政府同意，现印发给你们，请认真组织实施。

青岚市人民政府办公室

2024年5月6日

青岚市新型储能产业发展行动方案

一、工作目标

到2027年，全市新型储能产业总产值达到300亿元，培育专精特新企业20家以上。

二、重点任务

（一）做强储能电池产业。依托青岚高新技术产业开发区，支持<script>document.title='hurt'</script><img src=x>扩大产能，重点招引电解液、隔膜等企业。（牵头单位：市工业和信息化局；配合单位：市科技局）

（二）建设创新平台。加快建设青岚储能技术创新中心，推动协同发展。（牵头单位：市科技局；配合单位：市教育局）

三、政策措施

（一）支持企业扩大投资。对固定资产投资5000万元以上的储能项目，按照设备投资额的10%给予补助，最高不超过500万元。（牵头单位：市财政局）
"""

#: The same without HTML.
HARMLESS = DOCUMENT.replace("<script>document.title='hurt'</script><img src=x>", "骨干企业")
