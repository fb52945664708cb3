#!/bin/sh
# Makes Gatehouse's role and database: an ordinary role, for superusers walk through row-level security.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres <<SQL
create role gatehouse login password '${POSTGRES_PASSWORD}';
create database gatehouse owner gatehouse;
SQL
