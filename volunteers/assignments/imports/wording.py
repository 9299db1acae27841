"""The columns of the files that stations hand in and get."""

from app.core.text import N_
from app.imports.cells import Column

_MANY = N_("几种之间用顿号隔开；一种即可")
_ALL = N_("几种之间用顿号隔开；都要会")
_REGULARS = N_("写成 2026-11-28 09:00 的样子，之前只有常来的人能报；不填就马上对所有人开放")
ROLE = Column("role_zh", N_("岗位"), required=True, example=N_("值班律师"))
POSITION = (
    ROLE,
    Column("role_en", N_("岗位的英文名称")),
    Column("capacity", N_("人数"), example="2", hint=N_("不填是 1")),
    Column("minimum", N_("最少人数"), example="1", hint=N_("不填是 1，可以是 0")),
    Column("credentials", N_("需要的证件"), example=N_("律师执业证"), hint=_MANY),
    Column("skills", N_("需要的专长"), example=N_("劳动"), hint=_ALL),
    Column("languages", N_("需要会说"), example=N_("杭州话"), hint=_ALL),
    Column("gender", N_("只要"), hint=N_("女性或男性；当事人要求时才填")),
    Column("trainings", N_("需要的培训"), hint=N_("写培训编号，例如 PX-2026-000001；几个之间用顿号或分号隔开，都要有")),
)
ASSIGNMENT = (
    Column(
        "group", N_("任务序号"), example="1", hint=N_("一个任务有几个岗位时，每个岗位写一行，序号相同，其他列看第一行")
    ),
    Column("title_zh", N_("任务名称"), required=True, example=N_("文晖街道公共法律服务站律师值班")),
    Column("title_en", N_("英文名称")),
    Column("kind", N_("做什么"), required=True, example=N_("驻点值班")),
    Column("station", N_("站点"), hint=N_("你只负责一个站点时可以不填")),
    Column("place", N_("地点"), hint=N_("站点所在地就不填；去村社就写村社名。")),
    Column("date", N_("日期"), required=True, example="2026-11-30"),
    Column("start", N_("开始"), required=True, example="09:00"),
    Column("end", N_("结束"), required=True, example="11:30"),
    Column("compensation", N_("待遇"), required=True, example=N_("有补贴")),
    Column("insured", N_("有保险"), example=N_("是"), hint=N_("不填算有")),
    Column("sign_up_mode", N_("报名方式"), example=N_("报名就算数"), hint=N_("不填算报名就算数")),
    Column("regulars_until", N_("常来的人先报到"), hint=_REGULARS),
    *POSITION,
    Column("green", N_("绿色通道"), hint=N_("填“是”就优先安排")),
    Column("draft", N_("草稿"), hint=N_("填“是”就先不发布")),
    Column("contact_name", N_("找谁")),
    Column("contact_phone", N_("联系电话"), example="0571-87990011"),
    Column("meeting_point_zh", N_("在哪里碰头")),
    Column("questions_zh", N_("常见问题")),
    Column("limits_zh", N_("不能做的")),
    Column("briefing_zh", N_("其他要知道的")),
)
REFERENCE = Column("reference", N_("任务编号"), required=True, example="RW-2026-000123")
POSITIONS = (REFERENCE, *POSITION)
SIGN_UPS = (
    Column("phone", N_("手机号"), example="13800000000", hint=N_("手机号和志愿者编号填一个")),
    Column("person", N_("志愿者编号"), hint=N_("手机号和志愿者编号填一个")),
    Column("name", N_("姓名"), example=N_("王芳"), hint=N_("填了就会核对，不符的不导入")),
    REFERENCE,
    Column("position", N_("岗位"), example=N_("值班律师"), hint=N_("岗位名称或第几个岗位；只有一个岗位可以不填")),
)
GENDERS = {"F": N_("女性"), "M": N_("男性")}
EXPORTED = (
    *(N_("任务编号"), N_("状态"), N_("任务名称"), N_("英文名称"), N_("做什么"), N_("站点"), N_("地点"), N_("日期")),
    *(
        N_("开始"),
        N_("结束"),
        N_("待遇"),
        N_("有保险"),
        N_("报名方式"),
        N_("常来的人先报到"),
        N_("绿色通道"),
        N_("岗位"),
        N_("岗位的英文名称"),
    ),
    *(N_("人数"), N_("最少人数"), N_("已报名"), N_("需要的证件"), N_("需要的专长"), N_("需要会说"), N_("只要")),
    N_("需要的培训"),
    *(N_("找谁"), N_("联系电话"), N_("在哪里碰头"), N_("常见问题"), N_("不能做的"), N_("其他要知道的"), N_("任务序号")),
)
"""An exported file has the columns of an import and some more, so that it can be changed and handed in again."""
