#!/bin/bash
# Run once by the PostgreSQL image on an empty volume: the roles of the api and the worker.
set -eu
psql -v ON_ERROR_STOP=1 -v api="$(cat /run/secrets/api_password)" -v worker="$(cat /run/secrets/worker_password)" \
  --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create role insigne_api login password :'api';
create role insigne_worker login password :'worker';
SQL
