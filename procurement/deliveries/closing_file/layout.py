"""The closing file on paper: cover, contents, contract, workload, acceptance, satisfaction, cost, proofs, originals.

Chinese whoever reads it, as everything in a purchase's file is.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO

from PIL import Image

from app.core import clock
from app.core.money import yuan
from app.core.text import N_
from app.web import i18n
from app.web.paper import Contents, Facts, Heading, NewPage, Part, Picture, Table, Text, Title, pdf
from marketplace.products.content import UNIT_NAMES, Unit
from procurement.claims.wording import STATUS_NAMES
from procurement.contracts.requirements.rules import KIND_NAMES as LINE_NAMES
from procurement.contracts.requirements.rules import Line, LineKind
from procurement.deliveries.acceptances.rules import OUTCOME_NAMES
from procurement.deliveries.closing_file.queries import Cost, Dossier, File, Judged
from procurement.deliveries.proofs.rules import KIND_NAMES, PICTURES
from procurement.deliveries.workload.queries import UnitRow, totals
from procurement.payments.trace import ITEM_NAMES
from procurement.purchases.rules import METHOD_NAMES

WIDEST_PIXELS = 1_000
"""A picture is printed no finer than this; the original lies beside the paper."""
_ = i18n.gettext


def closing_pdf(dossier: Dossier, pictures: Mapping[int, bytes], made_at: datetime) -> bytes:
    """Return the document; ``pictures`` holds the photographs' bytes by their proof. Slow: call it in a thread."""
    with i18n.speaking("zh"):
        return pdf(
            f"{_(N_('结项材料包'))} {dossier.contract.reference}", made_at, list(_parts(dossier, pictures, made_at))
        )


def _parts(dossier: Dossier, pictures: Mapping[int, bytes], made_at: datetime) -> Iterator[Part]:
    yield Title(_(N_("结项材料包")), f"{dossier.contract.title_zh} · {dossier.contract.organization_zh}")
    yield Facts(_cover(dossier, made_at))
    yield Contents(_(N_("目录")))
    yield from _contract(dossier)
    yield from _workload(dossier)
    yield from _acceptance(dossier)
    yield from _satisfaction(dossier)
    yield from _cost(dossier)
    yield from _evaluation(dossier)
    yield from _proofs(dossier, pictures)
    yield from _file_list(dossier)


def _cover(dossier: Dossier, made_at: datetime) -> list[tuple[str, str]]:
    contract, purchase, sums = dossier.contract, dossier.purchase, totals(list(dossier.units))
    unit = _(UNIT_NAMES[Unit(contract.unit)])
    return [
        (_(N_("合同编号")), contract.reference),
        (_(N_("采购编号")), f"{purchase.reference} · {_(METHOD_NAMES[purchase.method])}"),
        (_(N_("用途")), purchase.purpose_zh),
        (_(N_("购买主体")), contract.place_zh),
        (_(N_("承接主体")), contract.organization_zh),
        (_(N_("服务")), f"{contract.title_zh}（{contract.product_reference} v{contract.product_version}）"),
        (_(N_("数量和单价")), f"{contract.units} {unit} × {yuan(contract.unit_price_fen)}"),
        (_(N_("合同总价")), yuan(contract.amount_fen)),
        (_(N_("履行期限")), f"{contract.starts_on} – {contract.ends_on}"),
        (_(N_("完成")), _said(N_("已服务 %(units)s，验收合格 %(accepted)s，服务群众 %(reached)s 人次"),
                              units=sums.units, accepted=sums.accepted, reached=sums.reached)),
        (_(N_("生成时间")), _moment(made_at)),
    ]  # fmt: skip


def _contract(dossier: Dossier) -> Iterator[Part]:
    contract = dossier.contract
    yield Heading(_(N_("一、合同")))
    yield Facts(
        [
            (_(N_("甲方签署")), f"{dossier.purchase.buyer} · {_moment(contract.offered_at)}"),
            (_(N_("乙方签署")), f"{dossier.purchase.provider_signer or '—'} · {_moment(contract.signed_at)}"),
            ("SHA-256", contract.text_sha256.hex()),
        ]
    )
    yield Text("\n".join(line for line in contract.body_zh.split("\n") if line.strip()))


