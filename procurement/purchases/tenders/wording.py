"""What people call the steps of a tender and their facts."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Tag
from procurement.purchases.tenders.challenges.facts import Decision, Outcome, Remedy, Subject
from procurement.purchases.tenders.challenges.rules import ChallengeStatus
from procurement.purchases.tenders.facts import Procedure, SingleSourceCase, StepKind

K = StepKind
STEP_NAMES: Mapping[StepKind, str] = {
    K.INTENT: N_("采购意向公开"),
    K.RESERVE: N_("预留预算"),
    K.REVIEW_REQUIREMENT: N_("需求审查"),
    K.FILE_PLAN: N_("实施计划备案"),
    K.SET_METHOD: N_("确定采购方式"),
    K.NOTICE: N_("发布公告"),
    K.SEAL: N_("投标截止"),
    K.OPEN: N_("开标"),
    K.EVALUATE: N_("评审"),
    K.AWARD: N_("确定供应商"),
    K.PUBLISH_RESULT: N_("公告中标结果"),
    K.CHALLENGE: N_("收到质疑"),
    K.SETTLE_CHALLENGE: N_("答复质疑"),
    K.COMPLAIN: N_("财政部门受理投诉"),
    K.SUSPEND: N_("财政部门通知暂停"),
    K.RESUME: N_("财政部门通知恢复"),
    K.DECIDE_COMPLAINT: N_("投诉处理决定"),
    K.REOPEN: N_("另行确定供应商"),
    K.TERMINATE: N_("终止采购"),
}
PROCEDURE_NAMES: Mapping[Procedure, str] = {
    Procedure.OPEN_TENDER: N_("公开招标"),
    Procedure.CONSULTATION: N_("竞争性磋商"),
    Procedure.SINGLE_SOURCE: N_("单一来源"),
}
CASE_NAMES: Mapping[SingleSourceCase, str] = {
    SingleSourceCase.NONE: N_("不是单一来源"),
    SingleSourceCase.ONLY_ONE: N_("只有一家能提供"),
    SingleSourceCase.URGENT: N_("不可预见的紧急情况"),
    SingleSourceCase.ADD_ON: N_("原项目的添购，不超过原金额10%"),
}
OUTCOME_NAMES: Mapping[Outcome, str] = {
    Outcome.REJECTED: N_("不成立"),
    Outcome.WITHDRAWN: N_("已撤回"),
    Outcome.UPHELD_NO_EFFECT: N_("成立，不影响结果"),
    Outcome.UPHELD: N_("成立，影响结果"),
}
DECISION_NAMES: Mapping[Decision, str] = {
    Decision.DISMISSED: N_("驳回投诉"),
    Decision.WITHDRAWN: N_("投诉人撤回，终止处理"),
    Decision.UPHELD_NO_EFFECT: N_("投诉成立，不影响结果"),
    Decision.OVERTURNED: N_("投诉成立，影响结果"),
}
REMEDY_NAMES: Mapping[Remedy, str] = {
    Remedy.REDO: N_("责令重新开展采购活动"),
    Remedy.ANOTHER: N_("责令另行确定供应商"),
    Remedy.REVOKE: N_("撤销合同"),
    Remedy.COMPENSATE: N_("合同已经履行，由责任人承担赔偿责任"),
}
SUBJECT_NAMES: Mapping[Subject, str] = {
    Subject.DOCUMENTS: N_("采购文件"),
    Subject.PROCESS: N_("采购过程"),
    Subject.RESULT: N_("中标、成交结果"),
}
CHALLENGE_NAMES: Mapping[ChallengeStatus, str] = {
    ChallengeStatus.RAISED: N_("待答复"),
    ChallengeStatus.ANSWERED: N_("已答复"),
    ChallengeStatus.UPHELD: N_("质疑成立，结果不能成立"),
    ChallengeStatus.WITHDRAWN: N_("已撤回"),
    ChallengeStatus.COMPLAINED: N_("投诉处理中"),
    ChallengeStatus.SUSPENDED: N_("投诉处理中，采购暂停"),
    ChallengeStatus.RESUMED: N_("投诉处理中，采购已恢复"),
    ChallengeStatus.DISMISSED: N_("投诉已驳回"),
    ChallengeStatus.WITHOUT_EFFECT: N_("投诉成立，不影响结果"),
    ChallengeStatus.OVERTURNED: N_("投诉成立，结果不能成立"),
    ChallengeStatus.REMEDIED: N_("已按决定办理"),
}
_NEED = (ChallengeStatus.RAISED, ChallengeStatus.UPHELD, ChallengeStatus.OVERTURNED)
_WAIT = (ChallengeStatus.COMPLAINED, ChallengeStatus.SUSPENDED, ChallengeStatus.RESUMED)
CHALLENGE_TAGS: Mapping[ChallengeStatus, Tag] = {
    status: Tag("need" if status in _NEED else "wait" if status in _WAIT else "done", name)
    for status, name in CHALLENGE_NAMES.items()
}
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "procedure": {key.value: name for key, name in PROCEDURE_NAMES.items()},
    "case": {key.value: name for key, name in CASE_NAMES.items()},
    "outcome": {key.value: name for key, name in OUTCOME_NAMES.items()},
    "decision": {key.value: name for key, name in DECISION_NAMES.items()},
    "remedy": {key.value: name for key, name in REMEDY_NAMES.items()},
    "about": {key.value: name for key, name in SUBJECT_NAMES.items()},
}
LABELS: Mapping[str, str] = {
    "at": N_("发生时间"),
    "number": N_("编号"),
    "url": N_("网址"),
    "sha256": N_("网上公告的 SHA-256"),
    "expected_month": N_("预计采购月份"),
    "public_service": N_("为公众提供的服务"),
    "exempt_reason": N_("不提前30日公开的理由"),
    "respondents": N_("需求调查对象数"),
    "authors": N_("编制需求的人"),
    "purchasing": N_("采购审查人"),
    "finance": N_("财务审查人"),
    "business": N_("业务审查人"),
    "supervision": N_("监督审查人"),
    "public_consulted": N_("已征求公众意见"),
    "procedure": N_("采购方式"),
    "approval_number": N_("财政部门批准文号"),
    "approved_on": N_("批准日期"),
    "case": N_("单一来源的情形"),
    "evidence": N_("证明材料"),
    "sole_supplier": N_("唯一供应商的统一社会信用代码"),
    "announced_from": N_("单一来源公示开始"),
    "announced_until": N_("单一来源公示截止"),
    "announced_url": N_("单一来源公示网址"),
    "original_contract": N_("添购的原合同编号"),
    "deadline": N_("提交截止时间"),
    "documents_from": N_("文件提供开始"),
    "documents_until": N_("文件提供截止"),
    "budget_disclosed": N_("公告写明了预算金额"),
    "submitted": N_("按时提交的家数"),
    "refused_late": N_("逾期被拒的家数"),
    "valid": N_("有效供应商"),
    "excluded_as_related": N_("因同一负责人或控股被排除的家数"),
    "panel_absent": N_("评审专家没有参加开标"),
    "panel": N_("评审小组人数"),
    "experts": N_("其中专家人数"),
    "price_weight": N_("价格分比重（%）"),
    "score_sheets": N_("评分表的 SHA-256"),
    "ranking": N_("候选供应商排序"),
    "drawn_at_random": N_("专家从专家库随机抽取"),
    "conflicts_declared": N_("全体已声明没有利害关系"),
    "reported_on": N_("收到评审报告的日期"),
    "rank": N_("选择的名次"),
    "product": N_("供应商和产品"),
    "unit_price_fen": N_("成交单价"),
    "evaluators_named": N_("公布了评审人员名单"),
    "documents_attached": N_("附上了采购文件"),
    "challenger": N_("质疑供应商"),
    "could_change_result": N_("可能影响结果"),
    "about": N_("质疑的事项"),
    "knew_on": N_("供应商知道的日期"),
    "outcome": N_("答复结果"),
    "others_told": N_("已书面通知质疑供应商和其他有关供应商"),
    "within_challenge": N_("投诉的事项没有超出质疑的范围"),
    "until": N_("暂停到哪一天"),
    "decision": N_("处理决定"),
    "remedy": N_("决定怎样处理"),
    "challenge": N_("第几件质疑"),
    "reason_zh": N_("理由"),
}
HINTS: Mapping[str, str] = {
    "number": N_("平台项目编号、备案编号或文号。"),
    "url": N_("浙江政府采购网上的网页。"),
    "sha256": N_("可以不填；填写时，要与上传的公告一致。"),
    "authors": N_("几个人之间用空格分开。"),
    "score_sheets": N_("每行一份。"),
    "ranking": N_("每行一家的统一社会信用代码，第一名在前。"),
    "approval_number": N_("达到公开招标数额而采用其他方式时填写。"),
    "sole_supplier": N_("只有一家能提供时填写。"),
    "announced_from": N_("达到公开招标数额标准的，公示不少于5个工作日，期满再报财政部门批准。"),
    "original_contract": N_("添购时填写；添购合计不超过原合同金额的10%。"),
    "could_change_result": N_("是的，处理完毕以前暂停签约、履约和付款。"),
    "knew_on": N_("对采购文件、采购过程的质疑填写；对结果的质疑从公告期满起算。"),
    "until": N_("按通知上的截止日期填写。"),
    "remedy": N_("投诉成立、影响结果时填写。"),
    "rank": N_("按评审排序，没有选择的视为第一名。"),
}
