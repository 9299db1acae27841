"""The figures of law that tenders are judged by: seeds for the rulebook."""

from collections.abc import Mapping

from app.rulebook import RuleSeed
from procurement.blocks import Figure

Figures = Mapping[str, Figure]
"""The figures in force on a day, by their keys."""
INTENT, SURVEY, OPEN_TENDER = "tender.intent", "tender.survey", "tender.threshold"
TENDER_NOTICE, DOCUMENTS = "tender.notice", "tender.documents"
CONSULTATION_NOTICE, SINGLE_NOTICE = "consultation.notice", "single_source.notice"
ADD_ON = "single_source.add_on"
TENDER_SUPPLIERS, CONSULTATION_SUPPLIERS = "tender.suppliers", "consultation.suppliers"
TENDER_PANEL, CONSULTATION_PANEL, EXPERTS = "tender.panel", "consultation.panel", "tender.experts"
TENDER_PRICE, CONSULTATION_PRICE, PRICE_MOST = "tender.price", "consultation.price", "consultation.price_most"
REPORT, CHOICE, RESULT = "tender.report", "tender.choice", "tender.result"
CHALLENGE, ANSWER = "challenge.raised", "challenge.answer"
COMPLAINT, DECISION = "challenge.complaint", "challenge.decision"
SUSPENSION, RESULT_SHOWN = "challenge.suspension", "tender.result_shown"

SEEDS = (
    RuleSeed(INTENT, "财库〔2020〕10号", "第3条", 30, "calendar_days",
             "采购意向公开早于采购活动开始的天数", "days between the published intention and the start", read=False),
    RuleSeed(SURVEY, "财库〔2021〕22号", "第10条", 3, "suppliers",
             "需求调查的最少对象", "fewest respondents of the survey"),
    RuleSeed(OPEN_TENDER, "浙江省政府集中采购目录及标准", "公开招标数额标准", 4_000_000, "yuan",
             "应当公开招标的数额标准", "from which amount an open tender is the rule", read=False, jurisdiction="33"),
    RuleSeed(TENDER_NOTICE, "政府采购法", "第35条", 20, "calendar_days",
             "招标文件发出至投标截止的最少天数", "fewest days between the documents and the deadline"),
    RuleSeed(DOCUMENTS, "政府采购法实施条例", "第31条", 5, "working_days",
             "招标文件提供期限的最少工作日", "fewest working days during which documents are handed out"),
    RuleSeed(CONSULTATION_NOTICE, "财库〔2014〕214号", "第10条", 10, "calendar_days",
             "磋商文件发出至提交响应文件截止的最少天数", "fewest days of a consultation's notice"),
    RuleSeed(SINGLE_NOTICE, "政府采购法实施条例", "第38条", 5, "working_days",
             "单一来源公示的最少工作日", "fewest working days of a single source's notice"),
    RuleSeed(ADD_ON, "政府采购法", "第31条", 10, "percent",
             "添购资金总额占原合同金额的上限", "most that additions by a single source may be of the first contract"),
    RuleSeed(TENDER_SUPPLIERS, "政府采购法", "第36条", 3, "suppliers",
             "投标供应商的最少家数", "fewest suppliers"),
    RuleSeed(CONSULTATION_SUPPLIERS, "财库〔2015〕124号", "全文", 2, "suppliers",
             "政府购买服务项目磋商的最少供应商", "fewest suppliers of a consultation for services", read=False),
    RuleSeed(TENDER_PANEL, "财政部令第87号", "第47条", 5, "people",
             "评标委员会的最少人数", "smallest panel of a tender", read=False),
    RuleSeed(CONSULTATION_PANEL, "财库〔2014〕214号", "第14条", 3, "people",
             "磋商小组的最少人数", "smallest panel of a consultation"),
    RuleSeed(EXPERTS, "财库〔2014〕214号", "第14条", 2, "thirds",
             "评审专家所占的三分之几", "thirds of the panel that are experts"),
    RuleSeed(TENDER_PRICE, "财政部令第87号", "第55条", 10, "percent",
             "服务项目价格分值的最低比重", "least weight of the price in a tender", read=False),
    RuleSeed(CONSULTATION_PRICE, "财库〔2014〕214号", "第24条", 10, "percent",
             "磋商服务项目价格分值的最低比重", "least weight of the price in a consultation"),
    RuleSeed(PRICE_MOST, "财库〔2014〕214号", "第24条", 30, "percent",
             "磋商服务项目价格分值的最高比重", "greatest weight of the price in a consultation"),
    RuleSeed(REPORT, "政府采购法实施条例", "第43条", 2, "working_days",
             "评审报告送交采购人的期限", "time to hand over the panel's report"),
    RuleSeed(CHOICE, "政府采购法实施条例", "第43条", 5, "working_days",
             "采购人确定供应商的期限", "time for the buyer to choose"),
    RuleSeed(RESULT, "政府采购法实施条例", "第43条", 2, "working_days",
             "公告结果的期限", "time to publish the result"),
    RuleSeed(CHALLENGE, "政府采购法", "第52条", 7, "working_days",
             "供应商提出质疑的期限", "time to challenge"),
    RuleSeed(ANSWER, "政府采购法", "第53条", 7, "working_days",
             "采购人答复质疑的期限", "time to answer a challenge"),
    RuleSeed(COMPLAINT, "政府采购法", "第55条", 15, "working_days",
             "供应商投诉的期限", "time to complain"),
    RuleSeed(DECISION, "政府采购法", "第56条", 30, "working_days",
             "处理投诉的期限", "time to decide a complaint"),
    RuleSeed(SUSPENSION, "政府采购法", "第57条", 30, "calendar_days",
             "财政部门暂停采购活动的最长天数", "longest suspension by finance"),
    RuleSeed(RESULT_SHOWN, "财政部令第87号", "第69条", 1, "working_days",
             "中标结果公告的期限", "how long the result is on show", read=False),
)  # fmt: skip
