"""What is wrong with a file of config/, one of its keys or values."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class ConfigCode(ReasonCode):
    """A file, a key or a value of config/ that is not valid.

    The place is shown before the sentence, so no sentence repeats key and value.
    """

    CONFIG_UNFIT = """config_unfit 配置不合要求
    → 请按上面每一条改正后重试;在全部改正之前,什么都不会启用
    the config is not valid → correct all problems above; nothing is activated before"""
    CALENDAR_MISSING = """calendar_missing {year}年的日历尚未载入
    → 请补上 config/holidays/{year}.yaml 并启用
    the calendar of {year} is not loaded
    → add config/holidays/{year}.yaml and activate it"""
    # Files.
    FOLDER_MISSING = """config_folder_missing 配置目录不存在
    → 请用 --config 或 HUIMIN_CONFIG 指明配置目录
    there is no such folder → name the folder with --config or HUIMIN_CONFIG"""
    FILE_MISSING = """config_file_missing 文件不存在 → 请在配置目录中补上该文件
    the file is missing → add it to the config folder"""
    FILE_UNREADABLE = """config_file_unreadable 读不了({why}) → 请核对路径与读取权限
    it cannot be read ({why}) → check the path and who may read it"""
    NOT_A_FILE = """config_not_a_file 不是普通文件 → 请换成普通文件
    it is not a regular file → put a regular file there"""
    FILE_TOO_LARGE = """config_file_too_large 文件超过{most}KB → 请核对是不是该文件
    the file has more than {most} KB → check that it is the right file"""
    NOT_UTF8 = """config_not_utf8 第{byte}个字节不是 UTF-8 → 请另存为 UTF-8 编码
    byte {byte} is not UTF-8 → save the file as UTF-8"""
    UTF16 = """config_utf16 是 UTF-16 编码,不是 UTF-8 → 请另存为 UTF-8 编码
    the file is UTF-16, not UTF-8 → save the file as UTF-8"""
    FILE_EMPTY = """config_file_empty 文件是空的,或只有一个值 → 请对照原文件恢复
    the file is empty or has a single value → restore it from the original"""
    FILE_NAME_NO_YEAR = """config_file_name_no_year 文件名应为年份 → 请改名,如 2023.yaml
    the file's name is not a year → rename it, for example 2023.yaml"""
    NO_CALENDAR = """config_no_calendar 没有任何一年的日历 → 请至少放入今年的文件
    there is no calendar → add at least this year's file"""
    # YAML.
    YAML_BROKEN = """config_yaml_broken 不是合法的 YAML({detail})
    → 请改正该行;如有全角冒号,请把全角冒号改为半角冒号加空格
    it is not valid YAML ({detail})
    → correct the line; a colon is half-width, with a space after it"""
    KEY_TWICE = """config_key_twice 同一个键写了两次 → 请删去其一
    a key is there twice → remove one of them"""
    COLUMN_TWICE = """config_column_twice 同一个列名写了两次 → 请只留在一项里
    the same name of a column is there twice → leave it in one field"""
    ALIAS_USED = """config_alias_used 不用别名“*{name}” → 请把内容写全
    the alias *{name} is not allowed → write the content in full"""
    TOO_DEEP = """config_too_deep 嵌套超过{most}层 → 请核对括号与缩进
    values are nested more than {most} levels deep
    → check brackets and indentation"""
    NUMBER_UNREADABLE = """config_number_unreadable 有一个数字或日期不能读取
    → 请检查过长的数字
    a number or a date cannot be read → look for a number that is too long"""
    # Keys and the types of values.
    KEY_MISSING = """config_key_missing 缺少该项 → 请补上
    it is missing → add it"""
    ENTRY_MISSING = """config_entry_missing 缺少 {name} → 请补上 {name}
    {name} is missing → add {name}"""
    KEY_UNKNOWN = """config_key_unknown 不认识该项 → 请核对拼写;键后须用半角冒号与空格
    there is no such key
    → check its spelling; a half-width colon and a space follow a key"""
    KEY_NOT_TEXT = """config_key_not_text 键应为文字 → 请给键加引号
    a key must be a text → put the key in quotes"""
    NOT_AN_INTEGER = """config_not_an_integer 应为整数 → 请写成不带单位和小数的整数
    it is not a whole number → write a whole number without unit or fraction"""
    NOT_A_NUMBER = """config_not_a_number 应为数字 → 请写成不带单位的数字
    it is not a number → write a number without a unit"""
    NOT_A_TEXT = """config_not_a_text 应为文字 → 数字代码请加引号
    it is not a text → put a code of digits in quotes"""
    NOT_A_BOOLEAN = """config_not_a_boolean 应为 true 或 false → 请写 true 或 false
    it is neither true nor false → write true or false"""
    NOT_A_WORD = """config_not_a_word 不是可用的词 → 请使用词汇表中的英文标识
    it is not one of the allowed words → use an identifier of the glossary"""
    NOT_A_DATE = """config_not_a_date 应为日期 → 请写成 2026-12-15 的样子
    it is not a date → write it as 2026-12-15"""
    NOT_A_LIST = """config_not_a_list 应为列表 → 请用“- ”逐项列出
    it is not a list → write one entry per line, after a hyphen and a space"""
    NOT_A_MAPPING = """config_not_a_mapping 应为“键: 值” → 请逐行写成“键: 值”
    it is not a mapping → write a key, a colon and a value on each line"""
    TOO_MANY = """config_too_many 项数过多 → 请删去多余的项
    there are too many entries → remove some"""
    TOO_FEW = """config_too_few 项数不足 → 请补上缺少的项
    there are too few entries → add those that are missing"""
    UNFIT = """config_value_unfit 不合要求({detail}) → 请对照说明修改
    it is not valid ({detail}) → compare it with the reference"""
    UNWRITABLE = """config_unwritable 含有无效字符 → 请删去
    it has a character that cannot be stored → remove the character"""
    # What a value may be.
    OUT_OF_RANGE = """config_out_of_range 应在{low}至{high}之间 → 请改正
    it must be from {low} to {high} → correct it"""
    TOO_SMALL = """config_too_small 应不小于{least} → 请改正
    it must be at least {least} → correct it"""
    TOO_LARGE = """config_too_large 数字过大,至多{most} → 请改小
    the number must be at most {most} → write a smaller number"""
    BEFORE_OTHER = """config_before_other 不得早于或小于 {other} → 请改正其中之一
    it must not be before or below {other} → correct one of the two"""
    NOT_AFTER_OTHER = """config_not_after_other 应晚于或大于 {other} → 请改正其中之一
    it must be after or above {other} → correct one of the two"""
    SUM_NOT_100 = """config_sum_not_100 合计{total},不是100 → 请改正各项,凑足100
    the sum is {total}, not 100 → correct the parts until they sum to 100"""
    MUST_BE = """config_must_be 此处只能是 {allowed} → 请写 {allowed}
    only {allowed} is allowed here → write {allowed}"""
    NOT_AMONG = """config_not_among 没有“{name}”,可用的有:{choices} → 请改用其中之一
    there is no {name}; possible: {choices} → use one of them"""
    EMPTY = """config_empty 一个也没有写 → 请至少写一个
    it is empty → write at least one value"""
    REPEATED = """config_repeated 与另一处重复 → 请改用另一个
    it is used in another place, too → use another value"""
    NOT_A_CODE = """config_not_a_code 不是ASCII代码 → 请只用英文字母、数字与连字符
    it is not an ASCII code → use letters, digits and hyphens only"""
    # Sources.
    SOURCE_MISSING = """config_source_missing 没有写出处 → 请写条款,或写 ours
    the source is missing → write the clause, or ours"""
    SOURCE_UNKNOWN = """config_source_unknown 通知中没有这一出处
    → 请写成 通知 二(四)4 或 通知 附件2 任务16 的样子;自定的写 ours
    the notice has no such place
    → write the clause's number as the notice does, or ours for the bureau's figure"""