def _workload(dossier: Dossier) -> Iterator[Part]:
    yield Heading(_(N_("二、工作量清单")))
    if not dossier.units:
        yield Text(_(N_("没有已经完成的服务。")))
        return
    columns = [_(N_("序号")), _(N_("日期")), _(N_("地点")), _(N_("谁来")), _(N_("分钟")), _(N_("人数")), _(N_("验收"))]
    rows = [
        [
            str(number),
            f"{clock.local(unit.starts):%Y-%m-%d}",
            f"{unit.town_zh} {unit.place_zh}",
            "、".join(unit.people),
            str(unit.minutes),
            str(unit.reached if unit.reached is not None else unit.present or ""),
            _(OUTCOME_NAMES[unit.verdict]) if unit.verdict else _(N_("待验收")),
        ]
        for number, unit in enumerate(dossier.units, 1)
    ]
    yield Table(columns, rows, widths=(1, 2.2, 4.6, 2.6, 1.2, 1.2, 1.6), numbers=frozenset({0, 4, 5}))
    sums = totals(list(dossier.units))
    yield Text(_said(N_("合计：%(units)s 次，%(minutes)s 分钟，%(reached)s 人次。"),
                     units=sums.units, minutes=sums.minutes, reached=sums.reached))  # fmt: skip


def _acceptance(dossier: Dossier) -> Iterator[Part]:
    yield Heading(_(N_("三、验收")))
    yield Text(_(N_("由不经办、不审批、不提供服务的人逐条验收（政府采购法第41条、第61条）。")), small=True)
    for unit in dossier.units:
        judged = dossier.judged.get(unit.id)
        yield Heading(_unit_name(unit), 2)
        if judged is None:
            yield Text(_(N_("待验收。")))
            continue
        yield from _judged(judged)


def _judged(judged: Judged) -> Iterator[Part]:
    rows = [
        [_(LINE_NAMES[line.kind]), _demand(line), _(N_("符合")) if met else _(N_("不符合")), words]
        for line, met, words in judged.lines
    ]
    columns = [_(N_("要求")), _(N_("合同约定")), _(N_("判断")), _(N_("说明"))]
    yield Table(columns, rows, widths=(1.4, 6, 1.1, 2.5))
    yield Facts(
        [
            (_(N_("结论")), f"{_(OUTCOME_NAMES[judged.verdict])} · {judged.rating} / 5"),
            (_(N_("服务人数")), str(judged.people_reached)),
            (_(N_("意见")), judged.opinion),
            (_(N_("验收人")), f"{judged.acceptor} · {_moment(judged.judged_at)}"),
            ("SHA-256", judged.sha256.hex()),
        ]
    )


def _satisfaction(dossier: Dossier) -> Iterator[Part]:
    said = dossier.satisfaction
    yield Heading(_(N_("四、群众满意度")))
    yield Text(_said(N_("到场群众扫码评价，共 %(count)s 人（n = %(count)s）。"), count=said.count))
    if said.mean is not None:
        yield Text(_said(N_("平均 %(mean)s 分（满分 5 分）。"), mean=f"{said.mean:.2f}"))
    else:
        yield Text(_said(N_("少于 %(fewest)s 人，不计算平均分。"), fewest=said.fewest))
    rows = [[f"{star}", str(count), "■" * round(30 * count / said.count) if said.count else ""]
            for star, count in said.stars.items()]  # fmt: skip
    yield Table([_(N_("星")), _(N_("人数")), ""], rows, widths=(1, 1, 8), numbers=frozenset({0, 1}))
    for words in said.words:
        yield Text(f"“{words}”", small=True)


def _cost(dossier: Dossier) -> Iterator[Part]:
    yield Heading(_(N_("五、费用表")))
    columns = [
        _(N_("服务日期")),
        _(N_("订单")),
        _(N_("申领")),
        _(N_("金额")),
        _(N_("状态")),
        _(N_("批次")),
        _(N_("支付日期")),
    ]
    rows = [_cost_row(cost) for cost in dossier.costs]
    yield Table(columns, rows, widths=(1.6, 2.2, 2.2, 1.6, 1.3, 2.2, 1.6), numbers=frozenset({3}))
    back = dossier.purchase.returned_fen
    total = sum(cost.amount_fen for cost in dossier.costs if cost.status not in ("rejected", "reversed")) - back
    paid = sum(cost.amount_fen for cost in dossier.costs if cost.status == "paid") - back
    yield Text(_said(N_("应付合计 %(total)s，已付 %(paid)s；合同总价 %(price)s。"),
                     total=yuan(total), paid=yuan(paid), price=yuan(dossier.contract.amount_fen)))  # fmt: skip
    if back:
        yield Text(_said(N_("未冲抵的预付款 %(amount)s 已退回"), amount=yuan(back)))


