"""A document on paper reads as it was written, page by page, and is the same bytes each time."""

from datetime import UTC, datetime
from io import BytesIO

from PIL import Image
from pypdf import PdfReader

from app.web import i18n
from app.web.paper import Code, Contents, Facts, Heading, NewPage, Part, Picture, Table, Text, Title, pdf

MADE = datetime(2026, 11, 28, 4, tzinfo=UTC)
CLAUSE = "乙方接单后应当按约定时间派出符合人员要求的服务人员。"


def pages(*parts: Part) -> list[str]:
    """Print parts, and return what each page says."""
    return [page.extract_text() for page in PdfReader(BytesIO(pdf("HT-2026-000003", MADE, parts))).pages]


def photograph() -> bytes:
    """Return a small picture."""
    file = BytesIO()
    Image.new("RGB", (640, 400), (14, 110, 107)).save(file, "JPEG")
    return file.getvalue()


def test_all_kinds_of_parts_are_there_and_every_page_says_which_of_how_many_it_is() -> None:
    [first, second] = pages(
        Title("政府购买公共法律服务合同", "HT-2026-000003"),
        Facts([("甲方", "西湖区"), ("备注", "")]),
        Heading("一、内容"),
        Text(CLAUSE),
        Picture(photograph(), "现场照片"),
        NewPage(),
        Table(["服务", "金额"], [("讲座", "¥600.00")], numbers=frozenset({1})),
        Code("https://example.org/x", "扫码核对"),
    )
    for said in (
        "政府购买公共法律服务合同",
        "甲方 西湖区",
        "备注 —",
        "一、内容",
        CLAUSE,
        "现场照片",
        "第 1 页 共 2 页",
    ):
        assert said in first
    for said in ("服务 金额", "讲座 ¥600.00", "扫码核对", "https://example.org/x", "第 2 页 共 2 页"):
        assert said in second


def test_the_foot_of_a_page_speaks_the_language_of_the_page() -> None:
    with i18n.speaking("zh"):
        [first, second] = pages(Text(CLAUSE), NewPage("en"), Text("In English."))
    assert "第 1 页 共 2 页" in first
    assert "Page 2 of 2" in second


def test_the_head_of_a_table_is_repeated_on_every_page() -> None:
    said = pages(Table(["序号", "内容"], [(str(number), CLAUSE * 3) for number in range(60)], widths=[1, 6]))
    assert len(said) == 3
    assert all("序号 内容" in page for page in said)
    assert sum("".join(page.split()).count("符合人员要求") for page in said) == 180


def test_a_cell_that_is_longer_than_a_page_goes_on_over_the_next() -> None:
    said = pages(Table(["内容"], [(CLAUSE * 200,)]))
    assert len(said) == 3
    assert "".join("".join(page.split()) for page in said).count("服务人员") >= 185


def test_the_contents_name_the_page_on_which_each_heading_stands() -> None:
    headings = [f"第{number}节" for number in range(90)]
    body = [part for heading in headings for part in (Heading(heading), Text(CLAUSE * 4))]
    said = pages(Title("结项材料"), Contents("目录"), *body)
    listed = {}
    for page in said[1:4]:
        for line in page.splitlines():
            if line.startswith("第") and line.split()[0] in headings:
                listed[line.split()[0]] = int(line.split()[1])
    assert list(listed) == headings
    assert all(heading in said[number - 1] for heading, number in listed.items())


def test_contents_keep_as_many_pages_as_they_fill_at_every_length() -> None:
    for count in (0, 1, 32, 33, 34, 68, 69, 70):
        said = pages(Contents("目录"), *[Heading(f"H{number}") for number in range(count)])
        shown = " ".join(said).split()
        assert [shown.count(f"H{number}") for number in range(count)] == [2] * count
        assert f"第 {len(said)} 页 共 {len(said)} 页" in said[-1]


def test_headings_are_bookmarks() -> None:
    made = pdf("x", MADE, [Heading("一、内容"), Heading("（一）标准", level=2)])
    first, nested = PdfReader(BytesIO(made)).outline
    assert (first["/Title"], nested[0]["/Title"]) == ("一、内容", "（一）标准")


def test_the_same_parts_give_the_same_bytes_and_a_changed_one_does_not() -> None:
    parts = [Title("合同"), Text(CLAUSE), Picture(photograph()), Code("https://example.org", "核对")]
    assert pdf("x", MADE, parts) == pdf("x", MADE, parts)
    assert pdf("x", MADE, parts) != pdf("x", MADE, [*parts, Text("。")])


def test_the_foot_is_in_the_readers_language() -> None:
    with i18n.speaking("en"):
        assert "Page 1 of 1" in pages(Text("Contract"))[0]
