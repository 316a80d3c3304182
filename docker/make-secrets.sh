#!/bin/sh
# Makes the random secrets that compose.yaml hands to the containers as files; what exists is kept.
# usage: sh docker/make-secrets.sh [FOLDER]   (default: data/docker-secrets of the checkout)
set -eu
folder=${1:-$(dirname "$0")/../data/docker-secrets}
mkdir -p "$folder"
# Only this folder's owner comes in; inside, the containers' users may read the files mounted for them.
chmod 700 "$folder"
cd "$folder"

random() { node -p "require('node:crypto').randomBytes(32).toString('$1')" 2>/dev/null || openssl rand -base64 32 | if [ "$1" = base64url ]; then tr '+/' '-_' | tr -d '=\n'; else cat; fi; }

for role in owner api worker; do
  [ -e "${role}_password" ] || random base64url >"${role}_password"
  [ -e "${role}_url" ] || printf 'postgres://insigne_%s:%s@database:5432/insigne\n' "$role" "$(cat "${role}_password")" >"${role}_url"
done
[ -e token_secret ] || random base64url >token_secret
[ -e master_key ] || random base64 >master_key
chmod 644 ./*_password ./*_url token_secret
# The worker refuses a master key that others can read; user 1000 is the image's `node`.
chmod 600 master_key
[ "$(id -u)" -ne 0 ] || chown 1000:1000 master_key
[ "$(id -u)" -eq 0 ] || [ "$(id -u)" -eq 1000 ] || echo "Run: sudo chown 1000 \"$(pwd)/master_key\" (the worker's user in the image)" >&2
