-- 两个数据库角色:huimin 由服务使用,能读写;huimin_audit 由审计使用,只能读。
-- 由 PostgreSQL 管理员执行一次:psql -v ON_ERROR_STOP=1 -d huimin -f postgresql-roles.sql
-- 执行以前先建好角色与数据库:
--   CREATE ROLE huimin LOGIN;
--   CREATE DATABASE huimin OWNER huimin ENCODING 'UTF8' TEMPLATE template0;

-- 其他角色连不上,也不能建临时表。
REVOKE ALL ON DATABASE huimin FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO huimin;

CREATE ROLE huimin_audit NOLOGIN;
GRANT CONNECT ON DATABASE huimin TO huimin_audit;
GRANT USAGE ON SCHEMA public TO huimin_audit;

-- 已有的表与序列,以及 huimin 以后建立的。
GRANT SELECT ON ALL TABLES IN SCHEMA public TO huimin_audit;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO huimin_audit;
ALTER DEFAULT PRIVILEGES FOR ROLE huimin IN SCHEMA public
  GRANT SELECT ON TABLES TO huimin_audit;
ALTER DEFAULT PRIVILEGES FOR ROLE huimin IN SCHEMA public
  GRANT SELECT ON SEQUENCES TO huimin_audit;

-- 每名审计人员一个账户(与其系统账户同名),如:
--   CREATE ROLE zhangsan LOGIN IN ROLE huimin_audit;
--   ALTER ROLE zhangsan SET default_transaction_read_only = on;
