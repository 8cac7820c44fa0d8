from __future__ import annotations

import hashlib
import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huimin_flow.catalogue.reasons import Code, InputCode
from huimin_flow.catalogue.terms import Argument
from huimin_flow.errors import InputRefused, StepRefused
from huimin_flow.model.core.events import Reason
from huimin_flow.model.core.texts import (
    accepted,
    accepted_in,
    pseudonym,
    required,
    showable,
)
from huimin_flow.model.executing.plans import Plan, Task
from huimin_flow.personal import is_code, masked, names_a_person

#: Each way to write a number that names somebody.
TELLING = [
    # mobile numbers
    "13800138000", "王某13800138000", "p13800138000", "138 0013 8000",
    "138-0013-8000", "1 3 8 0 0 1 3 8 0 0 0", "138\u20110013\u20118000",
    "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10",
    "+86 13800138000", "008613800138000", "013800138000", "138\u200b0013\u200b8000",
    "电话 2023 13800138000 备用", "电话 400 138 0013 8000", "电话13800138000,2023年",
    "\u0661\u0663\u0668\u0660\u0660\u0661\u0663\u0668\u0660\u0660\u0660",
    "\u2460\u2462\u2467\u24ea\u24ea\u2460\u2462\u2467\u24ea\u24ea\u24ea",
    "138/0013/8000", "138,0013,8000", "138、0013、8000", "138_0013_8000",
    "(138)00138000", "138(0013)8000", "(138) 0013-8000", "138\n0013\n8000",
    "138 0013\r\n8000", "138\t0013\t8000", "13800 138000", "13 800 138 000",
    "13 80 01 38 00 0", "一三八〇〇一三八〇〇〇", "一三八零零一三八零零零",
    "138零零138零零零", "138OO138OOO", "l3800l38000", "13800138000个人",
    "138:0013:8000", "138;0013;8000", "138*0013*8000", "138~0013~8000",
    "138|0013|8000", "138。0013。8000", "\u20e3".join("13800138000\u20e3"),
    # identity numbers
    "500101199001011234", "50010119900101123X", "500101 19900101 123x",
    "500101900101123", "500101/19900101/1237", "500101,19900101,1237",
    "500101\n19900101\n1237", "500101199 001011237", "5001 0119 9001 0112 37",
    "50010119900101123 X", "50010119900101123\u0425", "50010119900101123\u00d7",
    "810000199003078888", "830000199003078888", "950840199003078888",
    # permits, passports
    "护照E12345678", "EA1234567", "H12345678", "M1234567890", "C12345678",
    "PE1234567", "DE1234567", "K123456(7)", "护照号 e 12345678", "台胞证01234567", "USA110090010112",
    # fixed numbers, cards, plates
    "023-63212345", "(023) 6321 2345", "02363212345", "+86-23-63212345",
    "电话63212345", "座机:6321 2345", "6222021234567890123",
    "6222 0212 3456 7890 123", "6222021234567890", "4111111111111111",
    "622202 1234567890123", "渝A12345", "渝A·12345", "渝 A12345", "渝AD12345",
    # addresses
    "zhang.san@163.com", "zhangsan\uff20qq.com", "微信号zhangsan88", "微信:zhang_san1",
    "加vx:abc12345", "QQ12345678", "QQ号:123456789", "wxid_abcdef123",
]  # fmt: skip

HARMLESS = [
    "2580万人、618万人、750万人", "3000000000元",
    "2023-10-09 10:00 至 2023-12-15 18:00", "20231009-U00-000000001",
    "20250101-U13-000000001", "W15-2023-10091", "12333", "办件202310091230001",
    "评分 15 20 30 40 50 60", hashlib.sha256(b"x").hexdigest(), "a13800138000bcde",
    "list/2024/city", "",
    "10:00:00;11:30:00;12:00:00", "比分138:0013", "2023:10:09 10:00:00",
    # amounts
    "补贴资金15000000000元", "惠及19812345678人次", "13800138000元", "共13800138000亩",
    "15,000,000,000元", "13,800,138,000", "138、4500、8000人", "180、2023、2024年",
    "投入15000、200000元", "发放护照12345678本", "微信支付1000000元",
    # numbers of offices, and what is masked already
    "95588", "400-123-4567", "4008001234", "电话400-888-8888", "电话12333",
    "138****8000", "联系电话见附件", "微信公众号cqrsj", "QQ群12345678",
    # codes, documents, days
    "渝人社发\u30142023\u301512号", "新EXCEL1", "G20231009", "2019 2020 2021 2022",
    "统一社会信用代码91500000MA5U12345X", "二〇二三年一季度", "共一百三十八",
    "一、二、三、四、五、六、七、八、九、十", "11,12,13,14,15,16,17",
]  # fmt: skip


@pytest.mark.parametrize("text", TELLING)
def test_a_persons_number_is_found_however_it_is_written(text: str) -> None:
    assert names_a_person(text)
    with pytest.raises(InputRefused) as refused:
        accepted(text, Argument.NOTE, lines=True)
    assert (refused.value.code, "备注" in str(refused.value)) == (
        "names_a_person",
        True,
    )
    assert text not in str(refused.value) + refused.value.remedy
    assert refused.value.remedy
    assert accepted(text, Argument.TEXT, private=True, lines=True)


