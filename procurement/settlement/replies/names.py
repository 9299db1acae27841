"""What banks write into their return files, as data: the words of success and failure, and of a closing line."""

CLOSING = frozenset({"合计", "总计", "小计", "total", "sum"})
SUCCESS = frozenset(
    {"成功", "交易成功", "支付成功", "付款成功", "已入账", "已支付", "已到账"} | {"success", "paid", "ok", "s", "0000"}
)
FAILURE = frozenset(
    {"失败", "交易失败", "支付失败", "付款失败", "退回", "已退回", "退汇", "已退汇"}
    | {"failed", "failure", "returned", "rejected", "f"}
)
