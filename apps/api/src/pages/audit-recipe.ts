/**
 * Makes every hash of an exported chain again, with tools that any system has. Reads the file audit.tsv and prints the
 * last line's number and hash, to be compared with a published head. For bash.
 */
export const auditRecipe = `previous=$(printf '0%.0s' {1..64})
while IFS=$'\\t' read -r number hash event; do
  made=$({ printf "$(sed 's/../\\\\x&/g' <<< "$previous")"; printf '%s' "$event"; } | sha256sum)
  [ "\${made%% *}" = "$hash" ] || { echo "line $number differs"; exit 1; }
  previous=$hash last=$number
done < audit.tsv
echo "$last $previous"`;
