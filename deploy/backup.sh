#!/bin/sh
# 备份一个 SQLite 数据库及其附件,并核验备份:sh backup.sh 数据库文件 备份目录
# 办理照常进行。只有服务账户能读备份。最后一行是备份的目录。
set -eu
umask 077
database=$1
into=$2/$(date +%Y%m%d-%H%M%S)
bin=${HUIMIN_BIN:-/opt/huimin/bin}

mkdir "$into"
# 先数据库,后附件:附件只增不改,备份里的数据库提到的都在。
"$bin/python" - "$database" "$into/huimin.db" <<'END'
import sqlite3, sys

source = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
with sqlite3.connect(sys.argv[2]) as target:
    source.backup(target)
END
if [ -d "$database.files" ]; then
    cp -R "$database.files" "$into/huimin.db.files"
fi
"$bin/huimin" audit verify --db "$into/huimin.db" > "$into/verify.txt" || {
    cat "$into/verify.txt" >&2
    exit 1
}
echo "$into"
