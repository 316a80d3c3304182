#!/bin/sh
# Makes database and roles with the passwords of make-secrets.sh: insigne_owner migrates, insigne_api and insigne_worker
# serve. The PostgreSQL image of compose.yaml runs it by itself, once, on an empty volume, where the owner and the
# database are there already. For a PostgreSQL of your own, run it before the first migration, with psql, as a role that
# may create databases and roles (PGPASSWORD or ~/.pgpass has its password), from the checkout's root:
#   SECRETS=data/docker-secrets PGHOST=db.example.org PGUSER=postgres sh docker/make-roles.sh
# Again, it gives the three roles the passwords that the files have then, and changes nothing else.
set -eu
export SECRETS="${SECRETS:-/run/secrets}"
for role in owner api worker; do
  [ -s "$SECRETS/${role}_password" ] || { echo "No password in $SECRETS/${role}_password: run docker/make-secrets.sh" >&2; exit 1; }
done
# psql reads the passwords itself, so that they stand in no list of processes.
psql -X -q -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-${PGUSER:-postgres}}" --dbname "${POSTGRES_DB:-postgres}" <<'SQL'
set client_min_messages = warning;
\set owner `cat "$SECRETS/owner_password"`
\set api `cat "$SECRETS/api_password"`
\set worker `cat "$SECRETS/worker_password"`
select format('create role %I', name) from unnest(array['insigne_owner', 'insigne_api', 'insigne_worker']) as name
where not exists (select from pg_roles where rolname = name) \gexec
alter role insigne_owner login createrole password :'owner';
alter role insigne_api login password :'api';
alter role insigne_worker login password :'worker';
select 'grant insigne_owner to current_user' where current_user <> 'insigne_owner' \gexec
select 'create database insigne owner insigne_owner encoding ''UTF8'' locale ''C.UTF-8'' template template0'
where not exists (select from pg_database where datname = 'insigne') \gexec
SQL