@pytest.mark.parametrize("text", TELLING)
def test_a_refusal_masks_a_persons_number(text: str) -> None:
    for said in (
        masked(text),
        showable(text),
        str(StepRefused(Code.NOT_YOUR_POST, account="a", person=text)),
        str(StepRefused((Reason(code=Code.POST_UNKNOWN, values={"person": text}),))),
        str(InputRefused(InputCode.APPEAL_NOT_FOUND, key=text)),
    ):
        assert not names_a_person(said)
        assert text not in said
        assert "*" in said


def test_what_stands_beside_a_number_is_shown() -> None:
    shown = masked("item collect --on 2026-01-03 --title 找王某138-0013-8000,两人")
    assert shown == "item collect --on 2026-01-03 --title 找王某***-****-****,两人"
    assert masked("电话\uff11\uff13\uff18\uff10\uff10138000㎡") == "电话***********㎡"
    assert masked("微信号zhangsan88。") == "微信号**********。"


@pytest.mark.parametrize("text", HARMLESS)
def test_figures_days_and_digests_are_no_persons_numbers(text: str) -> None:
    assert not names_a_person(text)
    assert masked(text) == text


#: Keyed pseudonyms and other codes hold digits by chance.
CODES = [
    "p1", "c0000017", "hmac:9f/Qx+z=", "p_1.a", "13912345678a", "a13912345678",
    "abc13912345678", "15912345678F", "x13912345678y", "G20231009", "E12345678",
    "02000000017", "00000000017", "20231009-1",
]  # fmt: skip

NO_CODES = [
    "张三", "王 p1", "p 1", "13800138000", "p13800138000", "tel-13800138000",
    "138-0013-8000", "138_0013_8000", "8613800138000", "500101199001011234",
    "50010119900101123X", "id-500101199001011237", "830000199003078888",
    "500101900101123", "a@b.cn", "zhang@163.com", "023-63212345",
]  # fmt: skip


@pytest.mark.parametrize("text", CODES)
def test_a_code_is_taken_though_it_holds_many_digits(text: str) -> None:
    assert pseudonym(f" {text} ", Argument.WHO) == text


@pytest.mark.parametrize("text", NO_CODES)
def test_who_is_written_as_a_code(text: str) -> None:
    with pytest.raises(InputRefused) as refused:
        pseudonym(text, Argument.WHO)
    assert refused.value.code == InputCode.NOT_A_CODE
    assert "来访人" in str(refused.value)
    if text != "p 1":
        assert text not in str(refused.value)


@given(st.binary(min_size=6, max_size=32), st.uuids())
def test_a_hash_or_uuid_is_never_taken_for_a_number(
    data: bytes, one: uuid.UUID
) -> None:
    for written in (data.hex(), data.hex().upper()):
        if any(letter in "abcdef" for letter in data.hex()):
            assert is_code(written)
    assert is_code(str(one)) or str(one).replace("-", "").isdecimal()


def test_every_text_of_a_value_is_one_fit_line() -> None:
    with pytest.raises(InputRefused, match="方案"):
        accepted_in(Plan(deliverable="找13800138000"), Argument.PLAN)
    task = Task(key="T1", title="甲\n乙", unit="500101", due=date(2023, 12, 1))
    with pytest.raises(InputRefused) as refused:
        accepted_in(Plan(tasks=(task,)), Argument.PLAN)
    assert refused.value.code == InputCode.NOT_ONE_LINE
    assert (
        accepted_in(Plan(deliverable="候工区\n"), Argument.PLAN).deliverable == "候工区"
    )


@pytest.mark.parametrize(
    "end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]
)
def test_a_line_end_of_any_kind_is_kept_as_lf_and_refused_in_one_line(end: str) -> None:
    assert accepted(f"甲{end}乙{end}", Argument.TEXT, lines=True) == "甲\n乙"
    with pytest.raises(InputRefused) as refused:
        accepted(f"甲{end}乙", Argument.TITLE)
    assert refused.value.code == InputCode.NOT_ONE_LINE
    assert accepted(f"甲{end}", Argument.TITLE) == "甲"


@pytest.mark.parametrize(
    "mark", ["\u00ad", "\u200b", "\u200e", "\u200f", "\u2060", "\ufeff"]
)
def test_what_nobody_sees_is_left_out(mark: str) -> None:
    for lines in (False, True):
        assert accepted(f"{mark}惠{mark}民", Argument.TITLE, lines=lines) == "惠民"
    assert required(f"{mark}1", Argument.TITLE) == "1"
    with pytest.raises(InputRefused) as refused:
        required(mark, Argument.TITLE)
    assert refused.value.code == InputCode.TEXT_EMPTY


@pytest.mark.parametrize(
    "mark",
    ["\x00", "\x1b", "\x7f", "\u202e", "\u2066", "\ud800", "\uffff", "\U000e0041"],
)
def test_what_hides_or_breaks_a_text_is_refused_everywhere(mark: str) -> None:
    for lines in (False, True):
        with pytest.raises(InputRefused) as refused:
            accepted(f"惠{mark}民", Argument.TEXT, lines=lines, private=True)
        assert refused.value.code == InputCode.TEXT_UNFIT
        assert f"第2个字符 U+{ord(mark):04X}" in str(refused.value)


def test_signs_of_a_font_or_of_a_lost_encoding_stay_in_a_text() -> None:
    assert accepted("王\ue000\ufffd", Argument.TEXT, lines=True) == "王\ue000\ufffd"
    assert accepted("王\ue000", Argument.TITLE) == "王\ue000"
    with pytest.raises(InputRefused):
        accepted("王\ufffd", Argument.TITLE)