def _cost_row(cost: Cost) -> list[str]:
    paid_on = f"{clock.local(cost.paid_at):%Y-%m-%d}" if cost.paid_at else ""
    amount, status = yuan(cost.amount_fen), i18n.translate(STATUS_NAMES[cost.status])
    whose = cost.order_reference or _(ITEM_NAMES[cost.item])
    return [str(cost.service_day), whose, cost.reference, amount, status, cost.batch or "", paid_on]


def _evaluation(dossier: Dossier) -> Iterator[Part]:
    yield Heading(_(N_("六、绩效评价")))
    score = dossier.purchase.score
    if score is not None:
        yield Text(_said(N_("综合得分 %(score)s 分（满分 100 分）。"), score=f"{score / 10:.1f}"))
    yield Text(dossier.purchase.evaluation_zh or _(N_("尚未评价。")))


def _proofs(dossier: Dossier, pictures: Mapping[int, bytes]) -> Iterator[Part]:
    yield NewPage()
    yield Heading(_(N_("七、签到表、照片和服务记录")))
    for unit in dossier.units:
        yield Heading(_unit_name(unit), 2)
        log = dossier.logs.get(unit.id)
        if log is not None:
            yield Facts(
                [
                    (_(N_("讲了什么")), log.topic_zh),
                    (_(N_("到场人数")), str(log.people)),
                    (_(N_("问了什么")), log.asked_zh),
                    (_(N_("后续")), log.follow_up_zh),
                ]
            )
        for file in dossier.files.get(unit.id, ()):
            caption = f"{_(KIND_NAMES[file.kind])} · {file.taken_where} · {_moment(file.taken_at)}"
            if file.media_type in PICTURES and file.proof_id in pictures:
                yield Picture(_printable(pictures[file.proof_id]), caption, highest_mm=95)
            else:
                yield Text(_said(N_("%(caption)s（见附件 %(name)s）"), caption=caption, name=file.file_name))


def _file_list(dossier: Dossier) -> Iterator[Part]:
    yield Heading(_(N_("八、原件清单")))
    files = [file for found in dossier.files.values() for file in found]
    names = {unit.id: unit.reference for unit in dossier.units}
    rows = [[names[file.order_id], _(KIND_NAMES[file.kind]), file.file_name, file.sha256.hex()] for file in files]
    yield Table([_(N_("订单")), _(N_("材料")), _(N_("文件")), "SHA-256"], rows, widths=(2, 1.2, 2.6, 5))


def member_name(reference: str, place: int, file: File) -> str:
    """Return where an original lies in the ZIP."""
    suffix = file.file_name.rpartition(".")[2].lower()
    return f"originals/{reference}/{place:02d}-{file.kind.value}.{suffix}"


def _unit_name(unit: UnitRow) -> str:
    return f"{unit.reference} · {clock.local(unit.starts):%Y-%m-%d} · {unit.town_zh} {unit.place_zh}"


def _demand(line: Line) -> str:
    if line.kind is LineKind.TIME:
        return _said(N_("每次不少于 %(minutes)s 分钟"), minutes=line.figure)
    if line.kind is LineKind.PEOPLE:
        return _said(N_("每次到场 %(people)s 人"), people=line.figure)
    return line.text_zh


def _printable(content: bytes) -> bytes:
    """Return a photograph small enough to print; an unreadable one was refused when it came."""
    with Image.open(BytesIO(content)) as image:
        if image.width <= WIDEST_PIXELS and image.format == "JPEG":
            return content
        image.thumbnail((WIDEST_PIXELS, WIDEST_PIXELS))
        kept = BytesIO()
        image.convert("RGB").save(kept, "JPEG", quality=82)
    return kept.getvalue()


def _said(msgid: str, **values: object) -> str:
    return i18n.translate(msgid, **values)


def _moment(at: datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at else "—"


def pictures_of(files: Sequence[File]) -> list[File]:
    """Return the files that are printed as pictures."""
    return [file for file in files if file.media_type in PICTURES]
