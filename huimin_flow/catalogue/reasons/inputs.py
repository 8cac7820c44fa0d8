"""Why a value that was given to an act or a question cannot be taken."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class InputCode(ReasonCode):
    """A value that cannot be taken as it is, or names nothing that is there."""

    DAY_TO_COME = (
        "day_to_come",
        "发生日期{day}晚于今天{today}",
        "{day} lies after today, {today}",
        "请核对日期",
        "check the date",
    )
    DAY_BEFORE_LAST_STEP = (
        "day_before_last_step",
        "发生日期{day}早于该事项上一步的日期{last}",
        "{day} lies before the item's last step, {last}",
        "请写{last}或以后;一步不能发生在它的前一步之前",
        "give {last} or later: no step happens before the one before it",
    )
    PERSON_UNKNOWN = (
        "person_unknown",
        "没有代号为“{person}”的岗位",
        "no post bears the id {person}",
        "请核对 organization.yaml",
        "look it up in organization.yaml",
    )

    # ---- texts: ``argument`` is a word of ``Given``, or what a refusal calls it
    TEXT_TOO_LONG = (
        "text_too_long",
        "“{argument}”有{length}个字符,超过{longest}个",
        "{argument} has {length} characters, more than {longest}",
        "请缩短,或作为附件提交",
        "shorten it, or attach it as a file",
    )
    TEXT_UNFIT = (
        "text_unfit_sign",
        "“{argument}”第{place}个字符 {sign} 不能使用",
        "character {place} of {argument}, {sign}, cannot be used",
        "请删去该控制字符或无效字符后重试;满篇如此,则输入多半不是 UTF-8 编码",
        (
            "delete this control or invalid character; if there are many, the input is"
            " hardly UTF-8"
        ),
    )
    NOT_ONE_LINE = (
        "not_one_line",
        "“{argument}”只能写一行,第{place}个字符 {sign} 是换行或制表符",
        "{argument} is one line; character {place}, {sign}, is a line break or a tab",
        "请改成一行;较长的内容请写在说明或附件中",
        "write it in one line; what is longer belongs to the description or a file",
    )
    TEXT_EMPTY = (
        "text_empty",
        "“{argument}”不能为空",
        "{argument} is empty",
        "请填写“{argument}”",
        "fill in {argument}",
    )
    NAMES_A_PERSON = (
        "names_a_person",
        "“{argument}”里像是有能认出本人的号码(电话、证件、银行卡、车牌、邮箱等),不能记入",
        (
            "{argument} seems to hold what names a person, a number or an address,"
            " which is not recorded"
        ),
        "请删去号码,或换成不能认出本人的代号后重试",
        "leave it out, or put a code that names nobody in its place",
    )
    NOT_A_CODE = (
        "not_a_code",
        "“{argument}”的“{given}”须是代号(字母、数字与 - _ . 等),不能是姓名或号码",
        (
            "{given} as {argument} is no code of letters, digits and signs,"
            " but a name or a number"
        ),
        "请换成不能认出本人的代号,如 p-0017",
        "give a code that names nobody, such as p-0017",
    )
    ITEM_UNKNOWN = (
        "item_unknown",
        "没有编号为“{number}”的事项",
        "no item bears the number {number}",
        "用 huimin item list 查看全部编号",
        "huimin item list shows all numbers",
    )
    REQUEST_REUSED = (
        "request_reused",
        "请求编号“{request}”已用于另一操作",
        "the request id {request} stands for another act",
        "请换一个请求编号",
        "give another request id",
    )
    REQUEST_UNFIT = (
        "request_unfit",
        "请求编号须为1至{longest}个可见的 ASCII 字符",
        "a request id is 1 to {longest} printable ASCII characters",
        "请换一个请求编号",
        "give another request id",
    )
    TEXT_SURROGATE = (
        "text_surrogate",
        "输入中含有无效字符(不成对的代理码位)",
        "the input holds characters that are none (lone surrogates)",
        "请删去无法显示的字符后重试",
        "take out what cannot be shown, and try again",
    )
