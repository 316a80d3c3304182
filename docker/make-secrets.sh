#!/bin/sh
# Makes the random secrets that compose.yaml hands to the containers as files; what exists is kept.
# usage: sh docker/make-secrets.sh [FOLDER]   (default: data/docker-secrets of the checkout)
set -eu
# A bind-mounted file keeps its owner and mode inside the container: it must belong to the account that reads it there.
program=1000  # `node` in our image: api, worker, migrate
postgres=999  # `postgres` in PostgreSQL's image, which makes the two roles on an empty volume
folder=${1:-$(dirname "$0")/../data/docker-secrets}
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"
umask 077

random() { node -p "require('node:crypto').randomBytes(32).toString('$1')" 2>/dev/null || openssl rand -base64 32 | if [ "$1" = base64url ]; then tr '+/' '-_' | tr -d '=\n'; else cat; fi; }

for role in owner api worker; do
  [ -e "${role}_password" ] || random base64url >"${role}_password"
  [ -e "${role}_url" ] || printf 'postgres://insigne_%s:%s@database:5432/insigne\n' "$role" "$(cat "${role}_password")" >"${role}_url"
done
[ -e token_secret ] || random base64url >token_secret
[ -e metrics_token ] || random base64url >metrics_token
[ -e master_key ] || random base64 >master_key

# api and worker refuse a secret that others can read.
user=$(id -u)
mine() { if [ "$user" -eq 0 ]; then find . -type f -name "$1"; else find . -type f -user "$user" -name "$1"; fi; }
for name in '*_url' token_secret metrics_token master_key; do
  mine "$name" | while read -r file; do
    chmod 600 "$file"
    [ "$user" -ne 0 ] || chown "$program" "$file"
  done
done
mine '*_password' | while read -r file; do
  if [ "$user" -eq 0 ]; then
    chmod 600 "$file" && chown "$postgres" "$file"
  else
    # Only root can give a file away; on this machine the folder (0700) still keeps everybody else out.
    chmod 644 "$file"
  fi
done
case $user in
  0 | "$program") ;;
  *) [ -z "$(mine token_secret)" ] || echo "Run: sudo sh docker/make-secrets.sh   (the secrets must belong to account $program, the program's in the image)" >&2 ;;
esac
