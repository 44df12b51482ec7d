"""The words in which goals are stated, as patterns; the lists are ``goals`` of data/words."""

from __future__ import annotations

import re

from loaders.extraction.word_lists import any_of, any_word, words

_LISTS = words()["goals"]
ABOUT, _UP, _DOWN = _LISTS["about"], _LISTS["up"], _LISTS["down"]
_REACH = (*_LISTS["reach"], *(f"{verb}{to}" for verb in _UP for to in ("到", "至")))
_KEEP_BELOW = (*_LISTS["keep_below"], *(f"{verb}{to}" for verb in _DOWN for to in ("到", "至")))
_STRONG_MAKE, _WEAK_MAKE = _LISTS["strong_make"], _LISTS["weak_make"]
#: Words between verb and value that make it at least so much.
AT_LEAST = re.compile("超|不低于|不少于|不小于|突破|至少|高于")
_MAKE = any_word("goals.strong_make", "goals.weak_make")
#: Behind a verb these make it a part of a name: 完成率, 建设规模.
_SIZE_TAILS = "率|区|量|额|规模|速度|水平|能力|周期|进度|成本|面积|强度|数量|总数|占比|比例|比重|指数|时间|时限"
#: Behind a weak verb also these: 建设用地, 改造投资, 服务企业, 示范项目.
_NAME_TAILS = f"{_SIZE_TAILS}|用地|资金|投资|经费|收入|费用|[类型性业者区园院所站商机员期和与及、]|中心|平台|基地|机构|企业|公司|项目|工程|基金|试点|示范|计划|行动|贷款"
_SHARE_OF_USE = (
    "(?:重复|数字化|智能化|网络化|绿色化|资源化|无害化|电气化|数控化|国产化|本地化|本地|综合|循环|再生|监视|应用|改造|人工智能|机器人|关键设备|市场|安全|达标|回收|利用)*"
    "(?:利用|覆盖|普及|渗透|配套|国产化|自给|回收|达标|合格|贡献|占有|数控化|本地化|接入|满意|联网|上云)率"
)
_MODIFIERS = "年均|年度?|平均|综合|单位|累计|总体|整体|首期|本地化?|全员|质量|能量|固定资产"
#: Conditions of an application, not goals.
CONDITIONS = re.compile(
    "(?:申报|申请|准入|认定|评价|入选|评选)(?:条件|标准|要求|门槛)|(?:应当?|须|需|必须)(?:同时)?(?:满足|具备|符合)|(?:符合|满足|具备)(?:下列|以下)|(?:下列|以下)条件"
)
#: What is paid, not reached.
PAYS = re.compile(any_word("goals.pays"))
#: Rules of money and contracts, not goals: 首付比例不低于50%.
RULES = re.compile(
    "LPR|加点|利差|加计|扣除|抵免|抵扣|缴费|缴存|赔付|不良|额度|股比|首付|自有资金|资本金|出资比?例?|持股|占股|控股|股权|浮动|分成|分担|配套资金|拨付|获奖|预留|报销|保证金|违约|利率|费率|税率|折扣|免收|任期|存续期"
)
#: What is stated to be there already.
STATED = re.compile(
    "(?:截至(?!20\\d\\d年[^，。；]{0,4}，?(?:力争|要))|目前|现有|已有|现已|已经|共有|累计已|去年|上年|近年来|以来|累计有|连续\\d+年|居(?:全国|全球|世界|全省|全市)|分布在|[五十]年来|“十[二三]五”(?:期间|时期)，?(?!.*(?:力争|达到)))[^。；]*$"
    "|已(?=建成|培育|形成|集聚|引进|认定|有|达|超|累计|完成|实现|突破|获|建|开|创|为)[^，。；]*$"
)
#: What only a report of results says: 1-9月完成…, 同比增长32.1%.
REPORTED = re.compile(
    r"\d{1,2}[—\-~至到]\d{1,2}月|截[止至]\d{1,2}月|上半年|前[一二三]季度|前\d{1,2}个月|同比(?:增长|下降|提高|提升)\d[\d.]*%(?!以上|左右)"
)
AIMS = re.compile("力争|争取|确保|达到|完成|实现|新增|突破|引进|招引|目标")
#: Before a figure: of whom, and not of what it is a goal.
GIVEN_TO = re.compile("(?:对|向|给予)[^，。；]*$")
INTENDED = re.compile(r"力争|确保|目标|争取|努力|到20\d\d年")
DONE = re.compile("(?:建设|建成|培育|形成|打造|认定|引进|实施|集聚|完成|实现|达到|突破|增长|下降)了$")
#: The size of a project or a park, which describes it.
SIZE_OF_PROJECT = re.compile(
    "(?:总投资额?|计划投资|占地|(?:总|规划|规划控制|建成区|启动区?|占地|建筑|用地|核心区|起步区)面积|规划用地|注册资本|投资额|年产|全长|总长|海拔|距离[^，]{0,8})$"
)
#: Things that are numbered or listed, not made: 出台20条措施.
NOT_MADE = re.compile(
    "(?:措施|政策|条款|举措|意见|规定|建议|方面|层面|阶段|步骤|环节|部分|部门|重点(?:任务|工作|方面|方向)|维度|要求|原则|月|季度|工作日|自然|小时|年(?![营产销均接收处消飞利])|地级|以上)"
)

