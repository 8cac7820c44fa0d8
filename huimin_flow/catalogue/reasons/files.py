"""Why a file cannot be read or written, and why one of its rows is refused."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class FileCode(ReasonCode):
    """What is wrong with a file, a sheet, a line or a cell."""

    TOO_LARGE = """file_too_large “{file}”超过{most}字节 → 请分成几个文件
    {file} has more than {most} bytes → split it into several files"""
    UNREADABLE = """file_unreadable 读不了文件“{file}”({why}) → 请核对路径与权限
    the file {file} cannot be read ({why}) → check its path and permissions"""
    NOT_REGULAR = """file_not_regular “{file}”不是普通文件
    → 请给出普通文件,不要给目录、管道或设备
    {file} is not a regular file → name a regular file, not a folder, pipe or device"""
    MISSING = """file_missing 文件不存在:{path} → 请核对路径
    there is no file {path} → check the path"""
    IS_FOLDER = """file_is_folder 是目录,不是文件:{path} → 请写明目录下的文件名
    {path} is a folder, not a file → name a file within it"""
    KIND_UNKNOWN = """file_kind_unknown 不支持的文件:{file}(须是 {kinds})
    → 请在原系统或表格软件里另存为其中一种(不含宏)
    {file} is not a file of the kinds {kinds}
    → save it as one of these kinds, without macros"""
    PACKED_BROKEN = """file_packed_broken “{file}”的压缩内容不完整,解不开
    → 请重新压缩或导出后再试
    the packed content of {file} is broken → pack or export it again"""
    UNPACKS_TOO_LARGE = """file_unpacks_too_large “{file}”解开后超过{most}MB
    → 请分成几个文件
    {file} unpacks to more than {most} MB → split it into several files"""
    BOOK_IS_PAGE = """file_book_is_page “{file}”名为表格,内容却是网页或标记文本
    → 请用表格软件打开,另存为 xlsx 或 UTF-8 的 csv 后再导入
    {file} is named a table, but it is a web page or markup
    → open it with a spreadsheet program and save it as xlsx or csv"""
    EMPTY = """file_empty {file} 是空的 → 请核对导出的月份与单位后重新导出
    {file} is empty → check the month and the unit, and export again"""
    ENCODING_UNKNOWN = """file_encoding_unknown
    {file}:编码无法识别(各编码第一个不合的字节:{bytes}) → 请另存为 UTF-8 编码后重试
    the encoding of {file} is unknown (first invalid byte by encoding: {bytes})
    → save it as UTF-8"""
    HEAD_UNREADABLE = """file_head_unreadable
    {file} 的表头(或其上的一行)超过{longest}个字符,或引号没有结束
    → 请核对文件是否每条记录一行
    the head of {file} has more than {longest} characters or an open quote
    → check that each record is one line"""
    POINT_COLUMNS = """file_point_columns {file} 缺少列:{missing}
    → 表头请写:名称、级别、地点;可加 负责岗位、开设日期
    {file} lacks the columns {missing}
    → head the columns name, level, locality; in_charge and opened_on may follow"""
    COLUMNS_WRONG = """file_columns_wrong
    {file} 第{line}行:列不对(缺少:{missing};重复:{twice})
    → 表头请写列名:办件编号、单位、事项、渠道、评价、时间等
    line {line} of {file}: wrong columns (missing: {missing}; twice: {twice})
    → name the columns: transaction, unit, item, channel, level, at"""
    APPEAL_COLUMNS = """file_appeal_columns
    {file} 第{line}行:列与“{profile}”不合(缺少:{missing};重复:{twice})
    → 请核对表头;也可用 huimin appeal profile 按此表头拟一份列对照,再用 --profile 指明
    line {line} of {file} does not fit {profile} (missing: {missing}; twice: {twice})
    → check the header, or let huimin appeal profile propose a profile"""
    NO_PROFILE_FITS = """file_no_profile_fits
    没有现成的列对照合于“{file}”的列:{columns}
    → 请用 huimin appeal profile 按此表头拟一份,核对后用 --profile 指明
    no ready profile fits the columns of {file}: {columns}
    → let huimin appeal profile propose one, check it and name it with --profile"""
    NOT_OBJECTS = """file_not_objects “{file}”里没有一行是一个 JSON 对象
    → 请每条记录各写一行,不要外层的方括号,也不要换行排版
    no line of {file} is a JSON object
    → write each record on one line, without brackets around all"""
    # Tables.
    TABLE_CUT = """file_table_cut {file} 不是完整的 CSV:第{line}行在中途断开,或没有换行
    → 请重新导出后再试
    {file} is not a complete CSV: line {line} has no end → export it again"""
    TABLE_QUOTES = """file_table_quotes
    {file} 不是完整的 CSV:第{line}行的引号没有成对,或文字过长 → 请重新导出后再试
    {file} is not a complete CSV: line {line} has an open quote → export it again"""
    TABLE_TOO_LARGE = """file_table_too_large {file} 超过{most}MB → 请拆分后再导入
    {file} has more than {most} MB → split it"""
    HEAD_MISSING = """file_head_missing {file} 前{rows}行里没有表头:{columns}
    → 请用 huimin progress template 导出的表填报
    the first {rows} rows of {file} have no header with {columns}
    → fill in the sheet that huimin progress template writes"""
    COLUMNS_TWICE = """file_columns_twice {file} 第{line}行:列重复:{columns}
    → 请删去重复的列
    row {line} of {file} has columns twice: {columns} → delete the second ones"""
    FIGURE_UNFIT = """file_figure_unfit “{given}”不是不小于0的整数
    {given} is not a whole number of 0 or more → *cell"""
    FIGURE_TOO_LARGE = """file_figure_too_large “{given}”过大,表格软件已不能准确保存
    {given} is too large: a spreadsheet does not keep it exactly → *cell"""
    FIGURE_MISSING = """file_figure_missing 填了{columns},没有填本月数值
    {columns} is filled in, but the month's figure is missing → *cell"""
    ROW_WITHOUT_ITEM = """file_row_without_item 这一行有数值,没有事项编号,不是填报的行
    → 合计等行请删去,再重新导入;这次什么也没有记入
    the row has a figure but no item: it is not a row of the sheet
    → delete totals and similar rows and import again; nothing was recorded"""
    MORE_CELLS = """file_more_cells ……共{count}处
    … {count} in all → *cell"""
    # Workbooks.
    BOOK_UNREADABLE = """file_book_unreadable {file} 不是能打开的 xlsx 或 xls 文件
    {file} is not an xlsx or xls file that can be opened → *save"""
    BOOK_LOCKED = """file_book_locked {file} 设了打开密码
    → 请在表格软件里打开,取消密码后另存再导入
    {file} is locked by a password
    → open it in a spreadsheet program and save it without the password"""
    BOOK_UNPACKS_TOO_LARGE = """file_book_unpacks_too_large
    {file} 解开后过大(超过{most}MB,或部件过多)
    {file} unpacks to more than {most} MB, or to too many parts → *save"""
    BOOK_UNSAFE = """file_book_unsafe {file} 含有不安全的内容
    {file} has unsafe content → *save"""
    SHEET_HIDDEN = """file_sheet_hidden {file} 的第一张工作表“{sheet}”是隐藏的
    → 请把要导入的工作表移到最前,并取消隐藏
    the first sheet of {file}, {sheet}, is hidden
    → move the sheet to import to the front and unhide it"""
    CELL_FAR = """file_cell_far {file} 的这一格太远:最多读{rows}行、{columns}列
    → 请删去用不到的行和列;行数更多的请另存为 UTF-8 的 csv 后再导入
    this cell of {file} is too far: at most {rows} rows and {columns} columns
    → delete rows and columns without data; save a longer table as csv in UTF-8"""
    CELL_FORMULA = """file_cell_formula {file} 的这一格是公式
    → 请把公式粘贴为数值后再导入
    this cell of {file} is a formula → paste the formula as a value"""
    CELL_ERROR = """file_cell_error {file} 的这一格是错误值(如 #REF!)
    → 请改为数值后再导入
    this cell of {file} is an error such as #REF! → replace it by a value"""
    CELL_IN_HIDDEN_ROW = """file_cell_in_hidden_row
    {file} 的这一格在隐藏(或没有高度)的行里
    this cell of {file} is in a row that is hidden or has no height → *show"""
    CELL_IN_HIDDEN_COLUMN = """file_cell_in_hidden_column
    {file} 的这一格在隐藏(或没有宽度)的列里
    this cell of {file} is in a column that is hidden or has no width → *show"""
    CELL_MERGED = """file_cell_merged {file} 的这一处是跨行合并的单元格
    → 请取消合并,每行各填各的
    {file} has cells merged over rows here → unmerge them and fill in each row"""
    CELL_MISLEADS = """file_cell_misleads
    这一格显示的与其中的值不同(数字格式、合并或隐藏零值所致)
    → 请把单元格格式改为“常规”、取消合并并显示零值,核对后再导入
    the cell's shown value differs from its real value (format, merge, hidden zeros)
    → set its format to General, unmerge it, show zeros; check and import again"""
    # Sheets that go out.
    SHEET_KIND = """file_sheet_kind 填报表只能写成 .xlsx 文件,不能写成 {path}
    → 请把文件名改为 .xlsx
    the sheet must be an .xlsx file, not {path} → use a name with .xlsx"""
    EXPORT_TOO_LONG = """file_export_too_long 一张表最多写{most}行
    → 请改写成 .csv 或 .jsonl,或按月分开导出
    a workbook gets at most {most} rows → use .csv or .jsonl, or export by month"""
    FOLDER_MISSING = """file_folder_missing 目录 {path} 不存在 → 请先建立目录,或换一处
    there is no folder {path} → create it or choose another place"""
    NOT_WRITTEN = """file_not_written 写不了 {path}({why})
    → 请核对权限与磁盘空间,或换一处
    {path} cannot be written ({why})
    → check permissions and disk space, or choose another place"""


