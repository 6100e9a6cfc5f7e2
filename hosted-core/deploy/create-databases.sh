#!/bin/sh
# Run once by the postgres image, when its data folder is empty.
set -eu
psql -v ON_ERROR_STOP=1 -v logto_password="$LOGTO_DB_PASSWORD" --username postgres <<'SQL'
create database userref;
create role logto login createrole password :'logto_password';
create database logto owner logto;
revoke connect on database userref from public;
SQL