_TO = f"(?:{any_word('goals.about')})*"
_HOW = f"(?:{any_word('goals.adverbs')})*"
UP_END = re.compile(f"{_HOW}(?:{any_of(_REACH)}|(?<![通经不超])过)(?P<about>{_TO})$")
DOWN_END = re.compile(f"{_HOW}(?:{any_of(_KEEP_BELOW)})(?P<about>{_TO})$")
EQUAL_END = re.compile(f"{_HOW}(?<![作成分称认])(?:{any_word('goals.equal')})(?P<about>{_TO})$")
RISE_END = re.compile(f"{_HOW}(?:{any_word('goals.rise')})(?P<about>{_TO})$")
FALL_END = re.compile(f"{_HOW}(?:{any_word('goals.fall')})(?P<about>{_TO})$")
#: 提高…占比至, 将…压缩到: what is measured stands inside the verb.
UP_AROUND = re.compile(rf"(?:{any_of(_UP)})(?P<thing>[^，。；、]{{2,40}}?)[至到](?P<about>{_TO})$")
DOWN_AROUND = re.compile(rf"(?:{any_of(_DOWN)})(?P<thing>[^，。；、]{{2,40}}?)[至到](?P<about>{_TO})$")
MAKE_END = re.compile(
    f"(?:{_MAKE})(?P<tail>[出了]|一批)?(?P<about>(?:{any_of(w for w in ABOUT if w not in '到在为')})*)$"
)
HEAD_END = re.compile(f"(?:{any_word('goals.heads')})(?:（[^（）]*）)?$")
MEASURED_BY = re.compile(f"(?:{_MODIFIERS})*(?:{'|'.join([*_LISTS['measures'], _SHARE_OF_USE])})")
LEAD = re.compile(f"^(?:{'|'.join(_LISTS['leads'])})")
#: A verb at the beginning of a phrase, with those joined to it; and the last strong one inside.
FIRST_MAKE = re.compile(
    f"^(?:重点|计划|规划|新)?(?:(?:{any_of((*_STRONG_MAKE, '突破'))})(?!{_SIZE_TAILS})|(?:{any_of(_WEAK_MAKE)})(?!{_NAME_TAILS})|(?:{_MAKE})[和与、并及](?={_MAKE}))(?=.{{3}})"
)
MAKES = re.compile(f"(?:{_MAKE})")
INNER_MAKE = re.compile(
    f"^.*(?:(?:{any_of(_STRONG_MAKE)})(?!{_SIZE_TAILS})|(?:企业|园区|高校|院所|机构|学校|单位|区县|镇街)(?:{any_of(_WEAK_MAKE)})(?!{_NAME_TAILS}))(?=[^”》）]{{3,}}$)"
)
#: Where the noun of a count ends and what it does begins.
DOES = re.compile(
    "开展|完善|参与|参加|参评|进行|实施|实现|推进|加快|入驻|落户|落地|上云|接入|投入|启动|建成投|学习|推广|纳入|进入|通过|享受|获得|赴|到(?=[^达])|出国|攻读|达到|完成|上市|建立|用于|向|按|为(?=[^主])|就业(?!岗)"
)
