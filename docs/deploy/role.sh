#!/bin/sh
# Makes Gatehouse's role and database: an ordinary role, for superusers walk through row-level
# security, with a password of its own, which stands in a URL: letters and digits only.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v password="$GATEHOUSE_DATABASE_PASSWORD" <<'SQL'
create role gatehouse login nosuperuser nobypassrls password :'password';
create database gatehouse owner gatehouse;
SQL
