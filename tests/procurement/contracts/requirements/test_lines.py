"""A version's requirement in lines: nothing is lost, nothing is twice, and the same version makes the same lines."""

from hypothesis import given
from hypothesis import strategies as st

from procurement.contracts.requirements.rules import Line, LineKind, Requirement, requirement_lines

LECTURE = Requirement(
    "一、真实案例三则；二、对应的法律规定与常见误区；三、现场答疑不少于三十分钟。",
    "时长不少于两小时；到场不少于三十人。",
    "执业律师一名到场主讲",
    "1. 预约\n2. 签到\n\n3. 回访",
    120,
    1,
)
TEXTS = st.text(st.sampled_from("法律讲座咨询人12三；;\n。一、（2）.-  "), max_size=60)


def test_a_lecture_s_requirement_is_judged_in_eleven_lines() -> None:
    assert requirement_lines(LECTURE) == [
        Line(1, LineKind.CONTENT, "真实案例三则"),
        Line(2, LineKind.CONTENT, "对应的法律规定与常见误区"),
        Line(3, LineKind.CONTENT, "现场答疑不少于三十分钟"),
        Line(4, LineKind.STANDARD, "时长不少于两小时"),
        Line(5, LineKind.STANDARD, "到场不少于三十人"),
        Line(6, LineKind.STAFFING, "执业律师一名到场主讲"),
        Line(7, LineKind.PROCESS, "预约"),
        Line(8, LineKind.PROCESS, "签到"),
        Line(9, LineKind.PROCESS, "回访"),
        Line(10, LineKind.TIME, figure=120),
        Line(11, LineKind.PEOPLE, figure=1),
    ]


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.integers(30, 480), st.integers(1, 10))
def test_the_lines_are_numbered_and_hold_every_word_in_order(
    content: str, standard: str, staffing: str, process: str, minutes: int, people: int
) -> None:
    requirement = Requirement(content, standard, staffing, process, minutes, people)
    lines = requirement_lines(requirement)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert lines == requirement_lines(requirement)
    assert [(line.kind, line.figure) for line in lines[-2:]] == [(LineKind.TIME, minutes), (LineKind.PEOPLE, people)]
    for kind, text in ((LineKind.CONTENT, content), (LineKind.STANDARD, standard)):
        words = "".join(char for char in text if char in "法律讲座咨询人")
        kept = "".join(char for line in lines if line.kind is kind for char in line.text_zh if char in "法律讲座咨询人")
        assert kept == words
    assert all(line.text_zh == line.text_zh.strip() != "" for line in lines[:-2])
