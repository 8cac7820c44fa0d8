"""Why a list, score, color or ranking cannot be shown, made or corrected."""

from __future__ import annotations

from huimin_flow.catalogue.terms import ReasonCode


class PublicationCode(ReasonCode):
    """What is asked of an edition that isn't there, or cannot be put right so."""

    NOT_PUBLISHED = (
        "not_published",
        "{stream}尚未发布",
        "{stream} is not published yet",
        "由定时作业发布,日期见 huimin timetable due",
        "a job publishes it; huimin timetable due says when",
    )
    NO_EDITION = (
        "no_such_edition",
        "{stream}没有第{edition}版,共{last}版",
        "{stream} has no edition {edition}; there are {last}",
        "请用 huimin score editions 查看各版",
        "huimin score editions lists them",
    )
    KEY_UNKNOWN = (
        "publication_key_unknown",
        "“{key}”不是已发布评价的编号",
        "{key} is no key of what is published",
        "请写成 score/2023-12(计分)、colors/2023-12(五色图)或 ranking/2023Q4(榜单)",
        "write score/2023-12, colors/2023-12 or ranking/2023Q4",
    )
    LIST_UNKNOWN = (
        "list_unknown",
        "没有编号为“{key}”的清单",
        "there is no list {key}",
        "请写 list/年度/city 或 list/年度/单位代码;huimin list show 不写编号列出全部",
        "write list/YEAR/city or list/YEAR/UNIT; huimin list show lists them all",
    )
    COLORS_WITH_SCORES = (
        "colors_with_scores_only",
        "只有更正计分时可一并更正五色图",
        "colors are corrected along with scores only",
        "请去掉一并更正",
        "correct it alone",
    )
    SCORES_THEIR_OWN_WAY = (
        "scores_their_own_way",
        "{key}是计分,不是名次或颜色",
        "{key} is a month's scores, no standings",
        "请按计分更正",
        "correct it as scores",
    )