class RowCode(ReasonCode):
    """Why a row of a file is refused, whatever the file contains."""

    TIME_UNREADABLE = """time_unreadable 看不懂时间“{given}”;可写成 2026-11-02 09:05、\
2026/11/2 9:05:00、2026年11月2日 上午9:05、20261102090500、2026-11-02
    the time {given} cannot be read; write it as 2026-11-02 09:05, 2026/11/2 9:05:00, \
20261102090500 or 2026-11-02 → *line"""
    LEVEL_UNKNOWN = """level_unknown 级别“{given}”不在可用的词之中:{choices}
    the level {given} is not one of: {choices} → *line"""
    TEXT_UNFIT = """text_unfit “{field}”为空或不能使用
    {field} is empty or not valid → *line"""
    LINE_TOO_LONG = """line_too_long 一行超过{longest}个字符
    the line has more than {longest} characters → *line"""
    LINE_CUT = """line_cut 行在中途断开
    the line is cut off → *line"""
    LINE_MISSHAPED = """line_misshaped 应有{expected}列,实有{found}列
    {found} columns instead of {expected} → *line"""
    FIELD_TWICE = """field_twice “{field}”写了两次
    {field} is written twice → *line"""
    LINE_IN_QUOTES = """line_in_quotes
    第{opened}行有一个引号没有结束(或其中的文字过长),本行可能是它里面的文字
    → 请在原文件的第{opened}行补上引号后,重新导入原文件;已记入的不会重复
    line {opened} has an open quote or a text that is too long; this may be its text
    → close the quote on line {opened} of the file and import the file again"""
    LINE_UNREADABLE = """line_unreadable 不是合格的一行记录
    the line is not a record → *line"""
    KEY_ROUNDED = """key_rounded
    “{field}”的“{given}”已被表格软件改成科学计数法,原来的数字丢失
    a spreadsheet changed {field} to {given}, and digits were lost → *text"""
    KEY_DECIMAL = """key_decimal “{field}”的“{given}”已被表格软件改成小数
    a spreadsheet changed {field} to the decimal number {given} → *text"""
    KEY_CUT = """key_cut
    “{field}”的“{given}”有几条在用,第15位以后全是零,像是被表格软件改过
    several records have {field} {given}: only zeros after the 15th digit → *text"""
    TIME_IN_FUTURE = """time_in_future 时间{given}晚于现在
    {given} is in the future → *line"""
    TIME_TOO_EARLY = """time_too_early 时间{given}早得不合情理
    {given} is too early → *line"""
